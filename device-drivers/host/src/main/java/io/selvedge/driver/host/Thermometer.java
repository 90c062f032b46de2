package io.selvedge.driver.host;

import io.selvedge.api.device.Value.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The processor's temperature: a thermal zone (kernel documentation, sysfs-class-thermal) or a
 * hwmon chip (sysfs-class-hwmon); both give thousandths of a degree Celsius.
 */
final class Thermometer {

  /** What a processor's sensor is called: Raspberry Pi and other ARM boards, Intel, AMD. */
  private static final List<String> KNOWN =
      List.of("cpu-thermal", "cpu_thermal", "x86_pkg_temp", "coretemp", "k10temp", "zenpower");

  private static final double LEAST = -40;
  private static final double MOST = 150;

  private final KernelFiles files;
  private final String wanted;

  private record Sensor(String name, Path file) {}

  /**
   * @param wanted type of the zone or name of the chip; empty: the processor's, else the first
   */
  Thermometer(KernelFiles files, String wanted) {
    this.files = files;
    this.wanted = wanted;
  }

  double celsius() throws Unavailable {
    Sensor sensor = choose(sensors());
    String file = files.shown(sensor.file()).substring(1);
    double celsius = KernelFiles.decimal(files.text(sensor.file()), file) / 1000;
    if (celsius < LEAST || celsius > MOST) {
      throw new Unavailable(
          Reason.OUT_OF_RANGE, "[" + celsius + "] Cel in [/" + file + "] cannot be");
    }
    return celsius;
  }

  private Sensor choose(List<Sensor> sensors) throws Unavailable {
    for (String name : wanted.isEmpty() ? KNOWN : List.of(wanted)) {
      for (Sensor sensor : sensors) {
        if (sensor.name().equals(name)) {
          return sensor;
        }
      }
    }
    if (sensors.isEmpty()) {
      throw new Unavailable(
          Reason.ABSENT, "no thermal zone and no hwmon chip; a virtual machine has none");
    }
    if (!wanted.isEmpty()) {
      throw new Unavailable(
          Reason.ABSENT,
          "no thermal zone or hwmon chip ["
              + wanted
              + "]; there are "
              + sensors.stream().map(Sensor::name).toList());
    }
    return sensors.get(0);
  }

  private List<Sensor> sensors() throws Unavailable {
    List<Sensor> sensors = new ArrayList<>();
    for (Path zone : files.entries("sys/class/thermal", "thermal_zone")) {
      add(zone.resolve("type"), zone.resolve("temp"), sensors);
    }
    for (Path chip : files.entries("sys/class/hwmon", "hwmon")) {
      add(chip.resolve("name"), chip.resolve("temp1_input"), sensors);
    }
    return sensors;
  }

  /** Not those without a temperature, nor one that is just being unplugged. */
  private void add(Path name, Path input, List<Sensor> sensors) {
    if (Files.exists(input)) {
      try {
        sensors.add(new Sensor(files.text(name), input));
      } catch (Unavailable e) {
        // it has no name, so nobody can mean it
      }
    }
  }
}
