package io.selvedge.hardware.chips;

import java.util.List;

/**
 * One device: the chip as the simulator is told to be it, the gateway's configuration of it, what
 * must be measured.
 *
 * @param bundle of its driver: the name of the jar without version, for example
 *     selvedge-driver-host
 * @param device its id
 * @param pid of its driver's configuration
 * @param settings lines of its configuration, without the id
 * @param image commands in the machine that make the chip
 * @param expected what must arrive at the broker
 * @param faults what may be broken, and how
 */
public record Simulated(
    String bundle,
    String device,
    String pid,
    List<String> settings,
    List<String> image,
    List<Expected> expected,
    List<Fault> faults) {

  public Simulated {
    settings = List.copyOf(settings);
    image = List.copyOf(image);
    expected = List.copyOf(expected);
    faults = List.copyOf(faults);
  }

  /**
   * A fault.
   *
   * @param what "cable pulled", "CRC broken"
   * @param on command that makes it
   * @param off command that ends it
   * @param reason what the gateway must say of it, a regular expression found in the reason for
   *     which the device is down, or in that for which the value is missing
   * @param before what it may say until then, likewise; empty: nothing else
   */
  public record Fault(String what, String on, String off, String reason, String before) {

    /** One of which nothing else may be said. */
    public Fault(String what, String on, String off, String reason) {
      this(what, on, off, reason, "");
    }

    /** Which it breaks something on: {@code i2c 0}, or all that is no I2C. */
    public String bus() {
      return on.startsWith("i2c ") ? on.substring(0, "i2c 0".length()) : "other";
    }

    /** A chip on I2C no longer acknowledges. */
    static Fault i2cCable(int bus, String address) {
      String add = "i2c " + bus + " add '" + address;
      return new Fault(
          "cable pulled", add + " off'", add + " on'", "(?i)ENXIO|NO_ANSWER|no such device|absent");
    }
  }

  /** Name of its configuration file. */
  public String file() {
    return pid + "-" + device + ".cfg";
  }

  /** Its configuration. */
  public String configuration() {
    return "device.id = " + device + "\n" + String.join("\n", settings) + "\n";
  }
}
