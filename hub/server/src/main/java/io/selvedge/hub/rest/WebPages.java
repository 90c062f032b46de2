package io.selvedge.hub.rest;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The hub's pages: files of the program, the same for everybody, and nothing from elsewhere. They
 * ask the REST interface with the token that a person types in, and can do nothing without.
 */
public final class WebPages {

  /** Where the files lie; open to everybody, as {@code /} is. */
  static final String PATH = "/web/";

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
  private static final List<String> FILES =
      List.of(
          "index.html",
          "app.js",
          "api.js",
          "dom.js",
          "fleet.js",
          "rollouts.js",
          "hub.css",
          "mark.svg");

  private final Map<String, byte[]> files = new LinkedHashMap<>();

  public WebPages() {
    FILES.forEach(name -> files.put(name, read(name)));
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/", request -> send(request, "index.html")),
        Route.get(PATH + "{file}", request -> send(request, request.pathParam("file"))));
  }

  private void send(Context request, String name) {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new RestException(
          404, "request.unknown_path", "file [" + name + "] is none of the hub's pages");
    }
    request
        .contentType(type(name))
        .header("Content-Security-Policy", POLICY)
        .header("Referrer-Policy", "no-referrer")
        .result(bytes);
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html;charset=utf-8";
      case "js" -> "text/javascript;charset=utf-8";
      case "css" -> "text/css;charset=utf-8";
      default -> "image/svg+xml";
    };
  }

  private static byte[] read(String name) {
    try (InputStream in = WebPages.class.getResourceAsStream("web/" + name)) {
      if (in == null) {
        throw new IllegalStateException("page [" + name + "] is not in the program");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("page [" + name + "] cannot be read", e);
    }
  }
}
