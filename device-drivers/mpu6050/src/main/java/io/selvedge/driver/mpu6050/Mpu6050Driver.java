package io.selvedge.driver.mpu6050;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Choices;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** InvenSense MPU-6050 (register map RM-MPU-6000A, revision 4.2). */
@Component(
    configurationPid = "io.selvedge.driver.mpu6050",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Mpu6050Config.class, factory = true)
public final class Mpu6050Driver implements Driver {

  // registers: 3
  private static final int SETTINGS = 0x19; // rate, filter, range of turn, range of acceleration
  private static final int FILTER_184_HZ = 1; // samples 1000 a second (4.3)
  private static final int FIFO_SOURCES = 0x23;
  private static final int ACCELERATION = 0x08;
  private static final int DATA = 0x3b;
  private static final int FIFO_CONTROL = 0x6a;
  private static final int FIFO_EMPTY = 0x04; // taken only while the queue is off
  private static final int FIFO_ON = 0x40;
  private static final int FIFO_BYTES = 1024;
  private static final int TRIES = 3;
  private static final int POWER = 0x6b;
  private static final int GYROSCOPE_CLOCK = 0x01; // awake
  private static final int FIFO_COUNT = 0x72;
  private static final int FIFO = 0x74;
  private static final int SETTLE_MILLIS = 50; // until its registers hold what it measures
  private static final int WHO_AM_I = 0x75;
  private static final int MPU6050 = 0x68;

  private static final List<String> RANGES = List.of("2", "4", "8", "16");
  private static final double COUNTS_PER_DEGREE = 131; // 250 degrees a second (4.19)
  private static final String[] AXES = {"x", "y", "z"};

  private final I2cBus bus;
  private final int address;
  private final int range;
  private final Optional<Vibration> vibration;

  @Activate
  public Mpu6050Driver(@Reference(name = "buses") Buses buses, Mpu6050Config config) {
    this.bus = buses.i2c(config.bus());
    this.address = I2cBus.address(config.address());
    this.range = RANGES.indexOf(Choices.of("range.g", "" + config.range_g(), RANGES).get(0));
    this.vibration =
        config.vibration() ? Optional.of(new Vibration(config.bands())) : Optional.empty();
  }

  @Override
  public List<Channel> channels() {
    List<Channel> channels = new ArrayList<>();
    for (String axis : AXES) {
      channels.add(Channel.decimal("acceleration_" + axis, "[g]"));
      channels.add(Channel.decimal("turn_" + axis, "deg/s"));
    }
    channels.add(Channel.decimal("temperature", "Cel"));
    vibration.ifPresent(v -> channels.addAll(v.channels()));
    return channels;
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    setUp();
    ByteBuffer data = ByteBuffer.wrap(bus.readRegister(address, DATA, 14)); // 4.17 to 4.19
    List<Reading> readings = new ArrayList<>();
    for (String axis : AXES) {
      readings.add(Reading.of("acceleration_" + axis, data.getShort() / countsPerG()));
    }
    readings.add(Reading.of("temperature", data.getShort() / 340.0 + 36.53));
    for (String axis : AXES) {
      readings.add(Reading.of("turn_" + axis, data.getShort() / COUNTS_PER_DEGREE));
    }
    if (vibration.isPresent()) {
      readings.addAll(vibration.get().readings(samples()));
    }
    return readings;
  }

  private double countsPerG() {
    return 16384 >> range;
  }

  /**
   * After power-up it sleeps (4.28); a chip that lost its power does so again. One that kept it may
   * have another's settings.
   */
  private void setUp() throws DeviceException, InterruptedException {
    int id = bus.readRegister(address, WHO_AM_I, 1)[0] & 0xff;
    if (id != MPU6050) {
      throw new DeviceException(
          String.format("the chip at [0x%02x] has id [0x%02x], an MPU6050 0x68", address, id));
    }
    byte[] wanted = {0, FILTER_184_HZ, 0, (byte) (range << 3)};
    if (bus.readRegister(address, POWER, 1)[0] != GYROSCOPE_CLOCK
        || !Arrays.equals(bus.readRegister(address, SETTINGS, wanted.length), wanted)) {
      bus.writeRegister(address, POWER, GYROSCOPE_CLOCK);
      bus.writeRegister(address, SETTINGS, wanted[0], wanted[1], wanted[2], wanted[3]);
      Thread.sleep(SETTLE_MILLIS);
    }
  }

  /** Acceleration in g, by axis, from the chip's own queue, which knows no jitter (4.29, 4.31). */
  private double[][] samples() throws DeviceException, InterruptedException {
    int sample = AXES.length * Short.BYTES;
    int wanted = Vibration.SAMPLES * sample;
    int there = collect();
    for (int i = 1; i < TRIES && there > FIFO_BYTES - sample; i++) {
      there = collect();
    }
    if (there > FIFO_BYTES - sample) { // what it holds then begins in the middle of a sample
      throw new DeviceException(
          "its queue ran over; this machine is too busy to measure vibration");
    }
    if (there < wanted) {
      throw new DeviceException("it has [" + there + "] bytes of samples, [" + wanted + "] wanted");
    }
    ByteBuffer fifo = ByteBuffer.wrap(bus.readRegister(address, FIFO, wanted));
    double[][] samples = new double[AXES.length][Vibration.SAMPLES];
    for (int i = 0; i < Vibration.SAMPLES; i++) {
      for (double[] axis : samples) {
        axis[i] = fifo.getShort() / countsPerG();
      }
    }
    return samples;
  }

  /** Fills its queue; how many bytes it has then. */
  private int collect() throws DeviceException, InterruptedException {
    bus.writeRegister(address, FIFO_CONTROL, FIFO_EMPTY);
    bus.writeRegister(address, FIFO_CONTROL, FIFO_ON);
    bus.writeRegister(address, FIFO_SOURCES, ACCELERATION);
    Thread.sleep(Vibration.MILLIS);
    bus.writeRegister(address, FIFO_SOURCES, 0);
    return ByteBuffer.wrap(bus.readRegister(address, FIFO_COUNT, 2)).getShort();
  }
}
