package io.selvedge.console.http;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Leads a call through the gate to its route. Callable on any thread. */
public final class Router {

  /** Refuses calls that may not come in. */
  @FunctionalInterface
  public interface Gate {

    /** Returns where the call may pass. */
    void check(Call call, Route.Access access) throws Refusal;
  }

  private final Gate gate;
  private final List<Route> routes;

  public Router(Gate gate, List<Route> routes) {
    this.gate = gate;
    this.routes = List.copyOf(routes);
  }

  public List<Route> routes() {
    return routes;
  }

  /** The route's answer, or the refusal as an answer. */
  public Answer handle(Call call) throws IOException, InterruptedException {
    try {
      return dispatch(call);
    } catch (Refusal refusal) {
      return refusal.answer();
    }
  }

  private Answer dispatch(Call call) throws Refusal, IOException, InterruptedException {
    List<Route> fitting = Route.fitting(routes, call.path());
    String verb = call.method().equals("HEAD") ? "GET" : call.method();
    Optional<Route> route = fitting.stream().filter(r -> r.method().equals(verb)).findFirst();
    if (route.isPresent()) {
      Map<String, String> parts = route.get().match(call.path()).orElseThrow();
      gate.check(call, route.get().access());
      return route.get().handler().handle(call, parts);
    }
    // Who is not signed in does not learn which paths there are.
    boolean open = fitting.stream().anyMatch(r -> r.access() != Route.Access.SIGNED_IN);
    gate.check(call, open ? Route.Access.OPEN : Route.Access.SIGNED_IN);
    if (fitting.isEmpty()) {
      throw Refusal.notFound(
          "path.unknown",
          "nothing is at [" + Json.brief(call.path()) + "]; /openapi.json lists what there is");
    }
    return otherVerb(call, fitting);
  }

  private static Answer otherVerb(Call call, List<Route> fitting) {
    TreeSet<String> allowed = new TreeSet<>(List.of("OPTIONS"));
    for (Route route : fitting) {
      allowed.add(route.method());
      if (route.method().equals("GET")) {
        allowed.add("HEAD");
      }
    }
    String allow = String.join(", ", allowed);
    if (call.method().equals("OPTIONS")) {
      return Answer.empty(204).with("Allow", allow);
    }
    return new Refusal(
            405,
            "method.not_allowed",
            "method [" + Json.brief(call.method()) + "] is none of those of this path: " + allow)
        .answer()
        .with("Allow", allow);
  }
}
