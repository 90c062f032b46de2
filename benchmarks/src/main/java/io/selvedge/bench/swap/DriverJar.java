package io.selvedge.bench.swap;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The bundle of a driver as it is shipped.
 *
 * @param file the jar
 * @param symbolicName the bundle's name
 * @param pids of its drivers; each gets a device
 * @param needsOther whether it uses classes of another driver
 */
record DriverJar(Path file, String symbolicName, List<String> pids, boolean needsOther) {

  private static final Pattern PID = Pattern.compile("configuration-pid=\"([^\"]+)\"");

  /** What a driver does not start without, beside the device's id. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "io.selvedge.driver.gpio", "lines = door 4 input; lamp 17 output\n",
          "io.selvedge.driver.modbus", "bus = 127.0.0.1:1\nregisters = level V holding 1\n",
          "io.selvedge.driver.nmea", "bus = /dev/serial0\n",
          "io.selvedge.driver.pca9685", "outputs = 0\n",
          "io.selvedge.driver.textfile", "file = /proc/loadavg\n",
          "io.selvedge.driver.hwmon", "chip = none\n",
          "io.selvedge.driver.iio", "chip = none\n");

  DriverJar {
    pids = List.copyOf(pids);
  }

  /** All drivers of a distribution, in order of their names. */
  static List<DriverJar> shipped(Path programs) throws IOException {
    List<DriverJar> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(programs.resolve("bundles"))) {
      for (Path file : files.filter(DriverJar::isDriver).sorted().toList()) {
        all.add(read(file));
      }
    }
    return all;
  }

  static boolean isDriver(Path file) {
    return file.getFileName().toString().startsWith("selvedge-driver-");
  }

  private static DriverJar read(Path file) throws IOException {
    List<String> pids = new ArrayList<>();
    try (JarFile jar = new JarFile(file.toFile())) {
      for (JarEntry entry : jar.stream().toList()) {
        if (entry.getName().startsWith("OSGI-INF/") && entry.getName().endsWith(".xml")) {
          try (InputStream in = jar.getInputStream(entry)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Matcher pid = PID.matcher(text);
            if (text.contains("io.selvedge.api.device.Driver") && pid.find()) {
              pids.add(pid.group(1));
            }
          }
        }
      }
      Attributes main = jar.getManifest().getMainAttributes();
      String imports = String.valueOf(main.getValue("Import-Package"));
      String name = main.getValue("Bundle-SymbolicName");
      return new DriverJar(
          file, name, pids, imports.contains("io.selvedge.driver.") && !imports.contains(name));
    }
  }

  String name() {
    return file.getFileName().toString().replaceAll("-\\d.*", "").replace("selvedge-driver-", "");
  }

  /** Writes a configuration for each of its drivers. */
  void configure(Path conf) throws IOException {
    for (int i = 0; i < pids.size(); i++) {
      String device = "swap-" + name() + (i == 0 ? "" : "-" + i);
      Files.writeString(
          conf.resolve(pids.get(i) + "-swap.cfg"),
          "device.id = "
              + device
              + "\ninterval.ms = 100\n"
              + SETTINGS.getOrDefault(pids.get(i), ""));
    }
  }

  /** Its bytes with another version: a bundle that is new, and yet the same. */
  void write(Path to, int round) throws IOException {
    Path part = to.resolveSibling("." + to.getFileName() + ".part");
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = new Manifest(jar.getManifest());
      manifest.getMainAttributes().putValue("Bundle-Version", "0.1." + round);
      try (OutputStream out = Files.newOutputStream(part);
          JarOutputStream copy = new JarOutputStream(out, manifest)) {
        for (JarEntry entry : jar.stream().toList()) {
          if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
            copy.putNextEntry(new JarEntry(entry.getName()));
            try (InputStream in = jar.getInputStream(entry)) {
              in.transferTo(copy);
            }
          }
        }
      }
    }
    Files.move(
        part,
        to,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }
}
