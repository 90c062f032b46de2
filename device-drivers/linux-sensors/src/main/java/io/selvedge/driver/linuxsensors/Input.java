package io.selvedge.driver.linuxsensors;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Reading;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One input of a chip.
 *
 * @param channel its channel
 * @param file its file in the chip's folder
 * @param perUnit of the kernel's units, to one of the channel
 */
record Input(Channel channel, String file, double perUnit) {

  /**
   * The inputs that are wanted.
   *
   * @param wanted ids by commas; empty: all
   * @param known tells an input by the name of its file
   */
  static List<Input> of(SysfsChip chip, String wanted, Function<String, Optional<Input>> known)
      throws DeviceException {
    Path folder = chip.folder();
    List<Input> there =
        SysfsChip.files(folder).stream().flatMap(file -> known.apply(file).stream()).toList();
    List<String> ids = there.stream().map(input -> input.channel().id()).toList();
    if (wanted.isBlank()) {
      if (there.isEmpty()) {
        throw new DeviceException("chip [" + folder + "] has no inputs");
      }
      return there;
    }
    List<Input> chosen = new ArrayList<>();
    for (String id : Arrays.stream(wanted.split(",", -1)).map(String::strip).toList()) {
      if (!ids.contains(id)) {
        throw new DeviceException(
            "input [" + id + "] must be one of those of [" + folder + "]: " + ids);
      }
      chosen.add(there.get(ids.indexOf(id)));
    }
    return List.copyOf(chosen);
  }

  Reading read(Path folder, double offset, double scale) {
    return new Reading(
        channel.id(),
        SysfsChip.value(folder.resolve(file), offset, scale, perUnit),
        Optional.empty());
  }
}
