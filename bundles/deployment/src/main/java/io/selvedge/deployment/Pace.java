package io.selvedge.deployment;

/**
 * How many bytes may be under way. The window is what the link carries in two round trips and a
 * fifth of a second: it grows while the link gives more for it, and what waits in the link's queues
 * before everything else stays short. A loss halves it. A budget in bytes a second is a bucket that
 * fills with time. Times are of {@link System#nanoTime}; not thread-safe.
 */
final class Pace {

  static final int LEAST_WINDOW = 64 << 10;
  private static final int FIRST_WINDOW = 256 << 10;
  private static final double QUEUE_SECONDS = 0.2;
  private static final long MEASURE_BYTES = 1 << 20;
  private static final long MEASURE_NANOS = 100_000_000L;
  private static final long CALM_NANOS = 500_000_000L;
  private static final double NANOS = 1e9;

  private final int mostWindow;
  private final double bytesPerSecond;

  private double window = FIRST_WINDOW;
  private double roundTrip = Double.POSITIVE_INFINITY;
  private double rate;
  private long since;
  private long busy;
  private long measured;
  private double tokens;
  private long filledAt;
  private long calmUntil;

  /**
   * @param mostWindow bytes; memory never holds more
   * @param bytesPerSecond 0: no budget
   */
  Pace(int mostWindow, long bytesPerSecond, long now) {
    this.mostWindow = Math.max(LEAST_WINDOW, mostWindow);
    this.bytesPerSecond = bytesPerSecond;
    since = now;
    filledAt = now;
    calmUntil = now;
    tokens = LEAST_WINDOW;
  }

  /** Bytes that may be asked for now, beside those under way; 0 where it is not worth a request. */
  long allowed(long underWay, long now) {
    long room = window() - underWay;
    if (underWay > 0 && room < window() / 2) {
      return 0;
    }
    if (bytesPerSecond == 0) {
      return room;
    }
    tokens = Math.min(most(), tokens + (now - filledAt) / NANOS * bytesPerSecond);
    filledAt = now;
    return tokens < LEAST_WINDOW ? 0 : (long) Math.min((double) room, tokens);
  }

  /** A second's quarter at most is saved up, and one block. */
  private double most() {
    return Math.max(LEAST_WINDOW, bytesPerSecond / 4.0);
  }

  /** A request goes out. */
  void asked(long bytes, long underWay, long now) {
    if (underWay == 0) {
      since = now; // the time before says nothing of the link
    }
    tokens -= bytesPerSecond == 0 ? 0 : bytes;
  }

  /** Bytes came. */
  void came(int bytes, long now) {
    measured += bytes;
    busy += now - since;
    since = now;
    if (busy >= MEASURE_NANOS || measured >= MEASURE_BYTES) {
      double recent = measured / (Math.max(1, busy) / NANOS);
      rate = rate == 0 ? recent : (rate + recent) / 2;
      measured = 0;
      busy = 0;
      if (roundTrip < Double.POSITIVE_INFINITY && now >= calmUntil) {
        window = Math.max(LEAST_WINDOW, rate * (2 * roundTrip + QUEUE_SECONDS));
      }
    }
  }

  /** So long a request took to its first block. */
  void roundTrip(long nanos) {
    roundTrip = Math.min(roundTrip, nanos / NANOS);
  }

  /** What was under way is lost: half as much may be, for a while at least. */
  void lost(long now) {
    window = Math.max(LEAST_WINDOW, Math.min(window, (double) mostWindow) / 2);
    calmUntil = now + CALM_NANOS;
    since = now;
  }

  int window() {
    return (int) Math.min(window, (double) mostWindow);
  }

  /**
   * How long nothing may come before what is under way counts as lost.
   *
   * @param stalls how often that was so already, since something came
   */
  long patienceNanos(long underWay, int stalls) {
    double trip = roundTrip < Double.POSITIVE_INFINITY ? roundTrip : 1;
    double carrying = rate > 0 ? (double) underWay / rate : 0.5;
    return (long) (NANOS * Math.min(20, (0.5 + 4 * trip + 2 * carrying) * (1 << stalls)));
  }
}
