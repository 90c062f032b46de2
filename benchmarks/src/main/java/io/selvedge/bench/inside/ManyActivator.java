package io.selvedge.bench.inside;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.MeasurementListener;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** A hundred devices on four I2C buses, each read ten times a second, for as long as it runs. */
public final class ManyActivator implements BundleActivator {

  private static final int FIRST_ADDRESS = 0x08;
  private static final int BUSES = 4;
  private static final int DEVICES = 25; // of each
  private static final long INTERVAL_MS = 100;

  @Override
  public void start(BundleContext context) {
    Path file = Path.of(context.getProperty("selvedge.data"), "bench.many");
    context.registerService(MeasurementListener.class, new Gaps(file, INTERVAL_MS), null);
    Buses buses =
        Objects.requireNonNull(
            context.getService(context.getServiceReference(Buses.class)), "the gateway has buses");
    for (int i = 0; i < BUSES * DEVICES; i++) {
      String bus = "hwsim-" + i % BUSES;
      context.registerService(
          Driver.class,
          new RegisterDriver(buses.i2c(bus), FIRST_ADDRESS + i / BUSES),
          FrameworkUtil.asDictionary(
              Map.of("device.id", "many-" + i, "bus", bus, "interval.ms", INTERVAL_MS)));
    }
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes back what was registered
  }
}
