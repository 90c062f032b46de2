package io.selvedge.protocol.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.protocol.json.Fields;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a deployment has to show before the gateway keeps it. Of each phase the first of rows and
 * seconds that is reached ends it; each condition that is there must hold.
 *
 * @param shadow the new model beside the live one, deciding nothing
 * @param live the new one decides, the old one lies ready
 */
public record Trial(Optional<Shadow> shadow, Optional<Live> live) {

  /** Beside the live one. */
  public record Shadow(OptionalLong rows, OptionalLong seconds, Conditions conditions) {
    public Shadow {
      requireEnd("trial.shadow", rows, seconds);
    }
  }

  /** In the live one's place. */
  public record Live(OptionalLong rows, OptionalLong seconds, Conditions conditions) {
    public Live {
      requireEnd("trial.live", rows, seconds);
    }
  }

  /**
   * Conditions; one that is empty is not looked at.
   *
   * @param maxErrorRate share of rows that end in an error, 0 to 1
   * @param maxLatencyP99Ms 99th percentile of the time that a row takes
   * @param maxMemoryMb what the process may grow by, resident
   * @param minAgreement share of rows on which both models say the same, 0 to 1
   * @param maxInputDrift distance of the inputs from those of the training
   * @param maxOutputDrift distance of the outputs from those of the old model
   * @param minAccuracy share of labelled rows that are right, 0 to 1
   * @param minLabels with fewer labels accuracy is not looked at
   */
  public record Conditions(
      OptionalDouble maxErrorRate,
      OptionalDouble maxLatencyP99Ms,
      OptionalDouble maxMemoryMb,
      OptionalDouble minAgreement,
      OptionalDouble maxInputDrift,
      OptionalDouble maxOutputDrift,
      OptionalDouble minAccuracy,
      OptionalLong minLabels) {

    /** None at all. */
    public static final Conditions NONE =
        new Conditions(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalLong.empty());

    public Conditions {
      requireShare("max_error_rate", maxErrorRate);
      requireShare("min_agreement", minAgreement);
      requireShare("min_accuracy", minAccuracy);
      requireAtLeastZero("max_latency_p99_ms", maxLatencyP99Ms);
      requireAtLeastZero("max_memory_mb", maxMemoryMb);
      requireAtLeastZero("max_input_drift", maxInputDrift);
      requireAtLeastZero("max_output_drift", maxOutputDrift);
    }
  }

  public Trial {
    if (shadow.isEmpty() && live.isEmpty()) {
      throw new IllegalArgumentException("trial must have shadow, live or both");
    }
  }

  /**
   * Reads it as it stands in a document.
   *
   * @throws IllegalArgumentException what is wrong with it
   */
  public static Trial parse(Fields trial) {
    return TrialJson.read(trial);
  }

  /** As it stands in a document. */
  public ObjectNode toJson() {
    return TrialJson.write(this);
  }

  private static void requireEnd(String phase, OptionalLong rows, OptionalLong seconds) {
    if (rows.isEmpty() && seconds.isEmpty()) {
      throw new IllegalArgumentException(phase + " must say rows, seconds or both: when it ends");
    }
  }

  private static void requireShare(String name, OptionalDouble value) {
    if (value.isPresent() && !(value.getAsDouble() >= 0 && value.getAsDouble() <= 1)) {
      throw new IllegalArgumentException(
          name + " [" + value.getAsDouble() + "] must be a share from 0 to 1");
    }
  }

  private static void requireAtLeastZero(String name, OptionalDouble value) {
    if (value.isPresent() && !(value.getAsDouble() >= 0)) {
      throw new IllegalArgumentException(name + " [" + value.getAsDouble() + "] must be 0 or more");
    }
  }
}
