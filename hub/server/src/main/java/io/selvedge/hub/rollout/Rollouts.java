package io.selvedge.hub.rollout;

import io.selvedge.hub.store.Gateway;
import io.selvedge.hub.store.Gateways;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people do to rollouts. Each is one transaction; the rest is the machine's, on its own
 * thread. Thread-safe.
 */
public final class Rollouts {

  private static final Logger log = LoggerFactory.getLogger(Rollouts.class);
  private static final int PAGE = 1000;

  private final RolloutStore store;
  private final Gateways gateways;
  private final Runnable wake;
  private final Clock clock;

  /**
   * Who does it, and why.
   *
   * @param who at most 64 characters
   * @param why may be empty
   */
  public record By(String who, String why) {
    public By {
      if (who.isBlank() || who.length() > 64) {
        throw new IllegalArgumentException(
            "by [" + who + "] must be 1 to 64 characters: who asks for it");
      }
      if (why.length() > 500) {
        throw new IllegalArgumentException(
            "reason of [" + why.length() + "] characters must have at most 500");
      }
    }
  }

  /**
   * @param wake lets the machine look at once
   */
  public Rollouts(RolloutStore store, Gateways gateways, Runnable wake, Clock clock) {
    this.store = store;
    this.gateways = gateways;
    this.wake = wake;
    this.clock = clock;
  }

  public RolloutStore store() {
    return store;
  }

