package io.selvedge.console;

import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Forms;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Between the servlet container and the routes. */
final class ServletCalls {

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private ServletCalls() {}

  /** The call; its body is not touched, for a container reads no form from one that was. */
  static Call read(HttpServletRequest request) {
    Map<String, String> query = new HashMap<>();
    if (request.getQueryString() != null) {
      query.putAll(Forms.parse(request.getQueryString()));
    }
    Map<String, String> headers = new HashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.putIfAbsent(
          name.toLowerCase(Locale.ROOT),
          // Cookies may come in several headers; of all others the first counts.
          name.equalsIgnoreCase("cookie")
              ? Collections.list(request.getHeaders(name)).stream().collect(Collectors.joining(";"))
              : request.getHeader(name));
    }
    return new Call(
        request.getMethod(),
        path(request),
        query,
        headers,
        request.getRemoteAddr(),
        // A proxy that speaks TLS says so. Whoever lies here only makes his own cookie stricter.
        request.isSecure() || "https".equalsIgnoreCase(headers.get("x-forwarded-proto")),
        request::getInputStream);
  }

  private static String path(HttpServletRequest request) {
    String info = request.getPathInfo();
    String path = request.getServletPath() + (info == null ? "" : info);
    return path.isEmpty() ? "/" : path;
  }

  static void write(Answer answer, HttpServletResponse response, boolean head) throws IOException {
    response.setStatus(answer.status());
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Content-Security-Policy", POLICY);
    response.setHeader("Referrer-Policy", "same-origin");
    response.setHeader("Cache-Control", "no-store");
    answer.headers().forEach(response::setHeader);
    if (answer.status() != 204 && answer.status() != 304) {
      response.setContentLength(answer.body().length);
    }
    if (!answer.type().isEmpty()) {
      response.setContentType(answer.type());
    }
    if (!head) {
      response.getOutputStream().write(answer.body());
    }
  }
}
