package io.selvedge.mqtt;

import io.selvedge.mqtt.client.Endpoints;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Looks from time to time whether the first of several brokers is back, while another one serves.
 * Looking is on a thread of its own; after a look that led nowhere the next one takes twice as
 * long, up to an hour. All else is on the uplink's thread.
 */
final class Preferred {

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration REACH = Duration.ofSeconds(3);

  private final List<URI> endpoints;
  private final Duration first;
  private Duration pause;
  private long lookedAt;
  private boolean away;
  private volatile boolean looking;
  private volatile boolean back;

  /**
   * @param first after so long it is looked for the first time
   */
  Preferred(List<URI> endpoints, Duration first) {
    this.endpoints = List.copyOf(endpoints);
    this.first = first;
    pause = first;
  }

  URI endpoint() {
    return endpoints.get(0);
  }

  /** A connection has been made, to this one. */
  void begin(URI connected) {
    away = !connected.equals(endpoints.get(0));
    if (!away) {
      pause = first;
    } else if (back) { // it answered, and still did not take the connection
      pause = twice(pause);
    }
    back = false;
    lookedAt = System.nanoTime();
  }

  private static Duration twice(Duration pause) {
    Duration longer = pause.multipliedBy(2);
    return longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
  }

  /** Whether it answered when it was looked for. */
  boolean isBack() {
    if (away && !back && !looking && System.nanoTime() - lookedAt > pause.toNanos()) {
      lookedAt = System.nanoTime();
      looking = true;
      Thread thread = new Thread(this::look, "selvedge-uplink-look");
      thread.setDaemon(true);
      thread.start();
    }
    return back;
  }

  private void look() {
    back = Endpoints.isReachable(endpoints.get(0), REACH);
    looking = false;
  }
}
