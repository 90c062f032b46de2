package io.selvedge.protocol.feature;

/** Features of the time alone, UTC. */
final class Calendar {

  private static final long MILLIS_PER_DAY = 86_400_000;

  /** 1970-01-01 was a Thursday, the fourth day of a week that begins on Monday. */
  private static final long DAYS_FROM_MONDAY = 3;

  private Calendar() {}

  static double at(FeatureOp op, long epochMillis) {
    return switch (op) {
      case DAY_SIN -> Math.sin(angle(epochMillis));
      case DAY_COS -> Math.cos(angle(epochMillis));
      case WEEKEND -> isWeekend(epochMillis) ? 1 : 0;
      default -> throw new IllegalArgumentException("op [" + op.json() + "] needs an input");
    };
  }

  private static double angle(long epochMillis) {
    return 2 * Math.PI * Math.floorMod(epochMillis, MILLIS_PER_DAY) / MILLIS_PER_DAY;
  }

  private static boolean isWeekend(long epochMillis) {
    return Math.floorMod(Math.floorDiv(epochMillis, MILLIS_PER_DAY) + DAYS_FROM_MONDAY, 7L) >= 5;
  }
}
