package io.selvedge.driver.simulated;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be wrong with the simulated device. */
enum Fault {
  /** Nothing. */
  NONE,
  /** It does not answer, and takes no command but the one that mends it. */
  SILENT,
  /** It answers the same values for ever. */
  STUCK,
  /** Its sensors are 40 times as noisy. */
  NOISY,
  /** About every second answer fails its check sum. */
  GARBAGE,
  /** A read does not return before it is interrupted. */
  HANG;

  static Optional<Fault> of(String name) {
    return Arrays.stream(values())
        .filter(fault -> fault.name().equalsIgnoreCase(name.strip()))
        .findFirst();
  }

  static List<String> names() {
    return Arrays.stream(values()).map(Fault::text).toList();
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
