package io.selvedge.hub.rollout;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/**
 * Changes states within one transaction and records each change with who and why.
 *
 * @param h holds the rollout's row
 * @param id the rollout
 */
record Transition(Handle h, long id, String who, Instant now) {

  void rollout(RolloutState from, RolloutState to, String why) {
    RolloutStore.update(h, id, to, now);
    RolloutStore.record(h, id, now, who, "", from.name(), to.name(), why);
  }

  void group(Group group, GroupState to, String why) {
    RolloutStore.update(h, id, group.number(), to, now);
    RolloutStore.record(h, id, now, who, group.subject(), group.state().name(), to.name(), why);
  }

  /** Writes what has changed of it; a change of its state, or a new fault, is recorded. */
  void target(Target before, Target after, String why) {
    if (after.equals(before)) {
      return;
    }
    RolloutStore.update(h, id, after);
    if (after.state() != before.state() || !after.code().equals(before.code())) {
      RolloutStore.record(
          h, id, now, who, after.subject(), before.state().name(), after.state().name(), why);
    }
  }
}
