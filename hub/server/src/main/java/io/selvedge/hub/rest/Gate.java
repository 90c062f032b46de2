package io.selvedge.hub.rest;

import io.javalin.http.Context;
import io.selvedge.hub.security.Secrets;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who may ask. Everything but the health check, the interface's description and the pages' files
 * needs the administrator's token. A hub on loopback answers only to loopback names, so that no web
 * page can reach it by a name of its own that points here; a page of another origin is refused.
 */
final class Gate {

  private static final Set<String> OPEN = Set.of("/health/ready", "/openapi.json", "/");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final String BEARER = "bearer ";

  private final String token;
  private final boolean loopback;

  Gate(String token, String boundHost) {
    this.token = token;
    this.loopback = LOOPBACK.contains(boundHost) || boundHost.equals("::1");
  }

  void check(Context request) {
    String host = Optional.ofNullable(request.header("Host")).orElse("");
    String name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
    if (loopback && !LOOPBACK.contains(name)) {
      throw new RestException(
          403, "request.wrong_host", "host [" + host + "] is not this hub; ask it on localhost");
    }
    String origin = Optional.ofNullable(request.header("Origin")).orElse("");
    if (!origin.isEmpty() && !sameOrigin(origin, host)) {
      throw new RestException(
          403, "request.wrong_origin", "origin [" + origin + "] must be the hub itself");
    }
    if (!isOpen(request.path()) && !authorised(request)) {
      request.header("WWW-Authenticate", "Bearer");
      throw new RestException(
          401,
          "request.unauthorised",
          "the administrator's token is missing or wrong; send Authorization: Bearer with what is"
              + " in auth/admin-token of the data directory");
    }
  }

  private static boolean isOpen(String path) {
    return OPEN.contains(path) || path.startsWith(WebPages.PATH);
  }

  private static boolean sameOrigin(String origin, String host) {
    try {
      return host.equals(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false; // "null" and the like
    }
  }

  private boolean authorised(Context request) {
    String header = Optional.ofNullable(request.header("Authorization")).orElse("");
    return header.toLowerCase(Locale.ROOT).startsWith(BEARER)
        && Secrets.same(header.substring(BEARER.length()).strip(), token);
  }
}
