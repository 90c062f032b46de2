package io.selvedge.console.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.event.Event;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import io.selvedge.console.service.Gateway;
import io.selvedge.console.service.Readiness;
import io.selvedge.console.service.Services;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** How the gateway is, and its diary. */
public final class StatusRoutes {

  private final Gateway gateway;
  private final Services services;
  private final Clock clock;

  public StatusRoutes(Gateway gateway, Services services, Clock clock) {
    this.gateway = gateway;
    this.services = services;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.shown("/health/ready", (call, parts) -> ready()),
        Route.signedIn("GET", "/api/status", (call, parts) -> status()),
        Route.signedIn("GET", "/api/events", (call, parts) -> events(call)));
  }

  private Answer ready() {
    ObjectNode body = readiness();
    return Answer.json(body.path("ready").booleanValue() ? 200 : 503, body)
        .with("Cache-Control", "no-store");
  }

  private ObjectNode readiness() {
    List<Readiness.Check> checks =
        services
            .readiness()
            .map(Readiness::checks)
            .orElse(
                List.of(
                    new Readiness.Check(
                        "health checks", false, "they are not running yet; wait a moment")));
    ObjectNode body = Json.object().put("ready", Readiness.ready(checks));
    ArrayNode list = body.putArray("checks");
    for (Readiness.Check check : checks) {
      list.addObject()
          .put("name", check.name())
          .put("ok", check.ok())
          .put("message", check.message());
    }
    return body;
  }

  private Answer status() {
    Instant started = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    ObjectNode body =
        Json.object()
            .put("id", gateway.id())
            .put("account", gateway.account())
            .put("version", gateway.version())
            .put("time", clock.instant().toString())
            .put("started", started.toString())
            .put(
                "uptime",
                Duration.between(started, clock.instant())
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString());
    ObjectNode readiness = readiness();
    body.set("ready", readiness.path("ready"));
    body.set("checks", readiness.path("checks"));
    services.uplink().ifPresent(uplink -> body.set("uplink", view(uplink.status())));
    services
        .deployments()
        .ifPresent(deployments -> body.set("deployment", view(deployments.status())));
    return Answer.json(body);
  }

  private static ObjectNode view(Uplink.Status status) {
    ObjectNode node =
        Json.object()
            .put("connected", status.connected())
            .put("endpoint", status.endpoint())
            .put("since", status.since().toString())
            .put("reason", status.reason())
            .put("outbox", status.outboxId())
            .put("accepted", status.accepted())
            .put("delivered", status.delivered())
            .put("pending", status.pending());
    new TreeMap<>(status.dropped()).forEach(node.putObject("dropped")::put);
    return node;
  }

  private static ObjectNode view(DeploymentStatus status) {
    ObjectNode node =
        Json.object()
            .put("revision", status.revision())
            .put("state", status.state().name())
            .put("newest", status.newest())
            .put("code", status.code())
            .put("message", status.message())
            .put("since", status.since().toString());
    ArrayNode artifacts = node.putArray("artifacts");
    for (Artifact artifact : status.artifacts()) {
      artifacts
          .addObject()
          .put("kind", artifact.kind().name())
          .put("name", artifact.name())
          .put("version", artifact.version());
    }
    return node;
  }

  private Answer events(Call call) throws Refusal {
    int most = call.number("most", 1, FlowRoutes.MOST, 100);
    Event.Severity least = severity(call);
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("events");
    boolean all = least == Event.Severity.INFO;
    Absent.orRefuse(services.events(), "events", "core")
        .recent(all ? most : FlowRoutes.MOST)
        .stream()
        .filter(event -> event.severity().compareTo(least) >= 0)
        .limit(most)
        .forEach(
            event ->
                list.addObject()
                    .put("time", event.time().toString())
                    .put("severity", event.severity().name())
                    .put("source", event.source())
                    .put("code", event.code())
                    .put("message", event.message()));
    return Answer.json(body);
  }

  private static Event.Severity severity(Call call) throws Refusal {
    String given = call.parameter("severity").orElse("INFO");
    try {
      return Event.Severity.valueOf(given.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          400,
          "query.unknown_severity",
          "severity [" + Json.brief(given) + "] must be one of " + List.of(Event.Severity.values()),
          e);
    }
  }
}
