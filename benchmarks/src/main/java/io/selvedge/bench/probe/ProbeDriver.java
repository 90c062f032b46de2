package io.selvedge.bench.probe;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.util.List;

/**
 * A device that finds out by itself whether it is read when it should be: reads lie on a grid of
 * its interval, and a slot of the grid without a read is a missed reading.
 */
final class ProbeDriver implements Driver {

  private static final double NANOS_PER_MS = 1e6;

  private final long interval;
  private long reads;
  private long missed;
  private long base = Long.MAX_VALUE;
  private long last;
  private double late;

  ProbeDriver(long intervalNanos) {
    this.interval = intervalNanos;
  }

  @Override
  public List<Channel> channels() {
    return List.of(
        Channel.whole("reads", "1"),
        Channel.whole("missed", "1"),
        Channel.decimal("gap_error", "ms"),
        Channel.decimal("late_most", "ms"));
  }

  @Override
  public List<Reading> read() {
    long now = System.nanoTime();
    double gapError = last == 0 ? 0 : Math.abs(now - last - interval) / NANOS_PER_MS;
    last = now;
    base = Math.min(base, now - (reads + missed) * interval);
    missed = Math.max(missed, (now - base) / interval - reads);
    late = Math.max(late, (now - base - (reads + missed) * interval) / NANOS_PER_MS);
    reads++;
    return List.of(
        Reading.of("reads", reads),
        Reading.of("missed", missed),
        Reading.of("gap_error", gapError),
        Reading.of("late_most", late));
  }
}
