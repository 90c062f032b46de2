package io.selvedge.hub.rollout;

import io.selvedge.hub.rollout.Reports.Desired;
import io.selvedge.hub.store.Gateway;
import io.selvedge.hub.store.Gateways;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves rollouts on, one step at a time. A step is one transaction that holds the rollout's row, so
 * it is whole or did not happen, and only one hub takes it; then one transaction for each gateway
 * that a revision is issued for. It looks at nothing but the database: whoever takes the next step,
 * after whatever end of this process, goes on where it stopped. Confined to one thread.
 */
final class RolloutMachine {

  private static final Logger log = LoggerFactory.getLogger(RolloutMachine.class);
  private static final int PAGE = 1000;
  private static final Duration BETWEEN_JOINS = Duration.ofSeconds(3);

  private final RolloutStore store;
  private final Gateways gateways;
  private final Issuer issuer;
  private final String hub;
  private final Clock clock;
  private final Map<Long, Instant> joined = new HashMap<>();

  /**
   * What a step found.
   *
   * @param changed the next step may change more
   * @param issue for whom a revision must be issued
   * @param send who may not have heard of the revision that was issued for it
   */
  private record Found(boolean changed, List<String> issue, List<String> send) {
    static final Found NOTHING = new Found(false, List.of(), List.of());
    static final Found CHANGED = new Found(true, List.of(), List.of());
  }

  /** What is known of the gateways now. */
  private record Observed(List<Target> targets, Reports reports) {

    /** Those that were sent a revision, did not get it, as far as is known, and went away. */
    List<String> toRecall(long absentSeconds, Instant now) {
      return targets.stream()
          .filter(one -> one.state() == TargetState.ISSUED && one.isAbsent(absentSeconds, now))
          .map(Target::gateway)
          .filter(id -> reports.desired(id).filter(d -> !d.begun()).isPresent())
          .toList();
    }

    /** Those that are there and have not said that they got the revision. */
    List<String> unheard() {
      return targets.stream()
          .filter(one -> one.state() == TargetState.ISSUED || one.isBeingTakenBack())
          .filter(one -> one.absent().isEmpty())
          .map(Target::gateway)
          .filter(id -> reports.desired(id).filter(d -> !d.heard()).isPresent())
          .toList();
    }
  }

  RolloutMachine(RolloutStore store, Gateways gateways, Issuer issuer, String hub, Clock clock) {
    this.store = store;
    this.gateways = gateways;
    this.issuer = issuer;
    this.hub = hub;
    this.clock = clock;
  }

  /** Moves one rollout on as far as it goes now. */
  void work(long id) {
    boolean changed = true;
    while (changed) {
      Found found = store.jdbi().inTransaction(h -> step(h, id));
      boolean issued = issuer.issue(id, found.issue());
      issuer.sendAgain(id, found.send());
      changed = found.changed() || issued;
    }
  }

  private Found step(Handle h, long id) {
    Optional<Rollout> locked = RolloutStore.lock(h, id);
    if (locked.isEmpty()) {
      return Found.NOTHING;
    }
    Rollout rollout = locked.get();
    Transition to = new Transition(h, id, hub, clock.instant());
    return switch (rollout.state()) {
      case CREATING -> create(rollout, to);
      case READY -> ready(rollout, to);
      case STARTING -> start(rollout, to);
      case RUNNING -> run(rollout, to);
      case PAUSED -> watch(rollout, to);
      case STOPPING -> stop(rollout, to);
      case STOPPED -> afterStop(rollout, to);
      case FINISHED -> afterFinish(rollout, to);
    };
  }

  private Found create(Rollout rollout, Transition to) {
    Map<Integer, List<String>> dealt;
    try {
      dealt = Dealing.deal(rollout.plan().groups(), selected(rollout.plan()));
    } catch (IllegalArgumentException e) { // the fleet has changed since it was asked for
      to.rollout(rollout.state(), RolloutState.STOPPING, String.valueOf(e.getMessage()));
      return Found.CHANGED;
    }
    dealt.forEach(
        (number, ids) -> {
          String name = rollout.plan().groups().get(number).name();
          RolloutStore.insert(
              to.h(), rollout.id(), new Group(number, name, GroupState.SCHEDULED, to.now()));
          RolloutStore.insertTargets(to.h(), rollout.id(), number, ids, to.now());
        });
    long many = dealt.values().stream().mapToLong(List::size).sum();
    to.rollout(
        rollout.state(),
        RolloutState.READY,
        "[" + many + "] gateways in [" + dealt.size() + "] groups");
    return Found.CHANGED;
  }

  private Found ready(Rollout rollout, Transition to) {
    if (rollout.startAt().isEmpty() || rollout.startAt().get().isAfter(to.now())) {
      return Found.NOTHING;
    }
    to.rollout(rollout.state(), RolloutState.STARTING, "its time has come");
    return Found.CHANGED;
  }

