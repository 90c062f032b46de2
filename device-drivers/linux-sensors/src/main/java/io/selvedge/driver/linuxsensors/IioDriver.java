package io.selvedge.driver.linuxsensors;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * An Industrial I/O device; files and units as in the kernel's ABI/testing/sysfs-bus-iio: {@code
 * in_temp_input} is in its unit already, {@code in_accel_x_raw} wants {@code in_accel_x_scale} or
 * {@code in_accel_scale}, and an offset before it.
 */
@Component(
    configurationPid = "io.selvedge.driver.iio",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = IioConfig.class, factory = true)
public final class IioDriver implements Driver {

  private static final Pattern INPUT = Pattern.compile("in_(([a-z]+)[a-z0-9_-]*)_(input|raw)");
  private static final Quantity UNKNOWN = new Quantity("1", 1);
  private static final Map<String, Quantity> QUANTITIES =
      Map.ofEntries(
          Map.entry("temp", new Quantity("Cel", 1e3)),
          Map.entry("humidityrelative", new Quantity("%", 1e3)),
          Map.entry("pressure", new Quantity("kPa", 1)),
          Map.entry("voltage", new Quantity("V", 1e3)),
          Map.entry("current", new Quantity("A", 1e3)),
          Map.entry("power", new Quantity("W", 1e3)),
          Map.entry("illuminance", new Quantity("lx", 1)),
          Map.entry("accel", new Quantity("m/s2", 1)),
          Map.entry("anglvel", new Quantity("rad/s", 1)),
          Map.entry("magn", new Quantity("G", 1)),
          Map.entry("resistance", new Quantity("Ohm", 1)),
          Map.entry("distance", new Quantity("m", 1)),
          Map.entry("concentration", new Quantity("%", 1)),
          Map.entry("ph", new Quantity("[pH]", 1)));

  private final SysfsChip chip;
  private final String wanted;
  private List<Input> inputs = List.of(); // until the chip is there

  private record Quantity(String unit, double perUnit) {}

  @Activate
  public IioDriver(IioConfig config) {
    this(config, Path.of("/sys/bus/iio/devices"));
  }

  IioDriver(IioConfig config, Path all) {
    chip = new SysfsChip(all, config.chip(), config.at());
    wanted = config.inputs();
  }

  /** An input in its unit is preferred to the raw one beside it. */
  private static Optional<Input> input(String file, List<String> files) {
    Matcher name = INPUT.matcher(file);
    if (!name.matches()
        || (file.endsWith("_raw") && files.contains("in_" + name.group(1) + "_input"))) {
      return Optional.empty();
    }
    Quantity quantity = QUANTITIES.getOrDefault(name.group(2), UNKNOWN);
    Channel channel = Channel.decimal(name.group(1).replace('-', '_'), quantity.unit());
    return Optional.of(new Input(channel, file, quantity.perUnit()));
  }

  @Override
  public List<Channel> channels() throws DeviceException {
    return inputs().stream().map(Input::channel).toList();
  }

  private List<Input> inputs() throws DeviceException {
    if (inputs.isEmpty()) {
      List<String> files = SysfsChip.files(chip.folder());
      inputs = Input.of(chip, wanted, file -> input(file, files));
    }
    return inputs;
  }

  @Override
  public List<Reading> read() throws DeviceException {
    Path folder = chip.folder();
    return inputs().stream()
        .map(
            input ->
                input.file().endsWith("_raw")
                    ? input.read(
                        folder,
                        parameter(folder, input.file(), "offset", 0),
                        parameter(folder, input.file(), "scale", 1))
                    : input.read(folder, 0, 1))
        .toList();
  }

  /** Of the input itself, else of all inputs of its type. */
  private static double parameter(Path folder, String file, String what, double otherwise) {
    String own = file.substring(0, file.length() - "raw".length());
    String type = own.replaceFirst("^(in_[a-z]+).*$", "$1_");
    String kind = own.replaceAll("[0-9]+", ""); // in_voltage-voltage_scale, of all differences
    return SysfsChip.text(folder.resolve(own + what))
        .or(() -> SysfsChip.text(folder.resolve(kind + what)))
        .or(() -> SysfsChip.text(folder.resolve(type + what)))
        .map(Double::parseDouble)
        .orElse(otherwise);
  }
}
