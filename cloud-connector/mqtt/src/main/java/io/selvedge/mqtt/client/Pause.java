package io.selvedge.mqtt.client;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt.
 *
 * <p>Where nobody answers at the address, or something there takes connections and says nothing, an
 * attempt costs the broker nothing: it is made again after 0.1 to 1.2 s, so that data flows within
 * 2 s of the network's return. Where the broker answers, and does not take the gateway or drops it
 * again, the longest pause doubles with every attempt, from 0.5 s; the pause is drawn between
 * nothing and that (full jitter), so that a fleet does not come back in step. An attempt directly
 * after a working connection waits 0 to 0.2 s.
 */
public final class Pause {

  private static final long AGAIN_MILLIS = 200;
  private static final long UNREACHABLE_MILLIS = 100;
  private static final long UNREACHABLE_SPREAD_MILLIS = 1100;
  private static final long FIRST_MILLIS = 500;

  private final Duration longest;
  private final DoubleSupplier random;
  private int refusals;

  /**
   * Begins as after a working connection.
   *
   * @param longest the most that a refusal may cost
   * @param random gives numbers from 0 to below 1
   */
  public Pause(Duration longest, DoubleSupplier random) {
    this.longest = longest;
    this.random = random;
  }

  /** Before the next attempt, where there was a connection that worked. */
  public Duration afterWorking() {
    refusals = 0;
    return spread(0, AGAIN_MILLIS);
  }

  /** Before the next attempt, where nobody answers at the address. */
  public Duration afterUnreachable() {
    return spread(UNREACHABLE_MILLIS, UNREACHABLE_SPREAD_MILLIS);
  }

  /** Before the next attempt, where the broker did not take this client or dropped it again. */
  public Duration afterRefusal() {
    long most = Math.min(longest.toMillis(), FIRST_MILLIS << Math.min(refusals, 20));
    refusals++;
    return spread(0, most);
  }

  private Duration spread(long least, long range) {
    return Duration.ofMillis(least + (long) (random.getAsDouble() * range));
  }
}
