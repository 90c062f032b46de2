package io.selvedge.driver.linuxsensors;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value.Reason;
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

/** A hwmon chip; units as in the kernel's documentation, hwmon/sysfs-interface. */
@Component(
    configurationPid = "io.selvedge.driver.hwmon",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = HwmonConfig.class, factory = true)
public final class HwmonDriver implements Driver {

  private static final Pattern INPUT = Pattern.compile("(([a-z]+)\\d+)_input");
  private static final Map<String, Quantity> QUANTITIES =
      Map.of(
          "temp", new Quantity("Cel", 1e3),
          "in", new Quantity("V", 1e3),
          "curr", new Quantity("A", 1e3),
          "power", new Quantity("W", 1e6),
          "energy", new Quantity("J", 1e6),
          "humidity", new Quantity("%", 1e3),
          "fan", new Quantity("/min", 1));

  private final SysfsChip chip;
  private final String wanted;
  private List<Input> inputs = List.of(); // until the chip is there

  private record Quantity(String unit, double perUnit) {}

  @Activate
  public HwmonDriver(HwmonConfig config) {
    this(config, Path.of("/sys/class/hwmon"));
  }

  HwmonDriver(HwmonConfig config, Path all) {
    chip = new SysfsChip(all, config.chip(), config.at());
    wanted = config.inputs();
  }

  private static Optional<Input> input(String file) {
    Matcher name = INPUT.matcher(file);
    if (!name.matches()) {
      return Optional.empty();
    }
    return Optional.ofNullable(QUANTITIES.get(name.group(2)))
        .map(q -> new Input(Channel.decimal(name.group(1), q.unit()), file, q.perUnit()));
  }

  @Override
  public List<Channel> channels() throws DeviceException {
    return inputs().stream().map(Input::channel).toList();
  }

  private List<Input> inputs() throws DeviceException {
    if (inputs.isEmpty()) {
      inputs = Input.of(chip, wanted, HwmonDriver::input);
    }
    return inputs;
  }

  @Override
  public List<Reading> read() throws DeviceException {
    Path folder = chip.folder();
    return inputs().stream().map(input -> read(folder, input)).toList();
  }

  /** A sensor that is torn off is known to many chips, and its number then means nothing. */
  private static Reading read(Path folder, Input input) {
    String id = input.channel().id();
    if (SysfsChip.text(folder.resolve(id + "_fault")).equals(Optional.of("1"))) {
      return Reading.missing(id, Reason.NO_ANSWER, "[" + id + "_fault] is 1: look at its cable");
    }
    return input.read(folder, 0, 1);
  }
}
