package io.selvedge.console.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One route.
 *
 * @param method its verb
 * @param template its path; a part in braces takes any one part: {@code /api/devices/{id}}
 * @param access who may call it
 * @param handler what answers
 */
public record Route(String method, String template, Access access, Handler handler) {

  /** Who may call a route. */
  public enum Access {
    /** Anybody, under any host name: it tells nothing and changes nothing. */
    PUBLIC,
    /** Anybody, but no foreign page in somebody's browser. */
    OPEN,
    /** Who is signed in. */
    SIGNED_IN
  }

  /** Answers calls of one route. */
  @FunctionalInterface
  public interface Handler {

    /** Called on a thread of the web server; the parts are those in braces, by name. */
    Answer handle(Call call, Map<String, String> parts)
        throws Refusal, IOException, InterruptedException;
  }

  /** A GET for anybody. */
  public static Route shown(String template, Handler handler) {
    return new Route("GET", template, Access.PUBLIC, handler);
  }

  public static Route open(String method, String template, Handler handler) {
    return new Route(method, template, Access.OPEN, handler);
  }

  public static Route signedIn(String method, String template, Handler handler) {
    return new Route(method, template, Access.SIGNED_IN, handler);
  }

  /** The parts in braces where the path fits the template. */
  Optional<Map<String, String>> match(String path) {
    String[] wanted = template.split("/", -1);
    String[] given = path.split("/", -1);
    if (wanted.length != given.length) {
      return Optional.empty();
    }
    Map<String, String> parts = new TreeMap<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].startsWith("{")) {
        if (given[i].isEmpty()) {
          return Optional.empty();
        }
        parts.put(wanted[i].substring(1, wanted[i].length() - 1), given[i]);
      } else if (!wanted[i].equals(given[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(parts);
  }

  /** The routes whose template fits a path, of all verbs. */
  static List<Route> fitting(List<Route> routes, String path) {
    List<Route> fitting = new ArrayList<>();
    for (Route route : routes) {
      if (route.match(path).isPresent()) {
        fitting.add(route);
      }
    }
    return fitting;
  }
}
