package io.selvedge.console.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.event.Event;
import io.selvedge.api.flow.Distribution;
import io.selvedge.api.uplink.Deliveries;
import io.selvedge.api.uplink.LinkReason;
import io.selvedge.api.uplink.LinkState;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import io.selvedge.console.service.Services;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What goes up, what waits, what stays, and in which message it went. */
public final class DistributionRoutes {

  private static final int MOST_DAYS = 70;
  private static final int MOST_MESSAGES = 1000;

  /** The hand lets go: configuration, schedule and measurement decide. */
  private static final String AUTO = "auto";

  private final Services services;

  public DistributionRoutes(Services services) {
    this.services = services;
  }

  public List<Route> routes() {
    return List.of(
        Route.signedIn("GET", "/api/distribution", (call, parts) -> distribution(call)),
        Route.signedIn("GET", "/api/distribution/messages", (call, parts) -> messages(call)),
        Route.signedIn("POST", "/api/uplinks/{name}/link", this::link));
  }

  private Answer distribution(Call call) throws Refusal {
    Optional<String> flow = call.parameter("flow").filter(name -> !name.isEmpty());
    int days = call.number("days", 1, MOST_DAYS, 7);
    Optional<Distribution> ledger = services.distribution();
    ObjectNode body = Json.object();
    ArrayNode flows = body.putArray("flows");
    ledger.ifPresent(
        there ->
            newest(there.lines(), days).stream()
                .filter(line -> flow.map(line.flow()::equals).orElse(true))
                .forEach(line -> flows.add(view(line))));
    ArrayNode budgets = body.putArray("budgets");
    ledger.ifPresent(
        there ->
            there.budgets().stream()
                .filter(budget -> flow.map(budget.flow()::equals).orElse(true))
                .forEach(budget -> budgets.add(view(budget))));
    ArrayNode uplinks = body.putArray("uplinks");
    services
        .uplinks()
        .forEach((name, uplink) -> uplinks.add(view(name, uplink, flow.map(f -> "flow/" + f))));
    return Answer.json(body);
  }

  /** The lines of the newest so many days for which there are any, newest first. */
  private static List<Distribution.Line> newest(List<Distribution.Line> lines, int days) {
    var newest =
        lines.stream()
            .map(Distribution.Line::day)
            .distinct()
            .sorted(java.util.Comparator.reverseOrder())
            .limit(days)
            .toList();
    return lines.stream()
        .filter(line -> newest.contains(line.day()))
        .sorted(java.util.Comparator.comparing(Distribution.Line::day).reversed())
        .toList();
  }

  private static ObjectNode view(Distribution.Line line) {
    ObjectNode node =
        Json.object()
            .put("flow", line.flow())
            .put("stream", line.stream())
            .put("day", line.day().toString())
            .put("seen", line.seen())
            .put("sent", line.sent())
            .put("merged", line.merged())
            .put("gathering", line.gathering())
            .put("surplus", line.surplus())
            .put("bytes", line.bytes());
    new TreeMap<>(line.stayed()).forEach(node.putObject("stayed")::put);
    ArrayNode handed = node.putArray("handed");
    new TreeMap<>(line.handed())
        .forEach(
            (uplink, counts) ->
                handed
                    .addObject()
                    .put("uplink", uplink)
                    .put("made", counts.made())
                    .put("accepted", counts.accepted())
                    .put("refused", counts.refused())
                    .put("lost", counts.lost())
                    .put("waiting", counts.waiting()));
    return node;
  }

  private static ObjectNode view(Distribution.Budget budget) {
    return Json.object()
        .put("flow", budget.flow())
        .put("bytes", budget.bytes())
        .put("day", budget.day().toString())
        .put("used", budget.used())
        .put("beyond", budget.beyond());
  }

  private static ObjectNode view(String name, Uplink uplink, Optional<String> source) {
    Uplink.Status status = uplink.status();
    LinkReason reason = uplink.linkReason();
    ObjectNode node =
        Json.object()
            .put("name", name)
            .put("connected", status.connected())
            .put("link", word(reason.state()))
            .put("outbox", status.outboxId());
    node.set("linkReason", view(reason));
    ArrayNode sources = node.putArray("sources");
    ArrayNode delivered = node.putArray("delivered");
    uplink
        .deliveries()
        .ifPresent(
            ledger -> {
              ledger.sources().stream()
                  .filter(one -> source.map(one.name()::equals).orElse(true))
                  .forEach(one -> sources.add(view(one)));
              ledger.sums().stream()
                  .filter(one -> source.map(one.source()::equals).orElse(true))
                  .forEach(one -> delivered.add(view(one)));
            });
    return node;
  }

