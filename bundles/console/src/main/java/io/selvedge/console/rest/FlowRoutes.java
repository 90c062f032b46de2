package io.selvedge.console.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.device.Command;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.flow.FlowStatus;
import io.selvedge.api.flow.Flows;
import io.selvedge.api.model.ModelRef;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import io.selvedge.console.service.Services;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Flows and the decisions that they take. */
public final class FlowRoutes {

  /** As many as the runtime keeps. */
  static final int MOST = 1000;

  private final Services services;

  public FlowRoutes(Services services) {
    this.services = services;
  }

  public List<Route> routes() {
    return List.of(
        Route.signedIn("GET", "/api/flows", (call, parts) -> list()),
        Route.signedIn("GET", "/api/decisions", (call, parts) -> decisions(call)),
        Route.signedIn("GET", "/api/schemas/flow.json", (call, parts) -> schema()));
  }

  private Flows flows() throws Refusal {
    return Absent.orRefuse(services.flows(), "flows", "flow");
  }

  private Answer list() throws Refusal {
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("flows");
    for (FlowStatus status : flows().list()) {
      ObjectNode node =
          list.addObject()
              .put("name", status.name())
              .put("version", status.version())
              .put("origin", status.origin())
              .put("since", status.since().toString())
              .put("rows", status.rows())
              .put("decisions", status.decisions())
              .put("skipped", status.skipped())
              .put("dropped", status.dropped())
              .put("uploaded", status.uploaded())
              .put("unsent", status.unsent())
              .put("uploaded", status.uploaded())
              .put("unsent", status.unsent())
              .put("waiting", status.waiting())
              .put("refused", status.refused());
      status.last().ifPresent(last -> node.set("last", view(last)));
    }
    return Answer.json(body);
  }

  private Answer decisions(Call call) throws Refusal {
    int most = call.number("most", 1, MOST, 100);
    String flow = call.parameter("flow").orElse("");
    boolean acted = call.flag("acted");
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("decisions");
    flows().recent(flow.isEmpty() && !acted ? most : MOST).stream()
        .filter(decision -> flow.isEmpty() || decision.flow().equals(flow))
        .filter(decision -> !acted || !decision.commands().isEmpty())
        .limit(most)
        .forEach(decision -> list.add(view(decision)));
    return Answer.json(body);
  }

  private Answer schema() throws Refusal {
    byte[] schema = flows().schema().getBytes(StandardCharsets.UTF_8);
    return new Answer(200, "application/schema+json", schema, Map.of());
  }

  static ObjectNode view(Decision decision) {
    ObjectNode node =
        Json.object()
            .put("flow", decision.flow())
            .put("flowVersion", decision.flowVersion())
            .put("time", decision.time().toString());
    decision.model().ifPresent(model -> node.set("model", view(model)));
    new TreeMap<>(decision.features()).forEach(node.putObject("features")::put);
    new TreeMap<>(decision.outputs()).forEach(node.putObject("outputs")::put);
    decision.rules().forEach(node.putArray("rules")::add);
    ArrayNode commands = node.putArray("commands");
    for (Command command : decision.commands()) {
      ObjectNode one = commands.addObject().put("target", command.target().toString());
      Values.put(one, command.value());
    }
    node.put("placement", decision.placement().name());
    ObjectNode trace = node.putObject("trace");
    for (Map.Entry<String, Long> part : new TreeMap<>(decision.trace()).entrySet()) {
      trace.put(part.getKey(), part.getValue());
    }
    return node;
  }

  static ObjectNode view(ModelRef model) {
    return Json.object()
        .put("name", model.name())
        .put("version", model.version())
        .put("sha256", model.sha256());
  }
}
