package io.selvedge.core;

import io.selvedge.api.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bounds how many events go up: each source and code, and all together, may be told often at once
 * and then at a steady pace. What comes too often is held; the newest of each source and code goes
 * up when its turn comes, with the number of those that it stands for, so that the hub always ends
 * up knowing the newest. Used by one thread.
 */
final class EventMeter {

  static final int BURST = 5;
  static final Duration PACE = Duration.ofMinutes(1);
  static final int BURST_OF_ALL = 200;
  static final Duration PACE_OF_ALL = Duration.ofSeconds(1);
  static final int MOST_KINDS = 2000;

  /**
   * An event that may go up.
   *
   * @param suppressed how many of its source and code did not, since the last one that did
   */
  record Passed(Event event, long suppressed) {}

  /** Source and code. */
  private record Kind(String source, String code) {}

  private static final class Held {
    private final Allowance allowance;
    private Optional<Event> newest = Optional.empty();
    private long suppressed;

    Held(Allowance allowance) {
      this.allowance = allowance;
    }
  }

  /** So many at once, then one each time the pace has passed. */
  private static final class Allowance {
    private final int burst;
    private final long pace;
    private double left;
    private long since;

    Allowance(int burst, Duration pace, long now) {
      this.burst = burst;
      this.pace = pace.toNanos();
      this.left = burst;
      this.since = now;
    }

    boolean any(long now) {
      left = Math.min(burst, left + (double) (now - since) / pace);
      since = now;
      return left >= 1;
    }

    void take() {
      left -= 1;
    }
  }

  private final Allowance all;
  private final Map<Kind, Held> kinds = new LinkedHashMap<>(16, 0.75f, true);
  private int holding;

  /**
   * @param now a clock that only goes forward, in nanoseconds; so are all that follow
   */
  EventMeter(long now) {
    all = new Allowance(BURST_OF_ALL, PACE_OF_ALL, now);
  }

  /** The event where it may go up now; otherwise it is held in place of those before it. */
  Optional<Passed> offer(Event event, long now) {
    Held held =
        kinds.computeIfAbsent(
            new Kind(event.source(), event.code()),
            kind -> new Held(new Allowance(BURST, PACE, now)));
    boolean kindMay = held.allowance.any(now);
    if (kindMay && all.any(now)) {
      return Optional.of(pass(held, event, held.newest.isPresent() ? 1 : 0));
    }
    if (held.newest.isPresent()) {
      held.suppressed++;
    } else {
      holding++;
    }
    held.newest = Optional.of(event);
    forget();
    return Optional.empty();
  }

  /** What was held and may go up now, the least lately told first. */
  List<Passed> due(long now) {
    List<Passed> due = new ArrayList<>();
    for (Held held : List.copyOf(kinds.values())) {
      if (held.newest.isPresent() && held.allowance.any(now) && all.any(now)) {
        due.add(pass(held, held.newest.get(), 0));
      }
    }
    return due;
  }

  /** Whether anything waits for its turn. */
  boolean holds() {
    return holding > 0;
  }

  private Passed pass(Held held, Event event, int neverToBeTold) {
    held.allowance.take();
    all.take();
    long suppressed = held.suppressed + neverToBeTold;
    if (held.newest.isPresent()) {
      holding--;
    }
    held.newest = Optional.empty();
    held.suppressed = 0;
    return new Passed(event, suppressed);
  }

  private void forget() {
    Iterator<Held> oldest = kinds.values().iterator();
    while (kinds.size() > MOST_KINDS) {
      if (oldest.next().newest.isPresent()) {
        holding--;
      }
      oldest.remove();
    }
  }
}
