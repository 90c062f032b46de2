package io.selvedge.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.api.deployment.TrialStatus.Phase;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.time.Duration;
import java.util.OptionalDouble;

/**
 * How far a phase of a trial had come when it was last written: the file {@code trial.json}. A
 * restart goes on from there; where it is lost, the phase begins anew, which harms nobody.
 *
 * @param digest of the deployment's document
 * @param elapsed time that it was on trial, the process's own, without what it was down
 * @param status its figures
 */
record TrialProgress(String digest, Duration elapsed, TrialStatus status) {

  byte[] toJson() {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("format", 1).put("digest", digest).put("elapsed_ms", elapsed.toMillis());
    json.set("trial", Reported.json(status));
    return Json.bytes(json);
  }

  static TrialProgress parse(byte[] bytes) {
    Fields fields = Fields.parse("trial.json", bytes);
    fields.whole("format", 1, 1);
    return new TrialProgress(
        fields.text("digest"),
        Duration.ofMillis(fields.whole("elapsed_ms", 0, Long.MAX_VALUE / 2)),
        Reported.trial(fields.object("trial")));
  }

  boolean isOf(String otherDigest, Phase phase) {
    return digest.equals(otherDigest) && status.phase() == phase;
  }

  /** Figures of two stretches of time: counts add up, shares are weighed, times are the worse. */
  static TrialFigures sum(TrialFigures before, TrialFigures now) {
    if (before.equals(TrialFigures.NONE)) {
      return now;
    }
    return new TrialFigures(
        before.rows() + now.rows(),
        before.errors() + now.errors(),
        worse(before.latencyP99Millis(), now.latencyP99Millis()),
        worse(before.memoryMegabytes(), now.memoryMegabytes()),
        weighed(before.agreement(), before.rows(), now.agreement(), now.rows()),
        now.inputDrift().isPresent() ? now.inputDrift() : before.inputDrift(),
        now.outputDrift().isPresent() ? now.outputDrift() : before.outputDrift(),
        weighed(before.accuracy(), before.labels(), now.accuracy(), now.labels()),
        weighed(before.accuracyBefore(), before.labels(), now.accuracyBefore(), now.labels()),
        before.labels() + now.labels());
  }

  /** Figures of two artifacts of one deployment: of each the worse. */
  static TrialFigures worst(TrialFigures one, TrialFigures other) {
    if (one.equals(TrialFigures.NONE)) {
      return other;
    }
    if (other.equals(TrialFigures.NONE)) {
      return one;
    }
    // The one that fails more of its rows stands for both, so that errors and rows belong together.
    boolean first =
        one.errorRate().orElse(0) > other.errorRate().orElse(0) || one.rows() < other.rows();
    TrialFigures counts = first ? one : other;
    return new TrialFigures(
        counts.rows(),
        counts.errors(),
        worse(one.latencyP99Millis(), other.latencyP99Millis()),
        worse(one.memoryMegabytes(), other.memoryMegabytes()),
        lower(one.agreement(), other.agreement()),
        worse(one.inputDrift(), other.inputDrift()),
        worse(one.outputDrift(), other.outputDrift()),
        lower(one.accuracy(), other.accuracy()),
        lower(one.accuracyBefore(), other.accuracyBefore()),
        Math.max(one.labels(), other.labels()));
  }

  private static OptionalDouble worse(OptionalDouble one, OptionalDouble other) {
    return one.isPresent() && other.isPresent()
        ? OptionalDouble.of(Math.max(one.getAsDouble(), other.getAsDouble()))
        : either(one, other);
  }

  private static OptionalDouble lower(OptionalDouble one, OptionalDouble other) {
    return one.isPresent() && other.isPresent()
        ? OptionalDouble.of(Math.min(one.getAsDouble(), other.getAsDouble()))
        : either(one, other);
  }

  private static OptionalDouble weighed(
      OptionalDouble one, long weight, OptionalDouble other, long otherWeight) {
    double sum = (double) weight + otherWeight;
    return one.isPresent() && other.isPresent() && sum > 0
        ? OptionalDouble.of((one.getAsDouble() * weight + other.getAsDouble() * otherWeight) / sum)
        : either(one, other);
  }

  private static OptionalDouble either(OptionalDouble one, OptionalDouble other) {
    return one.isPresent() ? one : other;
  }
}
