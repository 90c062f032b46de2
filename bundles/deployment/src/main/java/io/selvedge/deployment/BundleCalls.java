package io.selvedge.deployment;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts, stops and uninstalls bundles of deployments, whose own code may hang in that: each call
 * has a thread of its own, {@code selvedge-bundle}, and a time. One that is late is interrupted;
 * where it ignores that it is left behind, and its bundle with it: the framework lets nobody touch
 * a bundle that is just starting or stopping. It is uninstalled as soon as its code comes back,
 * else it is gone with the process. Called on the deployment's thread only.
 */
final class BundleCalls {

  /** As the framework's {@code start}, {@code stop} and {@code uninstall}. */
  interface Call {
    void on(Bundle bundle) throws BundleException;
  }

  private static final Logger log = LoggerFactory.getLogger(BundleCalls.class);
  private static final int START = Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY;
  private static final Duration INTERRUPTED = Duration.ofSeconds(5);

  private final Supplier<Duration> limit;
  private final Set<Bundle> hanging = ConcurrentHashMap.newKeySet();

  /**
   * @param limit how long the code of a bundle may take
   */
  BundleCalls(Supplier<Duration> limit) {
    this.limit = limit;
  }

  /** Whether it was left behind. */
  boolean isHanging(Bundle bundle) {
    return hanging.contains(bundle);
  }

  /** Starts it until the next stop of the gateway only. */
  void start(Bundle bundle) throws BundleException {
    call("start", bundle, b -> b.start(START));
  }

  void startAgain(Bundle bundle) {
    try {
      start(bundle);
    } catch (BundleException e) {
      log.error("Bundle [{}] does not start again", bundle.getLocation(), e);
    }
  }

  void stop(Bundle bundle) {
    try {
      call("stop", bundle, b -> b.stop(Bundle.STOP_TRANSIENT));
    } catch (BundleException e) {
      log.warn("Bundle [{}] made an error while it stopped", bundle.getLocation(), e);
    }
  }

  void uninstall(Bundle bundle) {
    if (bundle.getState() == Bundle.UNINSTALLED) {
      return;
    }
    try {
      call("stop", bundle, Bundle::uninstall);
    } catch (BundleException e) {
      log.warn("Bundle [{}] made an error while it went", bundle.getLocation(), e);
    }
  }

  private void call(String what, Bundle bundle, Call call) throws BundleException {
    if (isHanging(bundle)) {
      throw late(bundle, "still does not " + what);
    }
    Running running = new Running(bundle, call);
    running.thread.start();
    try {
      if (!running.done.await(limit.get().toMillis(), TimeUnit.MILLISECONDS)) {
        giveUp(what, running);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the gateway stops
      running.thread.interrupt();
      throw new LateException("it does not " + what + ", because the gateway stops");
    }
    running.rethrow();
  }

  /** Returns where it comes to its end on being interrupted, and no start was asked for. */
  private void giveUp(String what, Running running) throws BundleException, InterruptedException {
    running.thread.interrupt();
    if (!running.done.await(INTERRUPTED.toMillis(), TimeUnit.MILLISECONDS)
        && running.leaveBehind()) {
      log.error(
          "Bundle [{}] hangs while it is to {}; it stands at {}",
          running.bundle.getLocation(),
          what,
          running.thread.getStackTrace());
      throw late(running.bundle, "does not " + what);
    }
    if (what.equals("start")) {
      throw late(running.bundle, "does not " + what);
    }
  }

  private LateException late(Bundle bundle, String what) {
    return new LateException(
        "bundle ["
            + bundle.getSymbolicName()
            + "] "
            + what
            + ", for which it has ["
            + limit.get().toSeconds()
            + " s]");
  }

  /** One call. */
  private final class Running implements Runnable {

    final Bundle bundle;
    final CountDownLatch done = new CountDownLatch(1);
    final Thread thread = new Thread(this, "selvedge-bundle");
    private final Call call;
    private Optional<Throwable> failure = Optional.empty();
    private boolean ended;

    Running(Bundle bundle, Call call) {
      this.bundle = bundle;
      this.call = call;
      thread.setDaemon(true);
    }

    @Override
    public void run() {
      Optional<Throwable> how = Optional.empty();
      try {
        call.on(bundle);
      } catch (BundleException | RuntimeException | Error e) {
        how = Optional.of(e);
      }
      end(how);
    }

    private synchronized void end(Optional<Throwable> how) {
      failure = how;
      ended = true;
      done.countDown();
      if (hanging.remove(bundle)) {
        comeBack();
      }
    }

    /**
     * It was given up: nothing of it is wanted any more. The framework gives up at once where it is
     * to wait for its own locks on a thread that is still interrupted.
     */
    private void comeBack() {
      try {
        Thread.interrupted();
        bundle.uninstall();
        log.warn("Bundle [{}] came back and was uninstalled", bundle.getLocation());
      } catch (BundleException | IllegalStateException e) {
        log.warn("Bundle [{}] came back and made an error", bundle.getLocation(), e);
      }
    }

    /** False where it has just ended. */
    synchronized boolean leaveBehind() {
      return !ended && hanging.add(bundle);
    }

    /** An error of the virtual machine is the bundle's as well: a class that is not there. */
    synchronized void rethrow() throws BundleException {
      if (failure.isPresent()) {
        Throwable cause = failure.get();
        throw cause instanceof BundleException known
            ? known
            : new BundleException("failed", BundleException.ACTIVATOR_ERROR, cause);
      }
    }
  }
}
