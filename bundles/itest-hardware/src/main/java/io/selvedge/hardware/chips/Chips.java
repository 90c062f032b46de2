package io.selvedge.hardware.chips;

import java.util.List;
import java.util.stream.Stream;

/** All devices. Bytes and figures are those of the data sheets' examples. */
public final class Chips {

  private Chips() {}

  /** Each of them, by the bus that it is on. */
  public static List<Simulated> all() {
    return Stream.of(machine(), I2cChips.all(), OtherChips.all(), KernelChips.all())
        .flatMap(List::stream)
        .toList();
  }

  /** Devices without a chip: the machine itself. */
  private static List<Simulated> machine() {
    return List.of(
        new Simulated(
            "selvedge-driver-host",
            "machine",
            "io.selvedge.driver.host",
            List.of("interval.ms = 1000"),
            List.of(),
            List.of(new Expected("uptime", 1800, 1800)),
            List.of()));
  }
}
