package io.selvedge.hub.rollout;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.hub.deploy.Deployer.Slot;
import io.selvedge.hub.deploy.Terms;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a rollout was asked to do; never changes.
 *
 * @param added artifacts that take the place of what has their kind and name
 * @param removed places that become empty
 * @param selection which gateways
 * @param groups in their order; the last one takes those that join later
 * @param terms what each gateway must keep to; without a trial installed is enough
 * @param lateComers whether gateways that come to match later join
 * @param absentSeconds a gateway that is not connected for so long, and has not begun, is not
 *     waited for
 * @param lostSeconds a gateway that is not connected for so long, and has begun, has failed; 0:
 *     never
 */
public record RolloutPlan(
    List<Artifact> added,
    List<Slot> removed,
    Selection selection,
    List<GroupPlan> groups,
    Terms terms,
    boolean lateComers,
    long absentSeconds,
    long lostSeconds) {

  public RolloutPlan {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    groups = List.copyOf(groups);
    if (added.isEmpty() && removed.isEmpty()) {
      throw new IllegalArgumentException(
          "artifacts is missing; name at least one, for example"
              + " {\"kind\": \"MODEL\", \"name\": \"occupancy\", \"version\": \"1\"}");
    }
    Set<Slot> slots = new HashSet<>(removed);
    for (Artifact one : added) {
      if (!slots.add(new Slot(one.kind(), one.name()))) {
        throw new IllegalArgumentException(
            "artifact [" + one.kind() + "/" + one.name() + "] must be named once");
      }
    }
    Set<String> names = new HashSet<>();
    for (GroupPlan group : groups) {
      if (!names.add(group.name())) {
        throw new IllegalArgumentException("group [" + group.name() + "] must be named once");
      }
    }
  }

  /** The places that it changes. */
  public Set<Slot> slots() {
    Set<Slot> slots = new HashSet<>(removed);
    added.forEach(one -> slots.add(new Slot(one.kind(), one.name())));
    return slots;
  }

  /** Whether what a gateway shall run is, in these places, what this plan wants. */
  public boolean isIn(List<Artifact> artifacts) {
    return artifacts.containsAll(added)
        && artifacts.stream().noneMatch(one -> removed.contains(new Slot(one.kind(), one.name())));
  }

  /** What stands in its places. */
  List<Artifact> inSlots(List<Artifact> artifacts) {
    Set<Slot> slots = slots();
    List<Artifact> there = new ArrayList<>(artifacts);
    there.removeIf(one -> !slots.contains(new Slot(one.kind(), one.name())));
    return there;
  }
}
