package io.selvedge.hub.rollout;

import io.selvedge.hub.rollout.GroupPlan.Share;
import java.util.List;
import java.util.Optional;

/**
 * A group that proves something for those behind it needs a gateway that is there. Where all of its
 * own are away, one of a later group that is connected changes places with one of them; not where
 * somebody has named the gateways of either group.
 */
final class StandIn {

  private StandIn() {}

  /** Whether two have changed places. */
  static boolean find(Rollout rollout, Group group, List<Target> targets, Transition to) {
    if (isNamed(rollout, group.number())) {
      return false;
    }
    List<Target> own =
        targets.stream()
            .filter(one -> one.group() == group.number())
            .filter(one -> one.state().counts() && !one.accepted())
            .toList();
    long seconds = rollout.plan().absentSeconds();
    boolean allAway =
        !own.isEmpty()
            && own.stream()
                .allMatch(one -> GroupVerdict.isLongAbsent(one, group.since(), seconds, to.now()));
    Optional<Target> other =
        targets.stream()
            .filter(one -> one.group() > group.number() && !isNamed(rollout, one.group()))
            .filter(one -> one.state() == TargetState.SCHEDULED && one.absent().isEmpty())
            .findFirst();
    if (!allAway || other.isEmpty()) {
      return false;
    }
    move(own.get(0), other.get().group(), "not connected: comes later", to);
    move(other.get(), group.number(), "stands in for [" + own.get(0).gateway() + "]", to);
    return true;
  }

  private static boolean isNamed(Rollout rollout, int group) {
    return rollout.plan().groups().get(group).share() instanceof Share.Listed;
  }

  private static void move(Target one, int group, String why, Transition to) {
    String state = one.state().name();
    RolloutStore.update(to.h(), to.id(), one.in(group));
    RolloutStore.record(to.h(), to.id(), to.now(), to.who(), one.subject(), state, state, why);
  }
}
