package io.selvedge.driver.scd4x;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.CheckedWords;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Sensirion SCD40, SCD41 (data sheet of 2021, version 1.2), measuring by itself each five seconds.
 * Where it has nothing new there is no reading.
 */
@Component(
    configurationPid = "io.selvedge.driver.scd4x",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Scd4xConfig.class, factory = true)
public final class Scd4xDriver implements Driver {

  private static final List<Channel> CHANNELS =
      List.of(
          Channel.decimal("co2", "[ppm]"),
          Channel.decimal("temperature", "Cel"),
          Channel.decimal("humidity", "%"));

  // commands and how long they take: 3.4, table 9
  private static final int[] START = {0x21, 0xb1};
  private static final int[] STOP = {0x3f, 0x86};
  private static final int STOP_MILLIS = 500;
  private static final int[] IS_READY = {0xe4, 0xb8};
  private static final int READY_BITS = 0x7ff;
  private static final int[] MEASUREMENT = {0xec, 0x05};
  private static final int ANSWER_MILLIS = 1;

  /** Four measurements: one that says for longer that it has nothing new does not measure. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private static final double FULL_SCALE = 65535;

  private final LongSupplier nanoTime;
  private boolean measuring;
  private long heard; // when it was started, or had something new

  private final I2cBus bus;
  private final int address;

  @Activate
  public Scd4xDriver(@Reference(name = "buses") Buses buses, Scd4xConfig config) {
    this(buses, config, System::nanoTime);
  }

  Scd4xDriver(Buses buses, Scd4xConfig config, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.bus = buses.i2c(config.bus());
    this.address = I2cBus.address(config.address());
  }

  @Override
  public List<Channel> channels() {
    return CHANNELS;
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    try {
      if (!measuring) {
        start();
      }
      if ((ask(IS_READY, 1)[0] & READY_BITS) == 0) {
        if (nanoTime.getAsLong() - heard > PATIENCE_NANOS) {
          throw new DeviceException(
              "it measures nothing; it may have lost its power, and is started");
        }
        return List.of();
      }
      heard = nanoTime.getAsLong();
      int[] words = ask(MEASUREMENT, 3);
      return List.of(
          Reading.of("co2", (double) words[0]),
          Reading.of("temperature", -45 + 175 * words[1] / FULL_SCALE), // 3.5.2
          Reading.of("humidity", 100 * words[2] / FULL_SCALE));
    } catch (DeviceException e) {
      measuring = false; // it may have lost its power
      throw e;
    }
  }

  /** While it measures it takes no start (3.5), so it is stopped before. */
  private void start() throws DeviceException, InterruptedException {
    bus.write(address, STOP);
    Thread.sleep(STOP_MILLIS);
    bus.write(address, START);
    measuring = true;
    heard = nanoTime.getAsLong();
  }

  private int[] ask(int[] command, int words) throws DeviceException, InterruptedException {
    bus.write(address, command);
    Thread.sleep(ANSWER_MILLIS);
    return CheckedWords.of(bus.read(address, words * CheckedWords.SIZE));
  }
}
