package io.selvedge.console.bundles;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleException;

/**
 * Changes of bundles while others change some, too. Where two threads would wait for each other for
 * ever, Felix interrupts one ({@code Felix.acquireBundleLock}), whose change fails, and says so by
 * nothing but the message of the exception: that one is to try again.
 */
final class Collisions {

  private static final int TRIES = 40;
  private static final long PAUSE_MILLIS = 250;

  private Collisions() {}

  /** Starts or updates a bundle; may be called more than once. */
  interface Change {
    void run() throws BundleException, IOException;
  }

  /**
   * Makes a change, up to forty times while others are in its way. For a thread that nobody but
   * Felix interrupts.
   *
   * @throws BundleException where it fails for another reason, or the fortieth time
   */
  static void insist(Change change) throws BundleException, IOException {
    for (int tried = 1; ; tried++) {
      try {
        change.run();
        return;
      } catch (BundleException | IllegalStateException e) {
        if (!isCollision(e) || tried == TRIES) {
          throw e;
        }
      } finally {
        boolean unused = Thread.interrupted(); // it may have come when the wait was over already
      }
      pause();
    }
  }

  static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
  }

  /** Whether another change was in the way, by the messages of Felix 7. */
  static boolean isCollision(Exception e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("global lock") || message.contains("bundle lock");
  }
}
