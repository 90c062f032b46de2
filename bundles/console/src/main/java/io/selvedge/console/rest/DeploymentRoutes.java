package io.selvedge.console.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.Deployments;
import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import io.selvedge.console.service.Services;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The deployment: the newest and the live one, its trial, what was before, and trusted keys. */
public final class DeploymentRoutes {

  private final Services services;

  public DeploymentRoutes(Services services) {
    this.services = services;
  }

  public List<Route> routes() {
    return List.of(
        Route.signedIn("GET", "/api/deployment", (call, parts) -> deployment()),
        Route.signedIn("GET", "/api/deployment/history", (call, parts) -> history()),
        Route.signedIn("GET", "/api/deployment/keys", (call, parts) -> keys()));
  }

  private Deployments deployments() throws Refusal {
    return Absent.orRefuse(services.deployments(), "deployment", "deployment");
  }

  private Answer deployment() throws Refusal {
    Deployments deployments = deployments();
    DeploymentStatus status = deployments.status();
    ObjectNode body =
        Json.object()
            .put("revision", status.revision())
            .put("newest", status.newest())
            .put("state", status.state().name())
            .put("code", status.code())
            .put("message", status.message())
            .put("since", status.since().toString());
    body.putObject("progress")
        .put("done", status.progress().done())
        .put("total", status.progress().total())
        .put("refetched", status.progress().refetched());
    ArrayNode artifacts = body.putArray("artifacts");
    status.artifacts().forEach(artifact -> artifacts.add(node(artifact)));
    deployments
        .store()
        .ifPresent(
            store ->
                body.putObject("store")
                    .put("bytes", store.bytes())
                    .put("unneeded", store.unneededBytes())
                    .put("files", store.files())
                    .put("budget", store.budget()));
    status.trial().ifPresent(trial -> body.set("trial", node(trial, deployments.limits())));
    return Answer.json(body);
  }

  private static ObjectNode node(Artifact artifact) {
    long bytes = artifact.files().stream().mapToLong(Artifact.File::size).sum();
    return Json.object()
        .put("kind", artifact.kind().name())
        .put("name", artifact.name())
        .put("version", artifact.version())
        .put("files", artifact.files().size())
        .put("bytes", bytes);
  }

  private static ObjectNode node(TrialStatus trial, Map<String, Double> limits) {
    TrialFigures figures = trial.figures();
    ObjectNode node =
        Json.object()
            .put("phase", trial.phase().name().toLowerCase(Locale.ROOT))
            .put("since", trial.since().toString())
            .put("verdict", trial.verdict().name())
            .put("reason", trial.reason())
            .put("rows", figures.rows())
            .put("errors", figures.errors())
            .put("labels", figures.labels());
    put(node, "errorRate", figures.errorRate());
    put(node, "latencyP99Ms", figures.latencyP99Millis());
    put(node, "memoryMb", figures.memoryMegabytes());
    put(node, "agreement", figures.agreement());
    put(node, "inputDrift", figures.inputDrift());
    put(node, "outputDrift", figures.outputDrift());
    put(node, "accuracy", figures.accuracy());
    put(node, "accuracyBefore", figures.accuracyBefore());
    new TreeMap<>(limits).forEach(node.putObject("limits")::put);
    return node;
  }

  private static void put(ObjectNode node, String name, OptionalDouble figure) {
    figure.ifPresent(value -> node.put(name, value));
  }

  private Answer history() throws Refusal {
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("history");
    for (Deployments.Past one : deployments().history()) {
      list.addObject()
          .put("revision", one.revision())
          .put("state", one.state().name())
          .put("time", one.time().toString())
          .put("code", one.code())
          .put("message", one.message());
    }
    return Answer.json(body);
  }

  private Answer keys() throws Refusal {
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("keys");
    for (Deployments.Key one : deployments().keys()) {
      list.addObject().put("id", one.id()).put("file", one.file());
    }
    return Answer.json(body);
  }
}
