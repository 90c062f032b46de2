package io.selvedge.bench;

import java.util.Locale;

/** Numbers as a person reads them. */
final class Numbers {

  private Numbers() {}

  /** Three or more significant digits, groups of three: 0.0123, 4.56, 78.9, 12,345. */
  static String text(double value) {
    double size = Math.abs(value);
    if (size == Math.rint(size) && size < 1e15) {
      return String.format(Locale.ROOT, "%,d", (long) value);
    }
    if (size >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
