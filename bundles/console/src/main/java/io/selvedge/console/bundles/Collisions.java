package io.selvedge.console.bundles;

import java.io.IOException;
import java.util.Locale;
import org.osgi.framework.BundleException;

/**
 * Changes of bundles while others change some, too. Where two threads would wait for each other for
 * ever, Felix ends the wait of one ({@code Felix.acquireBundleLock}), and says so by nothing but
 * the message of the exception: that one is to try again.
 */
final class Collisions {

  private static final int TRIES = 40;
  private static final long PAUSE_MILLIS = 250;

  private Collisions() {}

  /** Starts, stops, installs or updates a bundle; may be called more than once. */
  interface Change {
    void run() throws BundleException, IOException;
  }

  /**
   * Makes a change, up to forty times within ten seconds while others are in its way.
   *
   * @throws BundleException where it fails for another reason, or still after that time
   */
  static void insist(Change change) throws BundleException, IOException, InterruptedException {
    for (int tried = 1; ; tried++) {
      try {
        change.run();
        return;
      } catch (BundleException | IllegalStateException e) {
        if (!isCollision(e) || tried == TRIES) {
          throw e;
        }
      }
      boolean felix = Thread.interrupted(); // its way to end the wait, which may have come late
      Thread.sleep(felix ? 1 : PAUSE_MILLIS);
    }
  }

  /** Whether another change was in the way, by the messages of Felix 7. */
  static boolean isCollision(Exception e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("global lock")
        || (message.contains("since it is")
            && (message.contains("starting") || message.contains("stopping")));
  }
}