  private static Found start(Rollout rollout, Transition to) {
    to.rollout(rollout.state(), RolloutState.RUNNING, "the first group begins");
    RolloutStore.groups(to.h(), rollout.id()).stream()
        .findFirst()
        .ifPresent(first -> to.group(first, GroupState.RUNNING, "the first"));
    return Found.CHANGED;
  }

  private Found run(Rollout rollout, Transition to) {
    join(rollout, to);
    Observed observed = observe(rollout, to);
    List<Target> targets = observed.targets();
    List<Group> groups = RolloutStore.groups(to.h(), rollout.id());
    for (Group group : groups) {
      if (group.state() == GroupState.RUNNING || group.state() == GroupState.FINISHED) {
        if (group.state() == GroupState.RUNNING && StandIn.find(rollout, group, targets, to)) {
          return Found.CHANGED;
        }
        GroupVerdict verdict = verdict(rollout, group, targets, to.now());
        if (verdict.state() == GroupState.ERROR) {
          to.group(group, GroupState.ERROR, verdict.why());
          to.rollout(
              rollout.state(),
              RolloutState.PAUSED,
              "group [" + group.name() + "]: " + verdict.why());
          log.warn("Rollout {} is paused: group {}: {}", rollout.id(), group.name(), verdict.why());
          return Found.CHANGED;
        }
        if (verdict.state() == GroupState.FINISHED && group.state() == GroupState.RUNNING) {
          to.group(group, GroupState.FINISHED, verdict.why());
          return Found.CHANGED;
        }
      }
    }
    if (groups.stream().noneMatch(group -> group.state() == GroupState.RUNNING)) {
      next(rollout, groups, to);
      return Found.CHANGED;
    }
    List<String> issue = toIssue(targets, groups);
    issue.addAll(recall(rollout, observed, to));
    return new Found(false, issue, observed.unheard());
  }

  private static void next(Rollout rollout, List<Group> groups, Transition to) {
    Optional<Group> next =
        groups.stream().filter(group -> group.state() == GroupState.SCHEDULED).findFirst();
    if (next.isPresent()) {
      to.group(next.get(), GroupState.RUNNING, "the group before it has succeeded");
    } else {
      to.rollout(rollout.state(), RolloutState.FINISHED, "all groups have succeeded");
      log.info("Rollout {} is finished", rollout.id());
    }
  }

  private static GroupVerdict verdict(
      Rollout rollout, Group group, List<Target> targets, Instant now) {
    boolean last = group.number() == rollout.plan().groups().size() - 1;
    List<Target> all = targets.stream().filter(one -> one.group() == group.number()).toList();
    if (!last && GroupVerdict.isReplaced(all)) {
      return new GroupVerdict(
          GroupState.ERROR,
          "all its gateways have got something else since, so that none proves it to the next"
              + " group; resume goes on without them");
    }
    return GroupVerdict.of(
        rollout.plan().groups().get(group.number()),
        all,
        group.since(),
        rollout.plan().absentSeconds(),
        last && targets.stream().anyMatch(one -> one.state() == TargetState.DONE),
        now);
  }

