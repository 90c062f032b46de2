package io.selvedge.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a figure depends on: processor, kernel, disk, Java, and how busy the machine was. */
final class Machine {

  private Machine() {}

  /** By name, in the order in which they are told. */
  static Map<String, String> facts(Path directory) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("processor", processor());
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", memory());
    facts.put(
        "kernel",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    FileStore store = Files.getFileStore(directory);
    facts.put("disk", store.type() + " on " + store.name());
    facts.put("java", System.getProperty("java.runtime.version"));
    return facts;
  }

  /** Processes that wanted to run in the last minute, on average. */
  static String load() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? "not known" : String.format(Locale.ROOT, "%.2f", load);
  }

  private static String processor() {
    return line(Path.of("/proc/cpuinfo"), "model name", "Model");
  }

  private static String memory() {
    return line(Path.of("/proc/meminfo"), "MemTotal");
  }

  /** The value of the first line "key: value" with one of these keys. */
  private static String line(Path file, String... keys) {
    try {
      for (String line : Files.readAllLines(file)) {
        int colon = line.indexOf(':');
        if (colon > 0 && List.of(keys).contains(line.substring(0, colon).strip())) {
          return line.substring(colon + 1).strip();
        }
      }
    } catch (IOException e) {
      return "not known"; // not Linux
    }
    return "not known";
  }
}
