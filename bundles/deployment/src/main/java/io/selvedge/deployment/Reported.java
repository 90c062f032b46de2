package io.selvedge.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.api.deployment.TrialStatus.Phase;
import io.selvedge.api.deployment.TrialStatus.Verdict;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.util.Locale;
import java.util.OptionalDouble;

/** The reported state as docs/protocol.md lays it down. What was not measured is left out. */
final class Reported {

  private static final double DIGITS = 10_000;

  private Reported() {}

  static ObjectNode json(DeploymentStatus status) {
    ObjectNode json = Json.mapper().createObjectNode();
    json.putObject("deployment")
        .put("revision", status.revision())
        .put("state", status.state().name())
        .put("newest", status.newest())
        .put("code", status.code())
        .put("message", status.message());
    if (!status.progress().equals(DeploymentStatus.Progress.NONE)) {
      json.putObject("progress")
          .put("done_bytes", status.progress().done())
          .put("total_bytes", status.progress().total())
          .put("refetched_bytes", status.progress().refetched());
    }
    status.trial().ifPresent(trial -> json.set("trial", json(trial)));
    json.set("artifacts", DeploymentDocument.toJson(status.artifacts()));
    return json;
  }

  static ObjectNode json(TrialStatus trial) {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("phase", trial.phase().name().toLowerCase(Locale.ROOT));
    figures(trial.figures(), json);
    json.put("since", trial.since().toString());
    boolean open = trial.verdict() == Verdict.OPEN;
    json.put("verdict", open ? "" : trial.verdict().name().toLowerCase(Locale.ROOT));
    json.put("reason", trial.reason());
    return json;
  }

  private static void figures(TrialFigures figures, ObjectNode json) {
    json.put("rows", figures.rows()).put("errors", figures.errors());
    put(json, "error_rate", figures.errorRate());
    put(json, "latency_p99_ms", figures.latencyP99Millis());
    put(json, "memory_mb", figures.memoryMegabytes());
    put(json, "agreement", figures.agreement());
    put(json, "input_drift", figures.inputDrift());
    put(json, "output_drift", figures.outputDrift());
    put(json, "accuracy", figures.accuracy());
    put(json, "accuracy_before", figures.accuracyBefore());
    json.put("labels", figures.labels());
  }

  /** Reads what {@link #json(TrialStatus)} wrote. */
  static TrialStatus trial(Fields fields) {
    String verdict = fields.text("verdict");
    return new TrialStatus(
        Phase.valueOf(fields.text("phase").toUpperCase(Locale.ROOT)),
        new TrialFigures(
            fields.whole("rows", 0, Long.MAX_VALUE),
            fields.whole("errors", 0, Long.MAX_VALUE),
            number(fields, "latency_p99_ms"),
            number(fields, "memory_mb"),
            number(fields, "agreement"),
            number(fields, "input_drift"),
            number(fields, "output_drift"),
            number(fields, "accuracy"),
            number(fields, "accuracy_before"),
            fields.whole("labels", 0, Long.MAX_VALUE)),
        fields.instant("since"),
        verdict.isEmpty() ? Verdict.OPEN : Verdict.valueOf(verdict.toUpperCase(Locale.ROOT)),
        fields.text("reason"));
  }

  private static OptionalDouble number(Fields fields, String name) {
    return fields.has(name) ? OptionalDouble.of(fields.number(name)) : OptionalDouble.empty();
  }

  private static void put(ObjectNode json, String name, OptionalDouble figure) {
    figure.ifPresent(number -> json.put(name, Math.round(number * DIGITS) / DIGITS));
  }
}
