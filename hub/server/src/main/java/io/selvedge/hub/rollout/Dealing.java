package io.selvedge.hub.rollout;

import io.selvedge.hub.rollout.GroupPlan.Share;
import io.selvedge.hub.store.Gateway;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Deals gateways out to groups: those that are connected first, so that the first group is not one
 * that nobody hears of; then by id.
 */
final class Dealing {

  private Dealing() {}

  /**
   * Ids by number of the group.
   *
   * @param selected those that the rollout is for
   * @throws IllegalArgumentException a group names one that is not selected, or some are left over
   */
  static Map<Integer, List<String>> deal(List<GroupPlan> groups, List<Gateway> selected) {
    Set<String> all = new HashSet<>();
    selected.forEach(gateway -> all.add(gateway.id()));
    Set<String> named = named(groups, all);
    Deque<String> left = new ArrayDeque<>();
    selected.stream()
        .sorted(
            Comparator.comparing((Gateway one) -> one.state() != Gateway.State.ONLINE)
                .thenComparing(Gateway::id))
        .map(Gateway::id)
        .filter(id -> !named.contains(id))
        .forEach(left::add);
    Map<Integer, List<String>> dealt = new TreeMap<>();
    for (int number = 0; number < groups.size(); number++) {
      dealt.put(number, take(groups.get(number).share(), selected.size(), left));
    }
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "groups leave ["
              + left.size()
              + "] of ["
              + selected.size()
              + "] gateways over; let the last one have \"rest\": true");
    }
    return dealt;
  }

  private static Set<String> named(List<GroupPlan> groups, Set<String> all) {
    Set<String> named = new HashSet<>();
    for (GroupPlan group : groups) {
      if (group.share() instanceof Share.Listed listed) {
        for (String id : listed.ids()) {
          if (!all.contains(id) || !named.add(id)) {
            throw new IllegalArgumentException(
                "gateway ["
                    + id
                    + "] of group ["
                    + group.name()
                    + "] must be one that the rollout is for, and of one group only");
          }
        }
      }
    }
    return named;
  }

  private static List<String> take(Share share, int all, Deque<String> left) {
    if (share instanceof Share.Listed listed) {
      return listed.ids();
    }
    int wanted = left.size();
    if (share instanceof Share.Count count) {
      wanted = count.count();
    } else if (share instanceof Share.Percent percent) {
      wanted = (int) Math.ceil(all * percent.percent() / 100 - 1e-9);
    }
    List<String> taken = new ArrayList<>();
    while (taken.size() < wanted && !left.isEmpty()) {
      taken.add(left.removeFirst());
    }
    return taken;
  }
}
