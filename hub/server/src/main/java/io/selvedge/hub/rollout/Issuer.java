package io.selvedge.hub.rollout;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.hub.deploy.Deployer;
import io.selvedge.hub.deploy.Deployer.Change;
import io.selvedge.hub.deploy.Deployer.Slot;
import io.selvedge.hub.deploy.Terms;
import io.selvedge.hub.store.Deployment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Issues revisions for gateways of rollouts: the new artifacts in a group's turn, the former ones
 * after an abortion. Each in a transaction of its own that also notes it with the rollout, so that
 * none is issued twice or forgotten. Confined to one thread.
 */
final class Issuer {

  private static final int AT_ONCE = 50;
  private static final Duration BETWEEN_SENDS = Duration.ofSeconds(30);

  private final RolloutStore store;
  private final Deployer deployer;
  private final String hub;
  private final Clock clock;
  private final Map<String, Instant> sent = new HashMap<>();

  Issuer(RolloutStore store, Deployer deployer, String hub, Clock clock) {
    this.store = store;
    this.deployer = deployer;
    this.hub = hub;
    this.clock = clock;
  }

  /** Issues for some of them, at most a few dozen at a time; true where any was. */
  boolean issue(long id, List<String> gateways) {
    List<Deployment> issued = new ArrayList<>();
    for (String gateway : gateways.subList(0, Math.min(AT_ONCE, gateways.size()))) {
      store.jdbi().inTransaction(h -> issue(h, id, gateway)).ifPresent(issued::add);
    }
    if (issued.isEmpty()) {
      return false;
    }
    store.sync(); // a revision that a gateway may have seen must never be given again
    issued.forEach(this::send);
    return true;
  }

  /** Sends what was issued and, as far as is known, never arrived. */
  void sendAgain(long id, List<String> gateways) {
    Instant now = clock.instant();
    for (String gateway : gateways) {
      Instant last = sent.getOrDefault(gateway, Instant.EPOCH);
      if (last.plus(BETWEEN_SENDS).isBefore(now)) {
        deployer.newest(gateway).ifPresent(this::send);
      }
    }
  }

  private void send(Deployment deployment) {
    sent.put(deployment.gateway(), clock.instant());
    deployer.send(deployment);
  }

  /** Whether an abortion gives the gateway its former artifacts again. */
  boolean withdraws(Rollout rollout, Target target) {
    boolean wanted =
        switch (target.state()) {
          case ISSUED, INSTALLING, TRIAL, FAILED -> true;
          case DONE -> rollout.takeBack();
          default -> false;
        };
    return wanted && target.revision() > 0;
  }

  /** Whether the newest that the gateway shall run still is what the rollout wants there. */
  boolean stillWanted(Handle h, Rollout rollout, Target target) {
    Optional<List<Artifact>> wanted = deployer.newest(h, target.gateway()).map(Deployer::artifacts);
    return target.state() == TargetState.TAKING_BACK
        ? wanted.filter(all -> rollout.plan().inSlots(all).equals(target.former())).isPresent()
        : wanted.filter(rollout.plan()::isIn).isPresent();
  }

  private Optional<Deployment> issue(Handle h, long id, String gateway) {
    Optional<Rollout> rollout = RolloutStore.lock(h, id);
    Optional<Target> target = RolloutStore.target(h, id, gateway);
    if (rollout.isEmpty() || target.isEmpty()) {
      return Optional.empty();
    }
    Transition to = new Transition(h, id, hub, clock.instant());
    return switch (rollout.get().state()) {
      case RUNNING, FINISHED ->
          target.get().state() == TargetState.ISSUED
              ? recall(rollout.get(), target.get(), to)
              : forward(rollout.get(), target.get(), to);
      case PAUSED -> recall(rollout.get(), target.get(), to);
      case STOPPING -> back(rollout.get(), target.get(), to);
      default -> Optional.empty();
    };
  }

  private Optional<Deployment> forward(Rollout rollout, Target target, Transition to) {
    if (target.state() != TargetState.SCHEDULED) {
      return Optional.empty();
    }
    RolloutPlan plan = rollout.plan();
    Terms terms = plan.terms().ofRollout(rollout.id());
    Deployer.Issued issued =
        deployer.issue(
            to.h(), target.gateway(), new Change(plan.added(), plan.removed(), Optional.of(terms)));
    boolean again = target.issued().isPresent() && plan.isIn(issued.base());
    List<Artifact> former = again ? target.former() : plan.inSlots(issued.base());
    Target moved = moved(target, TargetState.ISSUED, issued.deployment(), former, to);
    to.target(target, moved, "revision [" + moved.revision() + "]");
    return Optional.of(issued.deployment());
  }

  /**
   * A gateway that went away before it got its revision shall not find that one when it is back:
   * the former artifacts take its place, and its turn comes again.
   */
  private Optional<Deployment> recall(Rollout rollout, Target target, Transition to) {
    boolean ungotten =
        target.state() == TargetState.ISSUED
            && target.absent().isPresent()
            && deployer.unheard(to.h(), target.gateway(), target.revision());
    if (!ungotten || !stillWanted(to.h(), rollout, target)) {
      return Optional.empty();
    }
    Deployer.Issued issued =
        deployer.issue(
            to.h(),
            target.gateway(),
            new Change(target.former(), rollout.plan().slots(), Optional.of(Terms.NONE)));
    to.target(
        target,
        target.again(to.now()),
        "not connected since ["
            + target.absent().get()
            + "]; revision ["
            + target.revision()
            + "] is recalled");
    return Optional.of(issued.deployment());
  }

  private Optional<Deployment> back(Rollout rollout, Target target, Transition to) {
    if (!withdraws(rollout, target)) {
      return Optional.empty();
    }
    if (!stillWanted(to.h(), rollout, target)) {
      to.target(
          target,
          target.as(TargetState.SUPERSEDED, to.now(), "", "", target.report()),
          "somebody has deployed something else there");
      return Optional.empty();
    }
    Set<Slot> slots = rollout.plan().slots();
    Deployer.Issued issued =
        deployer.issue(
            to.h(), target.gateway(), new Change(target.former(), slots, Optional.of(Terms.NONE)));
    Target moved = moved(target, TargetState.TAKING_BACK, issued.deployment(), target.former(), to);
    to.target(target, moved, "revision [" + moved.revision() + "] with the former artifacts");
    return Optional.of(issued.deployment());
  }

  private static Target moved(
      Target target,
      TargetState state,
      Deployment deployment,
      List<Artifact> former,
      Transition to) {
    return new Target(
        target.gateway(),
        target.group(),
        state,
        to.now(),
        deployment.revision(),
        Optional.of(to.now()),
        former,
        "",
        target.state() == TargetState.FAILED ? target.code() + ' ' + target.message() : "",
        state == TargetState.ISSUED ? "{}" : target.report(),
        target.accepted(),
        target.absent());
  }
}
