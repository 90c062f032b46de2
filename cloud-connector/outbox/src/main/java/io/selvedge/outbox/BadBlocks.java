package io.selvedge.outbox;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which places of which files cannot be read, and for how long. A place is waited for {@link
 * #PATIENCE_NANOS}, whatever else is read meanwhile; at the opening of the outbox all places
 * together. In a file in which one was given up, no other one is waited for. Thread-safe.
 */
final class BadBlocks {

  static final long PATIENCE_NANOS = 30_000_000_000L;

  private final Map<Path, Place> places = new ConcurrentHashMap<>();
  private volatile boolean opening = true;
  private boolean begun;
  private long openingSince;

  /** The first read of a file that failed, and has not succeeded since. */
  private record Place(long from, long to, long since, boolean givenUp) {}

  /** It could be read. */
  void read(Path file, long from, long to) {
    Place place = places.get(file);
    if (place != null && !place.givenUp && from <= place.from && to >= place.to) {
      places.remove(file, place);
    }
  }

  /** It could not; whether it may still be possible later. */
  synchronized boolean isToBeWaitedFor(Path file, long from, long to, long now) {
    if (!begun) {
      begun = true;
      openingSince = now;
    }
    Place place = places.computeIfAbsent(file, f -> new Place(from, to, now, false));
    long since = opening ? openingSince : place.since;
    return !place.givenUp && now - since < PATIENCE_NANOS;
  }

  /** Whether that came after the first failure in this file that lasts. */
  boolean isSince(Path file, long nanos) {
    Place place = places.get(file);
    return place != null && nanos != Long.MIN_VALUE && nanos - place.since > 0;
  }

  /** It was read around. */
  void giveUp(Path file) {
    places.computeIfPresent(file, (f, is) -> new Place(is.from, is.to, is.since, true));
  }

  /** What is said of this file is of another use of it. */
  void forget(Path file) {
    places.remove(file);
  }

  /** Whether the outbox has not looked at all that is there yet. */
  boolean isOpening() {
    return opening;
  }

  void opened() {
    opening = false;
  }
}
