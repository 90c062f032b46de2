package io.selvedge.bench.probe;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.MeasurementListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;

/**
 * Registers buses without hardware in place of the machine's, and the probes that the file {@code
 * bench.probes} of the instance's data asks for: a line each, {@code DEVICE BUS INTERVAL_MS}.
 */
public final class ProbeActivator implements BundleActivator {

  private static final int RANKING = 1000;

  @Override
  public void start(BundleContext context) throws Exception {
    ProbeListener sum = new ProbeListener();
    context.addBundleListener(sum);
    context.registerService(
        Buses.class,
        new ProbeBuses(),
        FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, RANKING)));
    context.registerService(MeasurementListener.class, sum, null);
    register(context, sum, "probe-sum", "probe-sum", 200);
    Path file = Path.of(context.getProperty("selvedge.data"), "bench.probes");
    for (String line : Files.readAllLines(file)) {
      List<String> words = List.of(line.split(" ", -1));
      long interval = Long.parseLong(words.get(2));
      ProbeDriver driver = new ProbeDriver(TimeUnit.MILLISECONDS.toNanos(interval));
      register(context, driver, words.get(0), words.get(1), interval);
    }
  }

  private static void register(
      BundleContext context, Driver driver, String device, String bus, long interval) {
    context.registerService(
        Driver.class,
        driver,
        FrameworkUtil.asDictionary(
            Map.of("device.id", device, "bus", bus, "interval.ms", interval)));
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes back what was registered
  }
}
