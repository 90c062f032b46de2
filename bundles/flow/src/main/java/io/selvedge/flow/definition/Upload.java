package io.selvedge.flow.definition;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What goes to the hub.
 *
 * @param measurements which rows
 * @param measurementsSent how they are sent
 * @param decisions which decisions
 * @param decisionsSent how they are sent
 */
public record Upload(
    Measurements measurements, Sent measurementsSent, Decisions decisions, Sent decisionsSent) {

  /**
   * How messages are sent.
   *
   * @param priority 0 (first) to 9 (last)
   * @param timeToLive after this a message is worth nothing; zero: never
   * @param qos 1: at least once; 0: what is under way when a connection breaks is lost
   */
  public record Sent(int priority, Duration timeToLive, int qos) {

    /** Where a flow does not say. */
    public static final Sent DEFAULT = new Sent(5, Duration.ZERO, 1);
  }

  /** Which decisions go up. */
  public enum Decisions {
    ALL,
    /** When the set of rules that hold, or the model, changes. */
    CHANGE,
    NONE
  }

  /** Which rows of the inputs go up. */
  public sealed interface Measurements {

    /** Every row. */
    record All() implements Measurements {}

    /**
     * Rows that differ from the last one sent.
     *
     * @param deadband input to the difference that counts; without one, any difference
     * @param atLeast a row goes up after this time in any case
     */
    record Change(Map<String, Double> deadband, Optional<Duration> atLeast)
        implements Measurements {

      public Change {
        deadband = Map.copyOf(deadband);
      }
    }

    /** Mean, smallest, largest and count of each input, once in this time. */
    record Aggregate(Duration every) implements Measurements {}

    /** Rows whose decision was uncertain: the highest output was under this. */
    record Hard(double confidence) implements Measurements {}

    /** No row. */
    record None() implements Measurements {}
  }
}
