package io.selvedge.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.TimeUnit;

/**
 * Asks a hub again where a reply was lost: it may be starting anew, or the line is bad. Only where
 * it has answered before: an address that is wrong is said at once.
 */
final class PatientHub {

  /** Seconds of patience where nothing is said. */
  static final long USUAL = 120;

  private static final long FIRST_MILLIS = 500;
  private static final long LONGEST_MILLIS = 15_000;

  private final HubClient hub;
  private final long seconds;
  private final Deadline deadline;
  private boolean answered;

  /**
   * @param seconds so long it is asked again since the first reply that was lost
   * @param deadline never longer than that
   */
  PatientHub(HubClient hub, long seconds, Deadline deadline) {
    this.hub = hub;
    this.seconds = seconds;
    this.deadline = deadline;
  }

  /**
   * What it answers.
   *
   * @throws HubException also with {@link ExitCodes#TIMEOUT}, where the deadline passes before it
   *     answers again
   */
  JsonNode get(String path) throws InterruptedException {
    long since = 0;
    long pause = FIRST_MILLIS;
    boolean lost = false;
    while (true) {
      try {
        JsonNode answer = answered ? hub.get(path, deadline.left()) : hub.get(path);
        if (lost) {
          System.err.println("selvedge: the hub answers again");
        }
        answered = true;
        return answer;
      } catch (HubException e) {
        if (!answered || !e.passing()) {
          throw e;
        }
        since = lost ? since : System.nanoTime(); // not since it was asked: that may take a minute
        long left = seconds - TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
        if (deadline.passed()) {
          throw new HubException(
              ExitCodes.TIMEOUT, "time is up after " + deadline + ": " + e.getMessage());
        }
        if (left <= 0) {
          throw e;
        }
        long most = Math.min(TimeUnit.SECONDS.toMillis(left), deadline.left().toMillis());
        if (!lost) {
          System.err.println(
              "selvedge: "
                  + e.getMessage()
                  + "; it is asked again for ["
                  + Math.min(seconds, deadline.left().toSeconds() + 1)
                  + "] s");
        }
        lost = true;
        TimeUnit.MILLISECONDS.sleep(Math.max(1, Math.min(pause, most)));
        pause = Math.min(LONGEST_MILLIS, pause * 2);
      }
    }
  }
}
