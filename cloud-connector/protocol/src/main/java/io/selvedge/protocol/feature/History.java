package io.selvedge.protocol.feature;

/**
 * The newest values of one input: two primitive rings, times never falling. It keeps what is not
 * older than {@code retainMillis} before the newest, and the one value before that (a lag may need
 * it); at most {@code most} values. One thread.
 */
final class History {

  private static final int FIRST_CAPACITY = 64;

  private final long retainMillis;
  private final int most;
  private long[] times = new long[FIRST_CAPACITY];
  private double[] values = new double[FIRST_CAPACITY];
  private int head;
  private int size;

  History(long retainMillis, int most) {
    this.retainMillis = retainMillis;
    this.most = most;
  }

  int size() {
    return size;
  }

  void clear() {
    head = 0;
    size = 0;
  }

  /** Time of the i-th value, 0 is the oldest. */
  long time(int i) {
    return times[(head + i) & (times.length - 1)];
  }

  /** The i-th value, 0 is the oldest. */
  double value(int i) {
    return values[(head + i) & (values.length - 1)];
  }

  /** True where this value would be older than one that is there. */
  boolean isBackwards(long time) {
    return size > 0 && time < time(size - 1);
  }

  /** Takes a value that is not older than the newest. */
  void add(long time, double value) {
    while (size > 1 && time(1) < time - retainMillis) {
      dropOldest();
    }
    if (size == most) {
      dropOldest();
    }
    if (size == times.length) {
      grow();
    }
    int at = (head + size) & (times.length - 1);
    times[at] = time;
    values[at] = value;
    size++;
  }

  /** Index of the first value that is not older than this; {@link #size()} where all are. */
  int firstFrom(long time) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (time(middle) < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Index of the newest value that is not newer than this; -1 where all are newer. */
  int lastUpTo(long time) {
    return time == Long.MAX_VALUE ? size - 1 : firstFrom(time + 1) - 1;
  }

  private void dropOldest() {
    head = (head + 1) & (times.length - 1);
    size--;
  }

  private void grow() {
    long[] longer = new long[times.length * 2];
    double[] more = new double[longer.length];
    for (int i = 0; i < size; i++) {
      longer[i] = time(i);
      more[i] = value(i);
    }
    times = longer;
    values = more;
    head = 0;
  }
}
