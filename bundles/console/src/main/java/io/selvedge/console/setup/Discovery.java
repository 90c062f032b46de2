package io.selvedge.console.setup;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusInfo;
import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.console.setup.Form.Choice;
import io.selvedge.console.setup.Setup.Configured;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What hangs on the machine's buses. On I2C only addresses are looked at that a driver knows, and
 * only by reading one byte: nothing is written, so no chip is set or driven by it. An address whose
 * device is set up is not touched at all: a byte taken between its driver's question and the answer
 * would be missing there.
 */
public final class Discovery {

  private static final String I2C = "i2c1"; // the default of a driver whose bus is I2C

  private final Setup setup;
  private final Buses buses;

  public Discovery(Setup setup, Buses buses) {
    this.setup = setup;
    this.buses = buses;
  }

  /**
   * Something that was found.
   *
   * @param bus the bus's name
   * @param kind what the bus carries
   * @param what its address or number, or what there is to say of the bus
   * @param inUse whether a device that is set up has it
   * @param drivers what it may be: drivers by PID, with the settings that fit
   */
  public record Found(
      String bus,
      BusInfo.Kind kind,
      String what,
      boolean inUse,
      Map<String, Map<String, String>> drivers) {}

  /** Looks at all buses. May take a second. */
  public List<Found> all() {
    List<Found> found = new ArrayList<>();
    for (BusInfo bus : buses.list()) {
      if (bus.problem().isPresent()) {
        found.add(nothing(bus, bus.problem().get()));
        continue;
      }
      switch (bus.kind()) {
        case I2C -> i2c(bus, found);
        case ONE_WIRE -> oneWire(bus, found);
        case GPIO -> found.add(whole(bus, gpioLines(bus), List.of("gpio", "hcsr04")));
        case SERIAL -> found.add(whole(bus, "serial port", List.of("nmea", "modbus", "sdm120")));
        case SPI -> found.add(whole(bus, "SPI bus", List.of("mcp3008")));
        case PWM -> found.add(whole(bus, "PWM chip", List.of()));
      }
    }
    return found;
  }

  private void i2c(BusInfo info, List<Found> found) {
    Map<Integer, Map<String, Map<String, String>>> known = knownAddresses(info.name());
    I2cBus bus = buses.i2c(info.name());
    int before = found.size();
    try {
      for (Map.Entry<Integer, Map<String, Map<String, String>>> one : known.entrySet()) {
        boolean used = inUse(info, "address", one.getKey());
        if (used || answers(bus, one.getKey())) {
          String text = String.format("0x%02x", one.getKey());
          found.add(new Found(info.name(), info.kind(), text, used, one.getValue()));
        }
      }
    } catch (BusException e) {
      found.add(nothing(info, problem(e)));
    }
    if (found.size() == before) {
      found.add(
          nothing(
              info,
              "nothing answers at the "
                  + known.size()
                  + " addresses that drivers know; a chip at another one is set up by its driver's"
                  + " form"));
    }
  }

  /**
   * Looks at one address.
   *
   * @throws BusException the bus is held down, or gone: no other address is worth the wait
   */
  private static boolean answers(I2cBus bus, int address) throws BusException {
    try {
      bus.read(address, 1);
      return true;
    } catch (BusException e) {
      if (e.kind() == BusException.Kind.TIMEOUT || e.kind() == BusException.Kind.NO_PERMISSION) {
        throw e;
      }
      return false; // nothing is there, or it does not speak before it is asked
    }
  }

  private static Found nothing(BusInfo info, String why) {
    return new Found(info.name(), info.kind(), why, false, Map.of());
  }

  /** Addresses that drivers know, by the choices of their setting. */
  private Map<Integer, Map<String, Map<String, String>>> knownAddresses(String bus) {
    Map<Integer, Map<String, Map<String, String>>> known = new TreeMap<>();
    for (Form form : setup.forms()) {
      if (form.field("bus").filter(field -> field.otherwise().equals(I2C)).isPresent()) {
        for (Choice choice : form.field("address").map(Form.Field::choices).orElse(List.of())) {
          known
              .computeIfAbsent(I2cBus.address(choice.value()), a -> new LinkedHashMap<>())
              .put(form.pid(), Map.of("bus", bus, "address", choice.value()));
        }
      }
    }
    return known;
  }

  private boolean inUse(BusInfo bus, String setting, Object value) {
    return setup.configured().stream()
        .filter(one -> names(bus).contains(effective(one, "bus")))
        .map(one -> effective(one, setting))
        .anyMatch(text -> text.equals(value) || (value instanceof Integer a && isAddress(text, a)));
  }

  /** What a setting is: as it is set, else what its driver takes. */
  private String effective(Configured device, String setting) {
    Object value = device.values().get(setting);
    if (value != null) {
      return value.toString();
    }
    return setup.forms().stream()
        .filter(form -> form.pid().equals(device.pid()))
        .flatMap(form -> form.field(setting).stream())
        .map(Form.Field::otherwise)
        .findFirst()
        .orElse("");
  }

  private static boolean isAddress(String text, int address) {
    try {
      return I2cBus.address(text) == address;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<String> names(BusInfo bus) {
    List<String> names = new ArrayList<>(bus.otherNames());
    names.add(bus.name());
    return names;
  }

  private void oneWire(BusInfo info, List<Found> found) {
    int before = found.size();
    try {
      for (String id : buses.oneWire(info.name()).list()) {
        Map<String, Map<String, String>> drivers =
            id.startsWith("28-") ? offers(info, List.of("ds18b20"), Map.of("id", id)) : Map.of();
        found.add(new Found(info.name(), info.kind(), id, inUse(info, "id", id), drivers));
      }
      if (found.size() == before) {
        found.add(
            nothing(
                info, "no device answers; look at its wires and the pull-up resistor of 4.7 kΩ"));
      }
    } catch (BusException e) {
      found.add(nothing(info, problem(e)));
    }
  }

  private String gpioLines(BusInfo info) {
    try {
      long free =
          buses.gpio(info.name()).lines().stream().filter(line -> line.user().isEmpty()).count();
      return free + " free lines";
    } catch (BusException e) {
      return problem(e);
    }
  }

  private Found whole(BusInfo info, String what, List<String> drivers) {
    boolean used =
        setup.configured().stream().anyMatch(one -> names(info).contains(effective(one, "bus")));
    return new Found(info.name(), info.kind(), what, used, offers(info, drivers, Map.of()));
  }

  /** Of these drivers those that are there. */
  private Map<String, Map<String, String>> offers(
      BusInfo info, List<String> drivers, Map<String, String> settings) {
    Map<String, Map<String, String>> offers = new LinkedHashMap<>();
    for (Form form : setup.forms()) {
      String driver = form.pid().substring(form.pid().lastIndexOf('.') + 1);
      if (drivers.contains(driver)) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("bus", info.name());
        offers.put(form.pid(), all);
      }
    }
    return offers;
  }

  private static String problem(BusException e) {
    return String.valueOf(e.getMessage());
  }
}
