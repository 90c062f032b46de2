package io.selvedge.console.rest;

import io.selvedge.console.auth.Auth;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import io.selvedge.console.service.Gateway;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The pages and what they are made of: resources of this bundle. */
public final class Pages {

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]+\\.(js|css|svg)");
  private static final Map<String, String> TYPES =
      Map.of(
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  private final Gateway gateway;
  private final Auth auth;

  public Pages(Gateway gateway, Auth auth) {
    this.gateway = gateway;
    this.auth = auth;
  }

  public List<Route> routes() {
    return List.of(
        Route.open("GET", "/", (call, parts) -> console(call)),
        Route.shown("/res/{name}", (call, parts) -> resource(parts.getOrDefault("name", ""))),
        Route.shown("/openapi.json", (call, parts) -> openapi()));
  }

  private Answer console(Call call) throws IOException {
    return auth.signedIn(call)
        ? Answer.html(200, template("index.html"))
        : Answer.redirect("/sign-in");
  }

  private Answer openapi() throws IOException {
    return new Answer(200, Answer.JSON, read("openapi.json").orElseThrow(), Map.of());
  }

  private Answer resource(String name) throws Refusal, IOException {
    Optional<byte[]> content =
        NAME.matcher(name).matches() ? read("res/" + name) : Optional.empty();
    if (content.isEmpty()) {
      throw Refusal.notFound("path.unknown", "nothing is at [/res/" + Json.brief(name) + "]");
    }
    String ending = name.substring(name.lastIndexOf('.') + 1);
    String type = TYPES.getOrDefault(ending, "application/octet-stream");
    return new Answer(200, type, content.get(), Map.of("Cache-Control", "no-cache"));
  }

  /** The page with the form for the code; the message says why it is shown again. */
  Answer signIn(int status, String message) throws IOException {
    return Answer.html(status, template("sign-in.html").replace("${message}", escape(message)));
  }

  /** The page that leads to the console. */
  Answer signedIn() throws IOException {
    return Answer.html(200, template("signed-in.html"));
  }

  private String template(String name) throws IOException {
    return new String(read(name).orElseThrow(), StandardCharsets.UTF_8)
        .replace("${gateway}", escape(gateway.id()));
  }

  private static Optional<byte[]> read(String name) throws IOException {
    try (InputStream in = Pages.class.getResourceAsStream("/web/" + name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
