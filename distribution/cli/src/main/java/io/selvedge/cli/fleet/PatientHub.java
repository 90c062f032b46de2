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
  private boolean answered;

  /**
   * @param seconds so long it is asked again since the first reply that was lost
   */
  PatientHub(HubClient hub, long seconds) {
    this.hub = hub;
    this.seconds = seconds;
  }

  JsonNode get(String path) throws InterruptedException {
    long begun = System.nanoTime();
    long pause = FIRST_MILLIS;
    boolean lost = false;
    while (true) {
      try {
        JsonNode answer = hub.get(path);
        if (lost) {
          System.err.println("selvedge: the hub answers again");
        }
        answered = true;
        return answer;
      } catch (HubException e) {
        long left = seconds - TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
        if (!answered || !e.passing() || left <= 0) {
          throw e;
        }
        if (!lost) {
          System.err.println(
              "selvedge: " + e.getMessage() + "; it is asked again for [" + seconds + "] s");
        }
        lost = true;
        TimeUnit.MILLISECONDS.sleep(Math.min(pause, TimeUnit.SECONDS.toMillis(left)));
        pause = Math.min(LONGEST_MILLIS, pause * 2);
      }
    }
  }
}
