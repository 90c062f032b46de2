package io.selvedge.deployment;

/**
 * How many bytes may be under way. The window grows where the first blocks of a request let the
 * gateway wait longer than those behind them: the request came too late, the link ran dry. Else it
 * shrinks slowly, so that it stays about as small as it can be with the link full: what is under
 * way is lost in a cut, and stands in the link before everything else. It is never more than the
 * link carries in half a second and two round trips, and never more than half of what came. A loss
 * halves it. After a cut it is a part of what came since, or what a round trip demands: a link that
 * is cut often shall carry little in vain. A budget in bytes a second is a bucket that fills with
 * time. Times are of {@link System#nanoTime}; not thread-safe.
 */
final class Pace {

  static final int LEAST_WINDOW = 64 << 10;
  private static final int FIRST_WINDOW = 256 << 10;
  private static final int TRUSTED_WINDOW = 2 << 20; // without anything that came
  private static final double FIRST_GROWTH = 4; // until the link was full once
  private static final double GROWTH = 2;
  private static final double DECAY = 0.98;
  private static final double SHARE = 0.1; // of the newest in a moving mean
  private static final double MOST_SECONDS = 0.5;
  private static final double SHARE_OF_CAME = 1 / 2.0;
  private static final double SHARE_AFTER_CUT = 1 / 32.0;
  private static final double NANOS = 1e9;
  private static final long LEAST_WAIT_NANOS = 500_000L;
  private static final long CALM_NANOS = 500_000_000L;
  private static final long MEASURE_NANOS = 100_000_000L;
  private static final long MEASURE_BYTES = 1 << 20;

  private final int mostWindow;
  private final double budget;
  private final Courtesy courtesy;

  private double limit;
  private double depth;
  private double window = FIRST_WINDOW;
  private double roundTrip = Double.POSITIVE_INFINITY;
  private double usualWait;
  private double rate;
  private double growth = FIRST_GROWTH;
  private long came;
  private boolean careful;
  private int request;
  private long since;
  private long busy;
  private long measured;
  private double tokens;
  private long filledAt;
  private long calmUntil;

  /**
   * @param mostWindow bytes
   * @param bytesPerSecond 0: no budget
   * @param courtesy to messages
   */
  Pace(int mostWindow, long bytesPerSecond, Courtesy courtesy, long now) {
    this.mostWindow = Math.max(LEAST_WINDOW, mostWindow);
    this.courtesy = courtesy;
    budget = bytesPerSecond == 0 ? Courtesy.FREE : bytesPerSecond;
    limit = budget;
    since = now;
    filledAt = now;
    calmUntil = now;
    tokens = LEAST_WINDOW;
  }

  /** Bytes that may be asked for now, beside those under way; 0 where it is not worth a request. */
  long allowed(long underWay, long now) {
    fill(now);
    long room = window() - underWay;
    if (underWay > 0 && room < window() / 2) {
      return 0;
    }
    double wanted = isGentle() ? Math.min((double) room, depth) : LEAST_WINDOW;
    return tokens < wanted ? 0 : (long) Math.min((double) room, tokens);
  }

  /** A second's quarter at most is saved up, while messages flow one burst; and one block. */
  private void fill(long now) {
    double polite = courtesy.rate(now);
    limit = Math.min(budget, polite);
    depth = Math.max(LEAST_WINDOW, budget / 4);
    if (polite < Courtesy.FREE) {
      depth = Math.min(depth, courtesy.burst());
    }
    double saved = isLimited() ? tokens + (now - filledAt) / NANOS * limit : depth;
    tokens = Math.min(depth, saved);
    filledAt = now;
  }

  private boolean isLimited() {
    return limit < Courtesy.FREE;
  }

  /** Whether it holds back for messages. */
  boolean isGentle() {
    return limit < budget;
  }

  /** So long it may take until more is allowed, while nothing comes; 0: it takes no time. */
  long nanosToMore() {
    return isLimited() ? (long) Math.max(0, (depth - tokens) / limit * NANOS) : 0;
  }

  /** A request goes out. */
  void asked(long bytes, long underWay, long now) {
    if (underWay == 0) {
      since = now; // the time before says nothing of the link
    }
    tokens -= isLimited() ? bytes : 0;
  }

  /**
   * Bytes came.
   *
   * @param of the request that they belong to
   * @param waited how long there was nothing to do before
   */
  void came(int bytes, int of, long waited, long now) {
    measure(bytes, now);
    courtesy.came(bytes);
    came += bytes;
    if (of == request) {
      usualWait += (waited - usualWait) * SHARE;
      return;
    }
    request = of;
    if (now < calmUntil || (isLimited() && !isGentle())) {
      return; // what a budget lets through says nothing of the link
    }
    boolean ranDry = waited > LEAST_WAIT_NANOS + 2 * usualWait;
    growth = ranDry ? growth : GROWTH;
    window = Math.min(Math.min(window * (ranDry ? growth : DECAY), carried()), mostWindow);
    window = Math.max(LEAST_WINDOW, window);
  }

  /** What may be under way by all that is known of the link. */
  private double carried() {
    if (careful) {
      double demanded = roundTrip < Double.POSITIVE_INFINITY ? rate * roundTrip : 0;
      return Math.max(came * SHARE_AFTER_CUT, demanded);
    }
    double link = Math.max(FIRST_WINDOW, rate * (MOST_SECONDS + 2 * finiteTrip()));
    return Math.min(link, Math.max(TRUSTED_WINDOW, came * SHARE_OF_CAME));
  }

  private void measure(int bytes, long now) {
    measured += bytes;
    busy += now - since;
    since = now;
    if (rate == 0) {
      rate = bytes / (Math.max(1, busy) / NANOS); // the round trip counts: less than it is
      return;
    }
    if (busy >= MEASURE_NANOS || measured >= MEASURE_BYTES) {
      double recent = measured / (Math.max(1, busy) / NANOS);
      rate = rate == 0 ? recent : (rate + recent) / 2;
      measured = 0;
      busy = 0;
    }
  }

  private double finiteTrip() {
    return roundTrip < Double.POSITIVE_INFINITY ? roundTrip : 1;
  }

  /** So long a request took to its first block. */
  void roundTrip(long nanos) {
    roundTrip = Math.min(roundTrip, nanos / NANOS);
  }

  /** What was under way is lost: half as much may be, for a while at least. */
  void lost(long now) {
    window = Math.max(LEAST_WINDOW, window / 2);
    calmUntil = now + CALM_NANOS;
    since = now;
  }

  /** The connection ended with this under way, which is lost. */
  void cut(long now) {
    careful = true;
    came = 0;
    growth = GROWTH;
    window = Math.max(LEAST_WINDOW, Math.min(window, carried()));
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
    double carrying = rate > 0 ? (double) underWay / rate : 0.5;
    return (long) (NANOS * Math.min(20, (0.5 + 4 * finiteTrip() + 2 * carrying) * (1 << stalls)));
  }
}
