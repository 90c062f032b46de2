package io.selvedge.api.uplink;

import java.time.Duration;
import java.util.List;

/**
 * How messages fare on their way to the broker: for whatever else uses line and disk, and shall not
 * stand before them. Without the messages in which deployments report how far they are.
 *
 * @param sinceSent since one was handed to the connection; {@link #NEVER} where none was
 * @param stored urgent messages, from acceptance until they are on the disk
 * @param acknowledged messages, from the connection to the broker's acknowledgement
 */
public record Traffic(Duration sinceSent, Delays stored, Delays acknowledged) {

  /** Longer than anything else. */
  public static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);

  /** Nothing was ever sent, or this uplink does not count. */
  public static final Traffic NONE = new Traffic(NEVER, Delays.NONE, Delays.NONE);

  /**
   * How long one step took.
   *
   * @param count how many messages took it, since the start
   * @param newest how long it took for those that took it last, oldest first
   */
  public record Delays(long count, List<Duration> newest) {

    public static final Delays NONE = new Delays(0, List.of());

    /** The most that are kept. */
    public static final int MOST = 256;

    public Delays {
      newest = List.copyOf(newest);
    }

    /** Those of the messages since then, as far as they are kept. */
    public List<Duration> since(long countThen) {
      int fresh = (int) Math.max(0, Math.min(count - countThen, newest.size()));
      return newest.subList(newest.size() - fresh, newest.size());
    }
  }
}