  private static ObjectNode view(LinkReason reason) {
    return Json.object()
        .put("cause", reason.cause().name().toLowerCase(Locale.ROOT))
        .put("since", reason.since().toString())
        .put("text", reason.text());
  }

  private static ObjectNode view(Deliveries.Source one) {
    ObjectNode node =
        Json.object()
            .put("source", one.name())
            .put("accepted", one.accepted())
            .put("delivered", one.delivered())
            .put("pending", one.pending())
            .put("pendingBytes", one.pendingBytes());
    new TreeMap<>(one.dropped()).forEach(node.putObject("dropped")::put);
    return node;
  }

  private static ObjectNode view(Deliveries.Sum one) {
    return Json.object()
        .put("source", one.source())
        .put("app", one.app())
        .put("from", one.from().toString())
        .put("span", one.span().toString())
        .put("messages", one.messages())
        .put("measurements", one.measurements())
        .put("bytes", one.bytes())
        .put("firstRecord", one.firstRecord())
        .put("lastRecord", one.lastRecord());
  }

  private Answer messages(Call call) throws Refusal {
    Optional<String> flow = call.parameter("flow").filter(name -> !name.isEmpty());
    int most = call.number("most", 1, MOST_MESSAGES, 100);
    String name = call.parameter("uplink").orElse(Uplink.HUB);
    long before = before(call);
    Deliveries ledger =
        uplink(name)
            .deliveries()
            .orElseThrow(
                () ->
                    Refusal.notFound(
                        "uplink.no_ledger",
                        "uplink [" + Json.brief(name) + "] keeps no ledger of single messages"));
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("messages");
    List<Deliveries.Delivery> newest = ledger.newest(flow.map(f -> "flow/" + f), before, most);
    newest.forEach(one -> list.add(view(name, one)));
    if (newest.size() == most) {
      body.put("next", newest.get(most - 1).number());
    }
    return Answer.json(body);
  }

  private static ObjectNode view(String uplink, Deliveries.Delivery one) {
    ObjectNode node =
        Json.object()
            .put("number", one.number())
            .put("uplink", uplink)
            .put("outbox", one.outbox())
            .put("record", one.record())
            .put("source", one.source())
            .put("app", one.app())
            .put("resource", one.resource())
            .put("time", one.time().toString());
    one.accepted().ifPresent(at -> node.put("accepted", at.toString()));
    one.sent().ifPresent(at -> node.put("sent", at.toString()));
    return node.put("delivered", one.delivered().toString())
        .put("bytes", one.bytes())
        .put("measurements", one.measurements());
  }

  private static long before(Call call) throws Refusal {
    Optional<String> text = call.parameter("after").filter(given -> !given.isEmpty());
    try {
      return text.map(Long::parseLong).orElse(Long.MAX_VALUE);
    } catch (NumberFormatException e) {
      throw new Refusal(
          400,
          "query.out_of_range",
          "after [" + Json.brief(text.orElse("")) + "] must be what an earlier answer gave as next",
          e);
    }
  }

  private Uplink uplink(String name) throws Refusal {
    Map<String, Uplink> all = services.uplinks();
    return Optional.ofNullable(all.get(name))
        .orElseThrow(
            () ->
                Refusal.notFound(
                    "uplink.unknown",
                    "uplink [" + Json.brief(name) + "] is not there; there are " + all.keySet()));
  }

  private Answer link(Call call, Map<String, String> parts) throws Refusal, IOException {
    String name = parts.getOrDefault("name", "");
    Uplink uplink = uplink(name);
    String word = Json.readObject(call).path("link").asText();
    try {
      if (word.equals(AUTO)) {
        uplink.linkByItself();
      } else {
        uplink.link(state(word));
      }
    } catch (UnsupportedOperationException e) {
      throw new Refusal(409, "uplink.one_state", "uplink [" + name + "]: " + e.getMessage(), e);
    }
    services.report(
        Event.Severity.INFO,
        "console.link",
        "link of uplink ["
            + name
            + "] was set to ["
            + word
            + "] by hand from ["
            + call.remote()
            + "]");
    return Answer.json(Json.object().put("uplink", name).put("link", word(uplink.link())));
  }

  private static String word(LinkState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static LinkState state(String word) throws Refusal {
    for (LinkState state : LinkState.values()) {
      if (word(state).equals(word)) {
        return state;
      }
    }
    throw Refusal.badRequest(
        "link.unknown_state",
        "link ["
            + Json.brief(word)
            + "] must be normal, slow, metered, off or auto; send for example {\"link\": \"normal\"}");
  }
}
