package io.selvedge.protocol.feature;

/** Numbers over a part of a history. Two passes, so that large offsets do not cost precision. */
final class Statistics {

  private static final double MILLIS_PER_MINUTE = 60_000.0;

  private Statistics() {}

  /**
   * @param oldest index of the first value
   * @param newest index of the last value, not less than the first
   */
  static double over(FeatureOp op, History history, int oldest, int newest) {
    return switch (op) {
      case MEAN -> mean(history, oldest, newest);
      case MIN -> min(history, oldest, newest);
      case MAX -> max(history, oldest, newest);
      case STD -> std(history, oldest, newest);
      case SLOPE -> slope(history, oldest, newest);
      case DELTA -> history.value(newest) - history.value(oldest);
      default -> throw new IllegalArgumentException("op [" + op.json() + "] has no window");
    };
  }

  private static double mean(History history, int oldest, int newest) {
    double sum = 0;
    for (int i = oldest; i <= newest; i++) {
      sum += history.value(i);
    }
    return sum / (newest - oldest + 1);
  }

  private static double min(History history, int oldest, int newest) {
    double min = history.value(oldest);
    for (int i = oldest + 1; i <= newest; i++) {
      min = Math.min(min, history.value(i));
    }
    return min;
  }

  private static double max(History history, int oldest, int newest) {
    double max = history.value(oldest);
    for (int i = oldest + 1; i <= newest; i++) {
      max = Math.max(max, history.value(i));
    }
    return max;
  }

  private static double std(History history, int oldest, int newest) {
    double mean = mean(history, oldest, newest);
    double squares = 0;
    for (int i = oldest; i <= newest; i++) {
      double off = history.value(i) - mean;
      squares += off * off;
    }
    return Math.sqrt(squares / (newest - oldest + 1));
  }

  /** Least squares over minutes before the newest value; 0 where all are of one time. */
  private static double slope(History history, int oldest, int newest) {
    long origin = history.time(newest);
    double meanTime = 0;
    for (int i = oldest; i <= newest; i++) {
      meanTime += history.time(i) - origin;
    }
    meanTime /= newest - oldest + 1;
    double meanValue = mean(history, oldest, newest);
    double products = 0;
    double squares = 0;
    for (int i = oldest; i <= newest; i++) {
      double minutes = (history.time(i) - origin - meanTime) / MILLIS_PER_MINUTE;
      products += minutes * (history.value(i) - meanValue);
      squares += minutes * minutes;
    }
    return squares == 0 ? 0 : products / squares;
  }
}
