package io.selvedge.flow.run;

import io.selvedge.flow.definition.Upload.Measurements;
import io.selvedge.flow.ledger.Reason;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Which rows would go up, whatever they cost. One thread. */
interface RowPolicy {

  /**
   * Why a row stays at the edge; empty where it would go up.
   *
   * @param brought the inputs in this row, at least one
   * @param time the row's time, milliseconds
   * @param confidence the model's highest output; empty where it did not decide
   */
  Optional<Reason> stays(List<Inputs.Brought> brought, long time, OptionalDouble confidence);

  /** The row goes up. */
  default void goesUp(List<Inputs.Brought> brought, long time) {}

  static RowPolicy of(Measurements policy) {
    if (policy instanceof Measurements.Change change) {
      return new ChangePolicy(change);
    }
    if (policy instanceof Measurements.Hard hard) {
      return (brought, time, confidence) -> {
        if (confidence.isEmpty()) {
          return Optional.of(Reason.UNDECIDED);
        }
        return confidence.getAsDouble() < hard.confidence()
            ? Optional.empty()
            : Optional.of(Reason.CERTAIN);
      };
    }
    if (policy instanceof Measurements.None) {
      return (brought, time, confidence) -> Optional.of(Reason.POLICY);
    }
    return (brought, time, confidence) -> Optional.empty();
  }
}
