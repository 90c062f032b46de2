package io.selvedge.api.uplink;

import java.time.Instant;

/**
 * What the way to the hub costs and can bear, and why that is said of it.
 *
 * @param state what it is
 * @param cause who says so
 * @param since when it became so
 * @param text for people: what was measured, which hours
 */
public record LinkReason(LinkState state, Cause cause, Instant since, String text) {

  /** Who says what a link is. */
  public enum Cause {
    /** The configuration. */
    CONFIGURED,
    /** Publishing was found to be slow. */
    MEASURED,
    /** The hour. */
    SCHEDULE,
    /** Somebody switched it. */
    BY_HAND
  }
}
