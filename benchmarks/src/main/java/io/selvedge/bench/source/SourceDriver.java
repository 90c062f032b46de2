package io.selvedge.bench.source;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.uplink.Uplink;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Rows of readings. The first channel of a row holds the monotonic time at which it was read, in
 * nanoseconds, which is the same in all processes of a Linux machine.
 */
final class SourceDriver implements Driver {

  static final int CHANNELS = 10;

  /** Less than a flow's queue holds, so that none is dropped there. */
  private static final int MOST_UNDER_WAY = 5000;

  private static final int MOST_AT_ONCE = 1000;

  private final Supplier<Optional<Uplink>> uplink;
  private volatile Run run = new Run(0, 1, 0, 0);
  private Instant last = Instant.EPOCH;

  /** What is to be produced; the counts are the bus thread's own. */
  private static final class Run {
    private final long rows;
    private final int channels;
    private final long intervalNanos;
    private final long deliveredBefore;
    private final long begun = System.nanoTime();
    private long produced;

    Run(long rows, int channels, long perSecond, long deliveredBefore) {
      this.rows = rows;
      this.channels = channels;
      this.intervalNanos = perSecond == 0 ? 0 : 1_000_000_000 / perSecond;
      this.deliveredBefore = deliveredBefore;
    }

    /** How many rows are due now. */
    long due(Optional<Uplink> uplink) {
      long left = rows - produced;
      if (left == 0 || uplink.isEmpty()) {
        return 0;
      }
      if (intervalNanos > 0) {
        return Math.min(left, (System.nanoTime() - begun) / intervalNanos - produced);
      }
      long delivered = uplink.get().status().delivered() - deliveredBefore;
      return Math.min(Math.min(left, MOST_AT_ONCE), MOST_UNDER_WAY - (produced - delivered));
    }
  }

  SourceDriver(Supplier<Optional<Uplink>> uplink) {
    this.uplink = uplink;
  }

  /**
   * Begins to produce.
   *
   * @param channels of each row, 1 to {@value #CHANNELS}
   * @param perSecond 0: as fast as they are delivered
   * @param deliveredBefore the uplink's count before the first of them
   */
  void produce(long rows, int channels, long perSecond, long deliveredBefore) {
    run = new Run(rows, channels, perSecond, deliveredBefore);
  }

  @Override
  public List<Channel> channels() {
    return IntStream.range(0, CHANNELS).mapToObj(i -> Channel.whole(id(i), "ns")).toList();
  }

  private static String id(int channel) {
    return "c" + channel;
  }

  @Override
  public List<Reading> read() {
    Run now = run;
    long due = now.due(uplink.get());
    List<Reading> readings = new ArrayList<>();
    Instant time = Instant.now().truncatedTo(ChronoUnit.MICROS);
    for (long i = 0; i < due; i++) {
      time = time.isAfter(last) ? time : last.plus(1, ChronoUnit.MICROS);
      last = time;
      long value = System.nanoTime();
      for (int channel = 0; channel < now.channels; channel++) {
        readings.add(Reading.of(id(channel), value).at(time));
      }
      now.produced++;
    }
    return readings;
  }
}
