package io.selvedge.hub.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.selvedge.hub.store.Stored;
import io.selvedge.hub.store.Telemetry;
import io.selvedge.hub.store.Telemetry.Position;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What gateways sent. */
public final class TelemetryRoutes {

  private static final Pattern POSITION = Pattern.compile("(\\d{1,18})-(\\d{1,9})");

  private final Telemetry telemetry;

  public TelemetryRoutes(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/v1/measurements", this::measurements),
        Route.get("/api/v1/measurements/count", this::countMeasurements),
        Route.get("/api/v1/decisions", this::decisions),
        Route.get("/api/v1/decisions/count", this::countDecisions),
        Route.get("/api/v1/events", this::events),
        Route.get("/api/v1/messages", this::messages));
  }

  private void measurements(Context request) {
    int limit = Params.limit(request);
    List<Stored.Measurement> page =
        telemetry.measurements(
            Params.range(request),
            Params.text(request, "device"),
            Params.text(request, "channel"),
            Params.text(request, "after").map(TelemetryRoutes::position),
            limit);
    ArrayNode list = Answers.array();
    page.forEach(one -> list.add(json(one)));
    ObjectNode answer = Answers.object();
    answer.set("measurements", list);
    if (page.size() == limit) {
      answer.put("next", page.get(limit - 1).message() + "-" + page.get(limit - 1).series());
    }
    Answers.json(request, answer);
  }

  private static Position position(String text) {
    Matcher matcher = POSITION.matcher(text);
    if (!matcher.matches()) {
      throw RestException.badRequest(
          "after [" + text + "] must be what an earlier answer gave as next");
    }
    return new Position(Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  private static ObjectNode json(Stored.Measurement one) {
    ObjectNode json =
        Answers.object()
            .put("gateway", one.gateway())
            .put("device", one.device())
            .put("channel", one.channel())
            .put("time", one.time().toString());
    json.putPOJO(one.missing() ? "missing" : "value", one.value());
    return one.unit().isEmpty() ? json : json.put("unit", one.unit());
  }

  private void countMeasurements(Context request) {
    Stored.MeasurementCount count =
        telemetry.count(
            Params.range(request), Params.text(request, "device"), Params.text(request, "channel"));
    Answers.json(request, Answers.object().put("count", count.count()).put("rows", count.rows()));
  }

  private void decisions(Context request) {
    int limit = Params.limit(request);
    List<Stored.Decision> page =
        telemetry.decisions(
            Params.range(request),
            Params.text(request, "flow"),
            Params.whole(request, "after", 0),
            limit);
    ArrayNode list = Answers.array();
    for (Stored.Decision one : page) {
      ObjectNode json = Answers.object().put("id", one.id()).put("gateway", one.gateway());
      json.setAll(Answers.stored(one.body()));
      list.add(
          json.put("id", one.id())
              .put("gateway", one.gateway())
              .put("flow", one.flow())
              .put("time", one.time().toString()));
    }
    Optional<Long> last = page.isEmpty() ? Optional.empty() : Optional.of(last(page).id());
    Answers.json(request, page("decisions", list, limit, last));
  }

  private static <T> T last(List<T> page) {
    return page.get(page.size() - 1);
  }

  private static ObjectNode page(String name, ArrayNode list, int limit, Optional<Long> last) {
    ObjectNode answer = Answers.object();
    answer.set(name, list);
    last.filter(id -> list.size() == limit).ifPresent(id -> answer.put("next", id));
    return answer;
  }

  private void countDecisions(Context request) {
    long count = telemetry.countDecisions(Params.range(request), Params.text(request, "flow"));
    Answers.json(request, Answers.object().put("count", count));
  }

  private void events(Context request) {
    int limit = Params.limit(request);
    List<Stored.Event> page =
        telemetry.events(Params.range(request), Params.whole(request, "after", 0), limit);
    ArrayNode list = Answers.array();
    for (Stored.Event one : page) {
      list.addObject()
          .put("id", one.id())
          .put("gateway", one.gateway())
          .put("time", one.time().toString())
          .put("severity", one.severity())
          .put("source", one.source())
          .put("code", one.code())
          .put("message", one.message());
    }
    Optional<Long> last = page.isEmpty() ? Optional.empty() : Optional.of(last(page).id());
    Answers.json(request, page("events", list, limit, last));
  }

  private void messages(Context request) {
    int limit = Params.limit(request);
    List<Stored.Other> page =
        telemetry.others(
            Params.range(request),
            Params.text(request, "app"),
            Params.whole(request, "after", 0),
            limit);
    ArrayNode list = Answers.array();
    for (Stored.Other one : page) {
      ObjectNode json =
          list.addObject()
              .put("id", one.id())
              .put("gateway", one.gateway())
              .put("app", one.app())
              .put("resource", one.resource())
              .put("time", one.time().toString());
      json.set("metrics", Answers.stored(one.metrics()));
      if (one.body().length > 0) {
        json.put("body", one.body()); // Jackson writes bytes in Base64
      }
    }
    Optional<Long> last = page.isEmpty() ? Optional.empty() : Optional.of(last(page).id());
    Answers.json(request, page("messages", list, limit, last));
  }
}
