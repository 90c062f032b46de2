package io.selvedge.hub.rollout;

import java.time.Instant;

/**
 * A group of a rollout as it stands.
 *
 * @param number from 0, in the order of the groups
 * @param since when the state began
 */
public record Group(int number, String name, GroupState state, Instant since) {

  /** What its events are about. */
  String subject() {
    return "group/" + name;
  }
}
