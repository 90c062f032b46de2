package io.selvedge.hub.rollout;

import io.selvedge.hub.deploy.Deployer;
import io.selvedge.hub.store.Gateways;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves rollouts on: each second, and at once when somebody did something to one. */
public final class RolloutLoop implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RolloutLoop.class);
  private static final long LOOK_MILLIS = 1000;
  private static final int ENDED_EACH = 3;

  private final RolloutStore store;
  private final RolloutMachine machine;
  private final Semaphore work = new Semaphore(1); // look once at the start
  private final Set<Long> failing = new HashSet<>();
  private final Thread thread = new Thread(this::loop, "hub-rollouts");
  private volatile boolean open = true;

  /**
   * @param hub this hub's name: who does what nobody asked for
   */
  public RolloutLoop(
      RolloutStore store, Gateways gateways, Deployer deployer, String hub, Clock clock) {
    this.store = store;
    this.machine =
        new RolloutMachine(store, gateways, new Issuer(store, deployer, hub, clock), hub, clock);
  }

  public void start() {
    thread.start();
  }

  /** Looks at once. */
  public void wake() {
    work.release();
  }

  private void loop() {
    int round = 0;
    while (open) {
      try {
        boolean unused = work.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        work.drainPermits();
        round(round++ % ENDED_EACH == 0);
        failing.remove(0L);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) { // the store is away
        failed(0L, e);
      }
    }
  }

  private void round(boolean ended) {
    for (long id : store.attended(ended)) {
      if (!open) {
        return;
      }
      try {
        machine.work(id);
        if (failing.remove(id)) {
          log.info("Rollout {} goes on", id);
        }
      } catch (RuntimeException e) { // one rollout must not keep the others from moving
        failed(id, e);
      }
    }
  }

  /** Told once, until it works again. 0: all of them. */
  private void failed(long id, RuntimeException e) {
    if (failing.add(id)) {
      log.warn(id == 0 ? "Rollouts wait: the store does not answer" : "Rollout {} waits", id, e);
    }
  }

  @Override
  public void close() {
    open = false;
    thread.interrupt();
    try {
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
