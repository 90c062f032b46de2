package io.selvedge.mqtt.client;

import java.time.Duration;

/**
 * How long an attempt to connect may take. Short, since a network that returns is found by the next
 * attempt and not by one that began before; four times as long as the last connection took to make,
 * for links that are slow; and every fourth attempt as long as is allowed, for links that have
 * become slow. Once a connection has been made, every sixteenth. For one thread.
 */
public final class Patience {

  private static final Duration SHORT = Duration.ofMillis(1500);
  private static final int OFTEN = 4;
  private static final int SELDOM = 16;

  private final Duration longest;
  private Duration usual = SHORT;
  private int attempts;
  private int every = OFTEN;

  /**
   * Begins without knowing the link.
   *
   * @param longest that an attempt may take
   */
  public Patience(Duration longest) {
    this.longest = longest;
  }

  /** For the next attempt. */
  public Duration next() {
    attempts++;
    return attempts % every == 0 || usual.compareTo(longest) > 0 ? longest : usual;
  }

  /** A connection has been made, and took so long. */
  public void worked(Duration took) {
    Duration slack = took.multipliedBy(4);
    usual = slack.compareTo(SHORT) > 0 ? slack : SHORT;
    attempts = 0;
    every = SELDOM;
  }
}
