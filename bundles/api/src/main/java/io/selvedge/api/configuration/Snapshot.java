package io.selvedge.api.configuration;

import java.time.Instant;
import java.util.Objects;

/**
 * The configuration as it was at one moment.
 *
 * @param id rises; the milliseconds since 1970 when it was taken, or one more than the one before
 * @param time when it was taken, UTC
 * @param why what was changed and by whom, for people: {@code changed: io.selvedge.mqtt}
 * @param files how many files it holds
 * @param bytes its size on disk
 */
public record Snapshot(long id, Instant time, String why, int files, long bytes) {

  public Snapshot {
    Objects.requireNonNull(time, "time must not be null");
    Objects.requireNonNull(why, "why must not be null; give an empty one");
  }
}
