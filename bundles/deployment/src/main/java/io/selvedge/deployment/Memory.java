package io.selvedge.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process takes. */
final class Memory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final double KILO = 1024;

  private Memory() {}

  /** Resident, in megabytes; where the system does not say, the heap that is in use. */
  static double megabytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) / KILO;
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Not Linux.
    }
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / (KILO * KILO);
  }
}
