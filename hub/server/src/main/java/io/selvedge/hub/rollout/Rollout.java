package io.selvedge.hub.rollout;

import java.time.Instant;
import java.util.Optional;

/**
 * A rollout as it stands.
 *
 * @param since when the state began
 * @param createdBy who asked for it
 * @param startAt when it starts by itself; empty: when somebody starts it
 * @param takeBack whether its abortion takes back what has succeeded, too
 */
public record Rollout(
    long id,
    String name,
    RolloutState state,
    Instant since,
    RolloutPlan plan,
    Instant created,
    String createdBy,
    Optional<Instant> startAt,
    boolean takeBack) {

  /** As it stands in deployment documents: {@code r-17}. */
  public String label() {
    return "r-" + id;
  }
}
