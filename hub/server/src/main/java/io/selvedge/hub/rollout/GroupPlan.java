package io.selvedge.hub.rollout;

import java.util.List;

/**
 * A group as it was asked for.
 *
 * @param share which gateways
 * @param minSuccessPercent of those that count so many must succeed before the next group begins
 * @param maxErrorPercent where more than so many of the group fail, the rollout pauses
 * @param figures limits for the figures of each gateway's trial
 * @param waitSeconds so long after the last success the next group begins at the earliest
 * @param timeoutSeconds a gateway that has begun and is not done so long after its revision was
 *     issued has failed; 0: never
 */
public record GroupPlan(
    String name,
    Share share,
    double minSuccessPercent,
    double maxErrorPercent,
    List<FigureLimit> figures,
    long waitSeconds,
    long timeoutSeconds) {

  /** Which gateways of those that a rollout is for. */
  public sealed interface Share {

    /** These. */
    record Listed(List<String> ids) implements Share {
      public Listed {
        ids = List.copyOf(ids);
      }
    }

    /** So many of those that are left. */
    record Count(int count) implements Share {}

    /** So many percent of all, at least one, out of those that are left. */
    record Percent(double percent) implements Share {}

    /** All that are left. */
    record Rest() implements Share {}
  }

  public GroupPlan {
    figures = List.copyOf(figures);
    requirePercent("min_success_percent", minSuccessPercent);
    requirePercent("max_error_percent", maxErrorPercent);
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")) {
      throw new IllegalArgumentException(
          "group name ["
              + name
              + "] must start with a letter or digit and hold at most 64 of A-Z a-z 0-9 . _ - and"
              + " blanks");
    }
  }

  private static void requirePercent(String what, double value) {
    if (!(value >= 0 && value <= 100)) {
      throw new IllegalArgumentException(what + " [" + value + "] must be from 0 to 100");
    }
  }
}
