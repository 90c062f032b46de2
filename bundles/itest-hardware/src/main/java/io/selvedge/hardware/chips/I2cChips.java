package io.selvedge.hardware.chips;

import io.selvedge.hardware.chips.Simulated.Fault;
import java.util.ArrayList;
import java.util.List;

/** Chips on I2C that the gateway's own drivers read. Bytes and values are the data sheets'. */
final class I2cChips {

  /**
   * BMP280, 3.12: the coefficients and the conversion of the worked example; humidity as in 4.2.3.
   */
  private static final String BME280 =
      "70 6b 43 67 18 fc 7d 8e 43 d6 d0 0b 27 0b 8c 00 f9 ff 8c 3c f8 c6 70 17";

  private I2cChips() {}

  static List<Simulated> all() {
    List<Simulated> all = new ArrayList<>();
    all.add(
        chip("bme280", 0, "0x76", "reg8")
            .poke("0xd0 60")
            .poke("0x88 " + BME280)
            .poke("0xa1 4b")
            .poke("0xe1 69 01 00 15 22 03 1e")
            .poke("0xf7 65 5a c0 7e ed 00 6a 00")
            .says("temperature", 25.08, 0.005)
            .says("pressure", 1006.5327, 0.0005)
            .says("humidity", 30.0, 0.05)
            .build());
    all.add(
        chip("sht3x", 0, "0x44", "cmd16")
            .poke("0x2400 64 8b c7 a5 26 29")
            .says("temperature", 23.7316, 0.0005)
            .says("humidity", 64.5121, 0.0005)
            .fault(
                "CRC broken",
                "0x2400 64 8b c8 a5 26 29",
                "0x2400 64 8b c7 a5 26 29",
                "(?i)check sum|CRC")
            .build());
    all.add(
        chip("scd4x", 0, "0x62", "cmd16") // 3.5.2, 3.8.2: examples
            .poke("0xe4b8 80 06 04")
            .poke("0xec05 01 f4 33 66 67 a2 5e b9 3c")
            .says("co2", 500, 0)
            .says("temperature", 25.0, 0.005) // the data sheet rounds
            .says("humidity", 37.0, 0.005)
            .fault(
                "CRC broken",
                "0xec05 01 f4 34 66 67 a2 5e b9 3c",
                "0xec05 01 f4 33 66 67 a2 5e b9 3c",
                "(?i)check sum|CRC")
            .build());
    all.add(
        chip("mcp9808", 0, "0x18", "reg16")
            .poke("0x06 00 54 04 00")
            .poke("0x05 c1 94") // 25.25 with all three flags of alarms
            .says("temperature", 25.25, 0)
            .build());
    all.add(
        chip("tmp102", 0, "0x48", "reg16")
            .poke("0 e7 00") // table 5: -25
            .says("temperature", -25, 0)
            .build());
    all.add(
        chip("ads1115", 0, "0x49", "mux16")
            .set("inputs = 0, 1")
            .poke("0x14 40 00")
            .poke("0x15 c0 00")
            .says("in0", 2.048, 0)
            .says("in1", -2.048, 0)
            .build());
    all.add(
        chip("ina219", 1, "0x40", "reg16") // 8.5.1.1: the worked example, 2 milliohms
            .set("shunt.milliohm = 2")
            .poke("1 07 d0")
            .poke("2 5d 98")
            .says("voltage", 11.98, 1e-9)
            .says("current", 10.0, 1e-9)
            .says("power", 119.8, 1e-6)
            .build());
    all.add(
        chip("mpu6050", 1, "0x68", "reg8")
            .set("vibration = true")
            .poke("0x75 68")
            .poke("0x6b 40")
            .poke("0x3b 40 00 00 00 c0 00 f0 a0 00 83 00 00 ff 7d")
            .poke("0x72 03 00")
            .command("i2c 1 port '0x68 0x74 40 00 00 00 00 00 c0 00 00 00 00 00'")
            .says("acceleration_x", 1, 0)
            .says("acceleration_z", -1, 0)
            .says("turn_x", 1, 0)
            .says("turn_z", -1, 0)
            .says("temperature", 24.9535, 0.0005)
            .says("rms_x", 1, 1e-9) // a square wave of 1 g
            .says("kurtosis_x", 1, 1e-9)
            .build());
    all.add(
        chip("bh1750", 1, "0x23", "cmd8")
            .poke("0x20 83 90") // measurement time: 28067 lx
            .says("illuminance", 28066.667, 0.001)
            .build());
    all.add(
        chip("pcf8574", 1, "0x20", "raw")
            .set("outputs = 0")
            .poke("0 f5") // what pulls from outside: lines 1 and 3 low
            .says("p1", 0, 0)
            .says("p2", 1, 0)
            .says("p3", 0, 0)
            .build());
    all.add(
        chip("mcp23017", 1, "0x21", "reg8")
            .set("outputs = b0")
            .poke("0 ff ff")
            .poke("0x12 05 80")
            .says("a0", 1, 0)
            .says("a1", 0, 0)
            .says("a2", 1, 0)
            .says("b7", 1, 0)
            .build());
    all.add(
        chip("pca9685", 2, "0x40", "reg8")
            .set("outputs = 0")
            .set("servos = 3")
            .poke("0 11") // asleep, as after power-up
            .poke("0xfe 1e")
            .poke("6 00 00 00 10")
            .says("out0", 0, 0)
            .build());
    return all;
  }

  private static Chip chip(String driver, int bus, String address, String mode) {
    return new Chip(driver, bus, address, mode);
  }

  /** Writes one down. */
  private static final class Chip {
    private final String driver;
    private final int bus;
    private final String address;
    private final List<String> settings = new ArrayList<>();
    private final List<String> image = new ArrayList<>();
    private final List<Expected> expected = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();

    Chip(String driver, int bus, String address, String mode) {
      this.driver = driver;
      this.bus = bus;
      this.address = address;
      settings.add("bus = hwsim-" + bus);
      settings.add("address = " + address);
      settings.add("interval.ms = 1000");
      image.add("i2c " + bus + " add '" + address + " " + mode + "'");
      faults.add(Fault.i2cCable(bus, address));
    }

    Chip set(String line) {
      settings.add(line);
      return this;
    }

    Chip poke(String what) {
      return command(pokes(what));
    }

    Chip command(String command) {
      image.add(command);
      return this;
    }

    private String pokes(String what) {
      return "i2c " + bus + " poke '" + address + " " + what + "'";
    }

    Chip says(String channel, double value, double within) {
      expected.add(new Expected(channel, value, within));
      return this;
    }

    Chip fault(String what, String broken, String mended, String reason) {
      faults.add(new Fault(what, pokes(broken), pokes(mended), reason));
      return this;
    }

    Simulated build() {
      return new Simulated(
          "selvedge-driver-" + driver,
          driver,
          "io.selvedge.driver." + driver,
          settings,
          image,
          expected,
          faults);
    }
  }
}
