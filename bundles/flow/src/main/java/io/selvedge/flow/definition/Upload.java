package io.selvedge.flow.definition;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What goes up.
 *
 * @param measurements which rows
 * @param measurementsSent how they are sent
 * @param limits what their number of bytes and the link change
 * @param decisions which decisions
 * @param decisionsSent how they are sent
 * @param to names of the uplinks that get it, at least one
 */
public record Upload(
    Measurements measurements,
    Sent measurementsSent,
    Limits limits,
    Decisions decisions,
    Sent decisionsSent,
    List<String> to) {

  public Upload {
    to = List.copyOf(to);
  }

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

    /** The same with another priority. */
    public Sent withPriority(int other) {
      return new Sent(other, timeToLive, qos);
    }
  }

  /**
   * What becomes of rows that the policy would send.
   *
   * @param budget bytes a day; empty: no limit
   * @param beyond where the budget of the row's day is used up
   * @param slow while the link is slow
   * @param metered while the link is metered
   */
  public record Limits(Optional<Long> budget, Instead beyond, Instead slow, Instead metered) {

    /** Where a flow does not say. */
    public static final Limits NONE =
        new Limits(Optional.empty(), new Instead.Wait(), new Instead.Wait(), new Instead.Wait());
  }

  /** What becomes of a row instead of going up at once. */
  public sealed interface Instead {

    /** It goes to the outbox all the same and waits there until the link lets it through. */
    record Wait() implements Instead {
      @Override
      public String toString() {
        return "wait";
      }
    }

    /** It stays at the edge. */
    record Drop() implements Instead {
      @Override
      public String toString() {
        return "drop";
      }
    }

    /** Mean, smallest, largest and count of each input go up, once in this time. */
    record Aggregate(Duration every) implements Instead {
      @Override
      public String toString() {
        return "aggregate " + every;
      }
    }
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
