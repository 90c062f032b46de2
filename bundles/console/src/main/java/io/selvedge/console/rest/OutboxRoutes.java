package io.selvedge.console.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.event.Event;
import io.selvedge.api.uplink.OutboxView;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import io.selvedge.console.service.Services;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What waits in an outbox, and what its broker did not take. */
public final class OutboxRoutes {

  private static final long PATIENCE_SECONDS = 10;
  private static final String LETTER = "/api/outbox/dead-letters/{id}";

  private final Services services;

  public OutboxRoutes(Services services) {
    this.services = services;
  }

  public List<Route> routes() {
    return List.of(
        Route.signedIn("GET", "/api/outbox", (call, parts) -> outbox(call)),
        Route.signedIn("GET", "/api/outbox/dead-letters", (call, parts) -> letters(call)),
        Route.signedIn("GET", LETTER, this::letter),
        Route.signedIn("POST", LETTER + "/resend", this::resend),
        Route.signedIn("DELETE", LETTER, this::delete));
  }

  private OutboxView view(Call call) throws Refusal {
    String name = call.parameter("uplink").filter(given -> !given.isEmpty()).orElse(Uplink.HUB);
    Map<String, Uplink> all = services.uplinks();
    return Optional.ofNullable(all.get(name))
        .flatMap(Uplink::outbox)
        .orElseThrow(
            () ->
                Refusal.notFound(
                    "uplink.no_outbox",
                    "uplink ["
                        + Json.brief(name)
                        + "] is not there, or shows no outbox; there are "
                        + all.keySet()));
  }

  private Answer outbox(Call call) throws Refusal {
    OutboxView.Status status = view(call).status();
    ObjectNode body =
        counts(Json.object(), status.total())
            .put("id", status.id())
            .put("refused", status.refused())
            .put("diskBytes", status.diskBytes())
            .put("deadLetters", status.deadLetters());
    status
        .writtenPerPayloadByte()
        .ifPresent(ratio -> body.put("writtenPerPayloadByte", Math.round(ratio * 1000) / 1000.0));
    ArrayNode sources = body.putArray("sources");
    new TreeMap<>(status.sources())
        .forEach((name, one) -> counts(sources.addObject().put("source", name), one));
    return Answer.json(body);
  }

  private static ObjectNode counts(ObjectNode node, OutboxView.Counts counts) {
    node.put("accepted", counts.accepted())
        .put("delivered", counts.delivered())
        .put("pending", counts.pending())
        .put("pendingBytes", counts.pendingBytes());
    counts.oldest().ifPresent(age -> node.put("oldest", age.toString()));
    new TreeMap<>(counts.dropped()).forEach(node.putObject("dropped")::put);
    return node;
  }

  private Answer letters(Call call) throws Refusal {
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("letters");
    view(call).deadLetters().forEach(letter -> list.add(node(letter)));
    return Answer.json(body);
  }

  private static ObjectNode node(OutboxView.DeadLetter letter) {
    return Json.object()
        .put("id", letter.id())
        .put("source", letter.source())
        .put("priority", letter.priority())
        .put("time", letter.time().toString())
        .put("why", letter.why())
        .put("bytes", letter.bytes());
  }

  private Answer letter(Call call, Map<String, String> parts) throws Refusal {
    long id = id(parts);
    OutboxView view = view(call);
    OutboxView.DeadLetter letter =
        view.deadLetters().stream()
            .filter(one -> one.id() == id)
            .findFirst()
            .orElseThrow(() -> unknown(id));
    OutboxView.Content content = view.content(id).orElseThrow(() -> unknown(id));
    ObjectNode body =
        node(letter).put("resource", content.resource()).put("bodyBytes", content.bodyBytes());
    content.time().ifPresent(time -> body.put("about", time.toString()));
    new TreeMap<>(content.metrics()).forEach(body.putObject("metrics")::put);
    return Answer.json(body);
  }

  private Answer resend(Call call, Map<String, String> parts) throws Refusal, InterruptedException {
    long id = id(parts);
    OutboxView view = view(call);
    if (view.content(id).isEmpty()) {
      throw unknown(id);
    }
    try {
      long record = view.resend(id).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      tell("dead letter [" + id + "] was put in the outbox again", call);
      return Answer.json(Json.object().put("record", record));
    } catch (ExecutionException e) {
      String why = String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
      throw new Refusal(
          409, "outbox.refuses", "dead letter [" + id + "] stays: " + why + "; try later", e);
    } catch (TimeoutException e) {
      throw new Refusal(
          503,
          "outbox.slow",
          "the disk did not answer within [" + PATIENCE_SECONDS + "] s; look whether it is gone",
          e);
    }
  }

  private Answer delete(Call call, Map<String, String> parts) throws Refusal {
    long id = id(parts);
    if (!view(call).delete(id)) {
      throw unknown(id);
    }
    tell("dead letter [" + id + "] was thrown away", call);
    return Answer.empty(204);
  }

  private void tell(String what, Call call) {
    String whole = what + " by hand from [" + call.remote() + "]";
    services.report(Event.Severity.INFO, "console.dead_letter", whole);
  }

  private static long id(Map<String, String> parts) throws Refusal {
    String given = parts.getOrDefault("id", "");
    if (!given.matches("\\d{1,18}")) {
      throw Refusal.badRequest(
          "outbox.no_id", "dead letter [" + Json.brief(given) + "] must be a whole number");
    }
    return Long.parseLong(given);
  }

  private static Refusal unknown(long id) {
    return Refusal.notFound(
        "outbox.unknown_letter",
        "dead letter [" + id + "] is not there; GET /api/outbox/dead-letters lists all");
  }
}