  /** Those that are there and whose group has begun. */
  private static List<String> toIssue(List<Target> targets, List<Group> groups) {
    Set<Integer> begun = new HashSet<>();
    for (Group group : groups) {
      if (group.state() == GroupState.RUNNING || group.state() == GroupState.FINISHED) {
        begun.add(group.number());
      }
    }
    return targets.stream()
        .filter(one -> one.state() == TargetState.SCHEDULED)
        .filter(one -> one.absent().isEmpty() && begun.contains(one.group()))
        .map(Target::gateway)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static List<String> recall(Rollout rollout, Observed observed, Transition to) {
    return observed.toRecall(rollout.plan().absentSeconds(), to.now());
  }

  private Found watch(Rollout rollout, Transition to) {
    Observed observed = observe(rollout, to);
    return new Found(false, recall(rollout, observed, to), observed.unheard());
  }

  private Found stop(Rollout rollout, Transition to) {
    List<String> withdraw = new ArrayList<>();
    Observed observed = observe(rollout, to);
    for (Target one : observed.targets()) {
      if (one.state() == TargetState.SCHEDULED) {
        to.target(
            one,
            one.as(TargetState.CANCELLED, to.now(), "", "", one.report()),
            "aborted before its turn");
      } else if (issuer.withdraws(rollout, one)) {
        withdraw.add(one.gateway());
      }
    }
    if (withdraw.isEmpty()) {
      to.rollout(rollout.state(), RolloutState.STOPPED, "nothing is left to take back");
      return Found.CHANGED;
    }
    return new Found(false, withdraw, observed.unheard());
  }

  private Found afterStop(Rollout rollout, Transition to) {
    Observed observed = observe(rollout, to);
    if (observed.targets().stream().noneMatch(Target::isBeingTakenBack)) {
      RolloutStore.attend(to.h(), rollout.id(), false);
    }
    return new Found(false, List.of(), observed.unheard());
  }

  /** Who was away catches up, and who is new joins, until a newer rollout is for them. */
  private Found afterFinish(Rollout rollout, Transition to) {
    List<Rollout> newer = newer(rollout, to.h());
    join(rollout, to);
    Observed observed = observe(rollout, to);
    List<Target> targets = observed.targets();
    boolean open = rollout.plan().lateComers();
    for (Rollout other : newer) {
      open &= !other.plan().selection().equals(rollout.plan().selection());
    }
    List<String> issue = new ArrayList<>(recall(rollout, observed, to));
    for (Target one : targets) {
      if (one.state() == TargetState.SCHEDULED) {
        Optional<Gateway> gateway = gateways.find(one.gateway());
        Optional<Rollout> instead =
            newer.stream()
                .filter(other -> gateway.filter(other.plan().selection()::takes).isPresent())
                .findFirst();
        if (instead.isPresent()) {
          to.target(
              one,
              one.as(TargetState.SUPERSEDED, to.now(), "", "", one.report()),
              "rollout [" + instead.get().id() + "] is newer");
        } else if (one.absent().isEmpty()) {
          issue.add(one.gateway());
        }
      }
    }
    boolean idle =
        targets.stream()
            .noneMatch(
                one ->
                    one.state() == TargetState.SCHEDULED
                        || one.state().underWay()
                        || (one.isUnheardOf() && one.absent().isPresent()));
    if (idle && !open) {
      RolloutStore.attend(to.h(), rollout.id(), false);
    }
    return new Found(false, issue, observed.unheard());
  }

  /** Rollouts of the same places that came later and were not aborted. */
  private List<Rollout> newer(Rollout rollout, Handle h) {
    return RolloutStore.after(h, rollout.id()).stream()
        .filter(
            other ->
                other.state() != RolloutState.STOPPED && other.state() != RolloutState.STOPPING)
        .filter(other -> other.plan().slots().stream().anyMatch(rollout.plan().slots()::contains))
        .toList();
  }

  /** Gateways that have come to match since become targets of the last group. */
  private void join(Rollout rollout, Transition to) {
    Instant last = joined.getOrDefault(rollout.id(), Instant.EPOCH);
    if (!rollout.plan().lateComers() || last.plus(BETWEEN_JOINS).isAfter(to.now())) {
      return;
    }
    joined.put(rollout.id(), to.now());
    Set<String> known = new HashSet<>();
    RolloutStore.targets(to.h(), rollout.id()).forEach(one -> known.add(one.gateway()));
    List<Rollout> newer = newer(rollout, to.h());
    int group = rollout.plan().groups().size() - 1;
    for (Gateway gateway : selected(rollout.plan())) {
      boolean others = newer.stream().anyMatch(other -> other.plan().selection().takes(gateway));
      if (!known.contains(gateway.id()) && !others) {
        RolloutStore.insertTargets(to.h(), rollout.id(), group, List.of(gateway.id()), to.now());
        RolloutStore.record(
            to.h(),
            rollout.id(),
            to.now(),
            to.who(),
            "gateway/" + gateway.id(),
            "",
            TargetState.SCHEDULED.name(),
            "joins late");
      }
    }
  }

  /** Notes what gateways have reported, and what others have deployed to them. */
  private Observed observe(Rollout rollout, Transition to) {
    List<Target> targets = RolloutStore.targets(to.h(), rollout.id());
    Reports reports = Reports.read(to.h(), rollout.id());
    List<Target> now = new ArrayList<>();
    for (Target one : targets) {
      boolean open =
          one.state().underWay() || one.state() == TargetState.TAKING_BACK || one.isUnheardOf();
      Target judged = open ? judge(rollout, one, reports, to) : one;
      to.target(one, judged, why(judged));
      now.add(judged);
    }
    return new Observed(now, reports);
  }

  private Target judge(Rollout rollout, Target one, Reports reports, Transition to) {
    Optional<Desired> desired = reports.desired(one.gateway());
    if (reports.runsUnlisted(one)) {
      return reports.turnedAwayAsOld(one)
          ? one.again(to.now()) // the next revision is above what it runs
          : one.as(TargetState.SUPERSEDED, to.now(), "", "", one.report());
    }
    boolean others = desired.filter(d -> d.revision() > one.revision()).isPresent();
    if (others && !issuer.stillWanted(to.h(), rollout, one)) {
      return one.as(TargetState.SUPERSEDED, to.now(), "", "", one.report());
    }
    return Verdict.of(
        one,
        rollout.plan().groups().get(one.group()),
        reports.report(one.gateway()),
        desired,
        rollout.plan().lostSeconds(),
        to.now());
  }

  private static String why(Target judged) {
    if (judged.state() == TargetState.SUPERSEDED) {
      return "somebody has deployed something else there";
    }
    if (judged.state() == TargetState.DONE) {
      String figures = RolloutStore.trial(judged.report()).toString();
      return figures.isEmpty() ? "committed" : "committed, with " + figures;
    }
    return (judged.code() + ' ' + judged.message()).strip();
  }

  /** All gateways that a plan is for. */
  private List<Gateway> selected(RolloutPlan plan) {
    return Fleet.of(gateways, PAGE, plan.selection());
  }
}
