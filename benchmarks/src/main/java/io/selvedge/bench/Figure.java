package io.selvedge.bench;

import java.util.Optional;

/**
 * One thing that was measured.
 *
 * @param name what, short, lower case: "outbox / bare group commit, 100 B"
 * @param value finite; what could not be measured is no figure but ends the bench
 * @param unit "messages/s", "MiB", "ms" …; empty for ratios and counts
 * @param limit what it must keep to; empty: it is only told
 * @param note how it came about, or its spread; may be empty
 */
public record Figure(String name, double value, String unit, Optional<Limit> limit, String note) {

  public Figure {
    if (name.isBlank()) {
      throw new IllegalArgumentException("figure name [" + name + "] must say what was measured");
    }
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "figure [" + name + "] is [" + value + "]; it must be a finite number");
    }
  }

  /** True where it has no limit or keeps to it. */
  public boolean passes() {
    return limit.map(its -> its.holds(value)).orElse(true);
  }
}
