package io.selvedge.bench.probe;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.MeasurementListener;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Hears the rows of all probes and counts those that did not arrive, and how far each gap between
 * two reads was from the interval; counts updates and starts of bundles, too. A device itself:
 * {@code probe-sum}.
 */
final class ProbeListener implements MeasurementListener, SynchronousBundleListener, Driver {

  private static final int MOST_ERRORS = 1 << 20;

  private final Map<String, Long> last = new HashMap<>();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong updates = new AtomicLong();
  private final AtomicLong starts = new AtomicLong();
  private final float[] errors = new float[MOST_ERRORS];
  private int count;

  @Override
  public void measured(List<Measurement> row) {
    Measurement first = row.get(0);
    if (!first.channel().id().equals("reads")) { // not one of a probe
      return;
    }
    long number = (long) first.value().number().orElse(0);
    synchronized (last) {
      Long before = last.put(first.device(), number);
      lost.addAndGet(before == null ? 0 : number - before - 1);
      errors[count++ % MOST_ERRORS] = (float) row.get(2).value().number().orElse(0);
    }
    rows.incrementAndGet();
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    if (event.getType() == BundleEvent.UPDATED) {
      updates.incrementAndGet();
    } else if (event.getType() == BundleEvent.STARTED) {
      starts.incrementAndGet();
    }
  }

  @Override
  public List<Channel> channels() {
    return List.of(
        Channel.whole("rows", "1"),
        Channel.whole("lost", "1"),
        Channel.whole("updates", "1"),
        Channel.whole("starts", "1"),
        Channel.decimal("jitter_p99", "ms").writable());
  }

  @Override
  public List<Reading> read() {
    return List.of(
        Reading.of("rows", rows.get()),
        Reading.of("lost", lost.get()),
        Reading.of("updates", updates.get()),
        Reading.of("starts", starts.get()),
        Reading.of("jitter_p99", percentile()));
  }

  /** A write begins the percentile anew. */
  @Override
  public void write(String channel, Value value) {
    synchronized (last) {
      count = 0;
    }
  }

  private double percentile() {
    float[] sorted;
    synchronized (last) {
      sorted = Arrays.copyOf(errors, Math.min(count, MOST_ERRORS));
    }
    if (sorted.length == 0) {
      return 0;
    }
    Arrays.sort(sorted);
    return sorted[(int) (sorted.length * 0.99)];
  }
}
