package io.selvedge.driver.pca9685;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Choices;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * NXP PCA9685 (data sheet of 2015, revision 4), with its own clock. A chip that lost its power is
 * set up again, with its outputs as before.
 */
@Component(
    configurationPid = "io.selvedge.driver.pca9685",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Pca9685Config.class, factory = true)
public final class Pca9685Driver implements Driver {

  // registers: 7.3
  private static final int MODE_1 = 0x00;
  private static final int ASLEEP = 0x10;
  private static final int AUTO_INCREMENT = 0x20;
  private static final int RESTART = 0x80;
  private static final int OUTPUT_0 = 0x06;
  private static final int PRESCALE = 0xfe;

  private static final double CLOCK_HZ = 25e6; // 7.3.5
  private static final int STEPS = 4096;
  private static final int WAKE_MILLIS = 1; // at least 0.5 (7.3.1.1)
  private static final double PER_CENT = 100;
  private static final List<String> OUTPUTS =
      IntStream.range(0, 16).mapToObj(Integer::toString).toList();

  private final I2cBus bus;
  private final int address;
  private final int prescale;
  private final double microsPerStep;
  private final List<Channel> channels;
  private final Map<String, Double> values = new HashMap<>(); // what was written

  @Activate
  public Pca9685Driver(@Reference(name = "buses") Buses buses, Pca9685Config config) {
    this.bus = buses.i2c(config.bus());
    this.address = I2cBus.address(config.address());
    this.prescale = (int) Math.round(CLOCK_HZ / (STEPS * (double) config.frequency_hz())) - 1;
    this.microsPerStep = 1e6 * (prescale + 1) / CLOCK_HZ;
    List<Channel> all = new ArrayList<>();
    for (String output : Choices.of("outputs", config.outputs(), OUTPUTS)) {
      all.add(Channel.decimal("out" + output, "%").writable());
    }
    for (String servo : Choices.of("servos", config.servos(), OUTPUTS)) {
      all.add(Channel.decimal("servo" + servo, "us").writable());
    }
    if (all.isEmpty() || all.stream().map(Pca9685Driver::place).distinct().count() < all.size()) {
      throw new IllegalArgumentException(
          "outputs ["
              + config.outputs()
              + "] and servos ["
              + config.servos()
              + "] must name an output, for example [0, 1], and none in both");
    }
    this.channels = List.copyOf(all);
  }

  @Override
  public List<Channel> channels() {
    return channels;
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    setUp();
    List<Reading> readings = new ArrayList<>(channels.size());
    for (Channel channel : channels) {
      byte[] bytes = bus.readRegister(address, register(channel), 4);
      int on = bytes[1] & 0x1f; // full on: 7.3.3
      int off = (bytes[3] & 0x1f) << 8 | (bytes[2] & 0xff);
      int steps = off >= STEPS ? 0 : on >= 0x10 ? STEPS : off;
      readings.add(Reading.of(channel.id(), steps * unitsPerStep(channel)));
    }
    return readings;
  }

  @Override
  public void write(String id, Value value) throws DeviceException, InterruptedException {
    Channel channel =
        channels.stream()
            .filter(c -> c.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new DeviceException("no channel [" + id + "] among " + channels));
    double wanted = value.number().orElseThrow();
    if (wanted < 0 || wanted > STEPS * unitsPerStep(channel)) {
      throw new DeviceException(
          "["
              + wanted
              + "] "
              + channel.unit()
              + " is beyond ["
              + STEPS * unitsPerStep(channel)
              + "]");
    }
    setUp();
    drive(channel, wanted);
    values.put(id, wanted);
  }

  private void setUp() throws DeviceException, InterruptedException {
    int mode = bus.readRegister(address, MODE_1, 1)[0];
    boolean asleep = (mode & ASLEEP) != 0;
    if (!asleep && (bus.readRegister(address, PRESCALE, 1)[0] & 0xff) == prescale) {
      if ((mode & AUTO_INCREMENT) == 0) { // else four bytes would go to one register
        bus.writeRegister(address, MODE_1, AUTO_INCREMENT);
      }
      return;
    }
    bus.writeRegister(address, MODE_1, ASLEEP); // only then the prescale can be set (7.3.5)
    bus.writeRegister(address, PRESCALE, prescale);
    bus.writeRegister(address, MODE_1, AUTO_INCREMENT);
    Thread.sleep(WAKE_MILLIS);
    if ((bus.readRegister(address, MODE_1, 1)[0] & RESTART) != 0) {
      // outputs that ran before it slept stand still until this is written (7.3.1.1)
      bus.writeRegister(address, MODE_1, RESTART | AUTO_INCREMENT);
    }
    for (Channel channel : channels) {
      if (values.containsKey(channel.id())) {
        drive(channel, values.get(channel.id()));
      }
    }
  }

  private void drive(Channel channel, double wanted) throws DeviceException {
    int steps = (int) Math.round(wanted / unitsPerStep(channel));
    int on = steps >= STEPS ? 0x10 : 0; // bits of full on and full off (7.3.3)
    int off = steps == 0 ? 0x1000 : steps % STEPS;
    bus.writeRegister(address, register(channel), 0, on, off, off >> 8);
  }

  private double unitsPerStep(Channel channel) {
    return channel.unit().equals("%") ? PER_CENT / STEPS : microsPerStep;
  }

  private static int register(Channel channel) {
    return OUTPUT_0 + 4 * place(channel);
  }

  private static int place(Channel channel) {
    return Integer.parseInt(channel.id().replaceAll("[a-z]", ""));
  }
}
