package io.selvedge.console.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Five wrong codes from one address lock that address out for a minute; others, such as the
 * operator's own, go on. Thread-safe; remembers the last 1000 addresses.
 */
final class Lockout {

  static final int MOST_WRONG = 5;
  static final Duration LOCKED = Duration.ofMinutes(1);
  private static final int MAX_ADDRESSES = 1000;

  private record Tries(int wrong, Instant last) {}

  private final Clock clock;
  private final Map<String, Tries> tries =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tries> eldest) {
          return size() > MAX_ADDRESSES;
        }
      };

  Lockout(Clock clock) {
    this.clock = clock;
  }

  /** How long an address has still to wait; zero where it may try. */
  synchronized Duration wait(String address) {
    Tries past = tries.get(address);
    if (past == null || past.wrong() < MOST_WRONG) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(clock.instant(), past.last().plus(LOCKED));
    if (left.isNegative() || left.isZero() || left.compareTo(LOCKED) > 0) {
      tries.remove(address);
      return Duration.ZERO;
    }
    return left;
  }

  /** Counts a wrong code; true where it is the one that locks the address out. */
  synchronized boolean wrong(String address) {
    Tries past = tries.getOrDefault(address, new Tries(0, clock.instant()));
    Tries now = new Tries(past.wrong() + 1, clock.instant());
    tries.put(address, now);
    return now.wrong() == MOST_WRONG;
  }

  synchronized void right(String address) {
    tries.remove(address);
  }
}