  /**
   * Asks for a rollout; it is CREATING when this returns.
   *
   * @param startAt empty: it stays READY until somebody starts it
   * @return its id
   * @throws IllegalArgumentException the groups do not fit the gateways
   * @throws RolloutException {@code gateway.unknown}, {@code rollout.no_gateways} or {@code
   *     rollout.overlap}: another one that is not ended changes the same on one of its gateways
   */
  public long create(String name, RolloutPlan plan, Optional<Instant> startAt, By by)
      throws RolloutException {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")) {
      throw new IllegalArgumentException(
          "name ["
              + name
              + "] must start with a letter or digit and hold at most 64 of A-Z a-z 0-9 . _ - and"
              + " blanks");
    }
    List<Gateway> selected = selected(plan);
    Dealing.deal(plan.groups(), selected); // says what is wrong before anything is stored
    long id =
        inTransaction(
            h -> {
              RolloutStore.lockAll(h);
              requireAlone(h, plan, selected);
              Instant now = clock.instant();
              long created = RolloutStore.insert(h, name, plan, by.who(), startAt, now);
              RolloutStore.record(
                  h, created, now, by.who(), "", "", RolloutState.CREATING.name(), by.why());
              return created;
            });
    store.sync();
    log.info("Rollout {} [{}] was asked for by {}", id, name, by.who());
    wake.run();
    return id;
  }

  /** By group's number: for whom one that has begun and has not ended waits. */
  public Map<Integer, String> waits(Rollout rollout) {
    Map<Integer, String> waits = new HashMap<>();
    List<Target> targets = store.targets(rollout.id());
    for (Group group : store.groups(rollout.id())) {
      if (group.state() == GroupState.RUNNING && rollout.state() == RolloutState.RUNNING) {
        GroupVerdict verdict =
            GroupVerdict.of(
                rollout.plan().groups().get(group.number()),
                targets.stream().filter(one -> one.group() == group.number()).toList(),
                group.since(),
                rollout.plan().absentSeconds(),
                clock.instant());
        waits.put(group.number(), verdict.why());
      }
    }
    return waits;
  }

  private List<Gateway> selected(RolloutPlan plan) throws RolloutException {
    List<Gateway> selected = Fleet.of(gateways, PAGE, plan.selection());
    if (plan.selection() instanceof Selection.Listed listed) {
      Set<String> unknown = new HashSet<>(listed.ids());
      selected.forEach(one -> unknown.remove(one.id()));
      if (!unknown.isEmpty()) {
        throw new RolloutException(
            "gateway.unknown",
            "gateways "
                + unknown.stream().sorted().toList()
                + " are not known here; enrol them with POST /api/v1/gateways");
      }
    }
    if (selected.isEmpty()) {
      throw new RolloutException(
          "rollout.no_gateways",
          "fleet matches [0] gateways; GET /api/v1/gateways lists what there is");
    }
    return selected;
  }

  private static void requireAlone(Handle h, RolloutPlan plan, List<Gateway> selected)
      throws RolloutException {
    for (Rollout other : RolloutStore.open(h)) {
      if (other.plan().slots().stream().noneMatch(plan.slots()::contains)) {
        continue;
      }
      for (Gateway gateway : selected) {
        if (other.plan().selection().takes(gateway)
            || RolloutStore.isTarget(h, other.id(), gateway.id())) {
          throw new RolloutException(
              "rollout.overlap",
              "rollout ["
                  + other.id()
                  + "] is "
                  + other.state()
                  + " and changes the same on gateway ["
                  + gateway.id()
                  + "]; wait until it has ended, or abort it");
        }
      }
    }
  }

  /** Starts one that waits: only READY ones, and those that are about to be. */
  public void start(long id, By by) throws RolloutException {
    change(
        id,
        (rollout, to) -> {
          require(rollout, "started", Set.of(RolloutState.CREATING, RolloutState.READY));
          RolloutStore.start(to.h(), id, to.now());
          RolloutStore.record(
              to.h(),
              id,
              to.now(),
              to.who(),
              "",
              rollout.state().name(),
              rollout.state().name(),
              ("to be started now " + by.why()).strip());
        },
        by);
  }

  /** Issues nothing more: only RUNNING ones. What was issued goes on. */
  public void pause(long id, By by) throws RolloutException {
    change(
        id,
        (rollout, to) -> {
          require(rollout, "paused", Set.of(RolloutState.STARTING, RolloutState.RUNNING));
          to.rollout(rollout.state(), RolloutState.PAUSED, by.why());
        },
        by);
  }

  /**
   * Goes on: only PAUSED ones. Failures so far are accepted and count no more.
   *
   * @param retry instead, gateways that failed get the deployment again
   */
  public void resume(long id, boolean retry, By by) throws RolloutException {
    change(
        id,
        (rollout, to) -> {
          require(rollout, "resumed", Set.of(RolloutState.PAUSED));
          for (Target one : RolloutStore.targets(to.h(), id)) {
            if (one.state() == TargetState.FAILED && !one.accepted()) {
              Target again = retry ? one.again(to.now()) : one.withAcceptedFailure();
              to.target(one, again, retry ? "tried again" : "its failure is accepted");
            } else if (one.state() == TargetState.SUPERSEDED && !one.accepted()) {
              to.target(one, one.withAcceptedFailure(), "it goes on without it");
            }
          }
          List<Group> groups = RolloutStore.groups(to.h(), id);
          for (Group group : groups) {
            if (group.state() == GroupState.ERROR) {
              to.group(group, GroupState.RUNNING, "resumed");
            }
          }
          to.rollout(rollout.state(), RolloutState.RUNNING, by.why());
        },
        by);
  }

  /**
   * Ends it: one that is not ended, or a FINISHED one that is taken back. Gateways that it has not
   * succeeded on get their former artifacts.
   *
   * @param takeBack those that it has succeeded on, too
   */
  public void abort(long id, boolean takeBack, By by) throws RolloutException {
    change(
        id,
        (rollout, to) -> {
          boolean may =
              rollout.state() == RolloutState.FINISHED
                  ? takeBack
                  : rollout.state() != RolloutState.STOPPED
                      && rollout.state() != RolloutState.STOPPING;
          if (!may) {
            throw wrongState(
                rollout,
                "aborted",
                "one that is not ended; a FINISHED one can be taken back (take_back)");
          }
          RolloutStore.takeBack(to.h(), id, takeBack);
          RolloutStore.attend(to.h(), id, true);
          String how = takeBack ? "takes back what has succeeded, too; " : "";
          to.rollout(rollout.state(), RolloutState.STOPPING, (how + by.why()).strip());
        },
        by);
  }

  @FunctionalInterface
  private interface Step {
    void apply(Rollout rollout, Transition to) throws RolloutException;
  }

  @FunctionalInterface
  private interface Work<T> {
    T apply(Handle h) throws RolloutException;
  }

  private void change(long id, Step step, By by) throws RolloutException {
    inTransaction(
        h -> {
          Rollout rollout = RolloutStore.lock(h, id).orElseThrow(() -> unknown(id));
          step.apply(rollout, new Transition(h, id, by.who(), clock.instant()));
          return true;
        });
    store.sync();
    wake.run();
  }

  /** Jdbi wraps what is thrown into nothing where it is told its type. */
  private <T> T inTransaction(Work<T> work) throws RolloutException {
    return store.jdbi().<T, RolloutException>inTransaction(work::apply);
  }

  public static RolloutException unknown(long id) {
    return new RolloutException(
        "rollout.unknown",
        "rollout [" + id + "] is not known here; GET /api/v1/rollouts lists what is");
  }

  private static void require(Rollout rollout, String what, Set<RolloutState> states)
      throws RolloutException {
    if (!states.contains(rollout.state())) {
      throw wrongState(rollout, what, states.stream().sorted().toList().toString());
    }
  }

  private static RolloutException wrongState(Rollout rollout, String what, String rule) {
    return new RolloutException(
        "rollout.wrong_state",
        "rollout ["
            + rollout.id()
            + "] is "
            + rollout.state()
            + " and cannot be "
            + what
            + "; it must be "
            + rule);
  }
}
