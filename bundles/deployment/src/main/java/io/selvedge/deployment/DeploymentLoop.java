package io.selvedge.deployment;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.protocol.deployment.DeploymentException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of this bundle, {@code selvedge-deployment}: works when woken, and again after a
 * growing pause where something has to be tried again, or each second while something is on trial.
 * A connection that comes back ends the pause.
 */
final class DeploymentLoop {

  private static final Logger log = LoggerFactory.getLogger(DeploymentLoop.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final Duration JOIN = Duration.ofSeconds(10);

  private final Twin twin;
  private final HubLink hub;
  private final TrustedKeys keys;
  private final Events events;
  private final Semaphore wakeUps = new Semaphore(0);
  private final AtomicBoolean askHub = new AtomicBoolean();
  private final AtomicInteger failures = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "selvedge-deployment");
  private volatile boolean stopping;
  private boolean diskFailed;

  DeploymentLoop(Twin twin, HubLink hub, TrustedKeys keys, Events events) {
    this.twin = twin;
    this.hub = hub;
    this.keys = keys;
    this.events = events;
  }

  void start() {
    thread.start();
  }

  void wake() {
    wakeUps.release();
  }

  /** The connection is up: tell the hub what is and ask what shall be. */
  void connected() {
    askHub.set(true);
    failures.set(0);
    wake();
  }

  /**
   * Ends the thread; a transfer under way is kept and goes on at the next start.
   *
   * @return whether it has ended
   */
  boolean close() {
    stopping = true;
    thread.interrupt();
    try {
      thread.join(JOIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.error(
          "thread [{}] did not end within [{}]; it stands at {}",
          thread.getName(),
          JOIN,
          thread.getStackTrace());
      return false;
    }
    return true;
  }

  private void run() {
    while (!stopping) {
      try {
        boolean done = once();
        if (done || twin.isTrying()) {
          failures.set(0);
        }
        if (done && !twin.isTrying()) {
          wakeUps.acquire();
        } else {
          // The end of the pause is not needed: either way it is time to work again.
          boolean unused = wakeUps.tryAcquire(pause().toMillis(), TimeUnit.MILLISECONDS);
        }
        wakeUps.drainPermits();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private boolean once() throws InterruptedException {
    try {
      boolean asked = ask();
      boolean done = twin.work();
      diskFailed = false;
      return asked && done;
    } catch (IOException e) {
      if (!stopping && !diskFailed) {
        diskFailed = true;
        events.report(
            Event.Severity.ERROR,
            "deployment",
            "deployment.disk_failed",
            "the disk does not take or give what deployments need: "
                + e
                + "; what is live goes on; check the disk");
      }
      return false;
    } catch (RuntimeException e) {
      log.error("a step of the deployment failed; it is tried again", e);
      return false;
    }
  }

  private boolean ask() throws IOException, InterruptedException {
    if (!askHub.getAndSet(false)) {
      return true;
    }
    try {
      hub.report(twin.status());
      changeKeys();
      var envelope = hub.desired();
      if (envelope.isPresent()) {
        twin.offer(envelope.get(), false);
      }
      return true;
    } catch (TransferException e) {
      log.debug("asked again later", e);
      askHub.set(true);
      return false;
    } catch (DeploymentException e) {
      return true; // the twin has said so
    }
  }

  /** Those that were made before are passed over, those that are not for us are left to the hub. */
  private void changeKeys() throws TransferException, IOException, InterruptedException {
    for (byte[] change : hub.keys()) {
      try {
        boolean unused = keys.change(change);
      } catch (DeploymentException e) {
        log.debug("A change of key that does not concern this gateway, or not yet", e);
      }
    }
  }

  private Duration pause() {
    if (twin.isTrying()) {
      return FIRST_PAUSE;
    }
    int doublings = Math.min(failures.getAndIncrement(), 10);
    long most = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << doublings);
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
  }
}
