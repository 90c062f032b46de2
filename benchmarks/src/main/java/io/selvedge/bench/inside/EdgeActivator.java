package io.selvedge.bench.inside;

import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.MeasurementListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;

/**
 * Hears measurements as a flow does. Each of the channel {@code bench/edge} becomes a line of the
 * file {@code bench.edges} in the instance's data: nanoseconds from the kernel's time of the edge,
 * and of them those until the device loop had the reading.
 */
public final class EdgeActivator implements BundleActivator, MeasurementListener {

  private static final int FIRST = 1000;

  private Path file = Path.of("bench.edges"); // set when it starts

  @Override
  public void start(BundleContext context) throws IOException {
    file = Path.of(context.getProperty("selvedge.data"), "bench.edges");
    Files.writeString(file, "");
    // Told first, as flows are: to be told after them would measure what they do with it, too.
    context.registerService(
        MeasurementListener.class,
        this,
        FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, FIRST)));
  }

  @Override
  public void measured(List<Measurement> row) {
    long nanos = System.nanoTime();
    Instant now = Instant.now();
    Measurement first = row.get(0);
    if (first.device().equals("bench") && first.channel().id().equals("edge")) {
      long late = Duration.between(first.time(), now).toNanos();
      String line = late + " " + (late - (nanos - first.nanos())) + "\n";
      try {
        Files.write(file, line.getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes back what was registered
  }
}
