package io.selvedge.hardware.chips;

import io.selvedge.hardware.chips.Simulated.Fault;
import java.util.List;

/** Chips that a driver of the Linux kernel reads, and the gateway through it. */
final class KernelChips {

  private KernelChips() {}

  /** On bus 3: an LM75 for hwmon and a BH1750 for IIO. */
  static List<Simulated> all() {
    return List.of(
        new Simulated(
            "selvedge-driver-linux-sensors",
            "lm75",
            "io.selvedge.driver.hwmon",
            List.of("chip = lm75", "interval.ms = 500"),
            List.of(
                "i2c 3 add '0x4f reg16'",
                "i2c 3 poke '0x4f 0 19 00'", // 25 °C: data sheet, table 4
                "kernel_chip 3 lm75 0x4f"),
            List.of(new Expected("temp1", 25.0, 0.001)),
            List.of(Fault.i2cCable(3, "0x4f"))),
        new Simulated(
            "selvedge-driver-linux-sensors",
            "bh1750-kernel",
            "io.selvedge.driver.iio",
            List.of("chip = bh1750", "interval.ms = 1000"),
            List.of(
                "i2c 3 add '0x5c cmd8'",
                "i2c 3 poke '0x5c 0x20 83 90'", // one-time high resolution: 28067 lx
                "kernel_chip 3 bh1750 0x5c"),
            List.of(new Expected("illuminance", 28066.7, 1)),
            List.of(Fault.i2cCable(3, "0x5c"))));
  }
}
