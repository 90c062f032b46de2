package io.selvedge.console;

import io.selvedge.api.bus.Buses;
import io.selvedge.console.setup.Form;
import io.selvedge.console.setup.Form.Choice;
import io.selvedge.console.setup.Form.Field;
import io.selvedge.console.setup.Form.Kind;
import io.selvedge.console.setup.Setup;
import io.selvedge.testkit.FakeBuses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Two drivers, one of a thermometer on I2C and one on 1-Wire; devices are kept in memory. */
public final class FakeSetup implements Setup {

  public static final String THERMOMETER = "io.selvedge.driver.tmp102";
  public static final String ONE_WIRE = "io.selvedge.driver.ds18b20";

  public final FakeBuses buses = new FakeBuses();
  public final Map<String, Configured> devices = new TreeMap<>();
  public boolean withBuses = true;

  @Override
  public List<Form> forms() {
    return List.of(
        new Form(
            THERMOMETER,
            "Thermometer",
            "On I2C",
            List.of(
                text(Form.DEVICE_ID, "Device", true, ""),
                text("bus", "Bus", false, "i2c1"),
                new Field(
                    "address",
                    "Address",
                    "Wired",
                    Kind.TEXT,
                    false,
                    "0x48",
                    Optional.empty(),
                    Optional.empty(),
                    List.of(new Choice("0x48", "0x48 (GND)"), new Choice("0x49", "0x49 (V+)"))),
                new Field(
                    "interval.ms",
                    "Interval",
                    "Milliseconds",
                    Kind.WHOLE,
                    false,
                    "1000",
                    Optional.of("10"),
                    Optional.of("60000"),
                    List.of()),
                new Field(
                    ".password",
                    "Password",
                    "",
                    Kind.SECRET,
                    false,
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    List.of()))),
        new Form(
            ONE_WIRE,
            "DS18B20",
            "On 1-Wire",
            List.of(
                text(Form.DEVICE_ID, "Device", true, ""),
                text("bus", "Bus", false, "w1"),
                text("id", "Number", false, ""))));
  }

  private static Field text(String id, String name, boolean required, String otherwise) {
    return new Field(
        id,
        name,
        "In words",
        Kind.TEXT,
        required,
        otherwise,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  @Override
  public List<Configured> configured() {
    return new ArrayList<>(devices.values());
  }

  @Override
  public void save(String pid, String name, Map<String, Object> values) {
    devices.put(pid + "~" + name, new Configured(pid, name, values));
  }

  @Override
  public void remove(String pid, String name) {
    devices.remove(pid + "~" + name);
  }

  @Override
  public Optional<Buses> buses() {
    return withBuses ? Optional.of(buses) : Optional.empty();
  }
}
