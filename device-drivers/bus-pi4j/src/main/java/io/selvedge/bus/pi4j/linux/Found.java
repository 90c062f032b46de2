package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.BusInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A bus that the kernel shows.
 *
 * @param kind what it carries
 * @param names its stable names, the best first; never empty
 * @param number the kernel's number for it now, which may be another one tomorrow
 * @param device the device file, or the folder below {@code /sys} where it has none
 * @param problem why it cannot be used as things are
 */
record Found(
    BusInfo.Kind kind, List<String> names, int number, Path device, Optional<String> problem) {

  Found {
    names = List.copyOf(names);
  }

  BusInfo info() {
    return new BusInfo(kind, names.get(0), names.subList(1, names.size()), problem);
  }

  /** Names in order, each once, empty ones left out. */
  static List<String> names(List<Optional<String>> candidates) {
    Set<String> names = new LinkedHashSet<>();
    candidates.forEach(name -> name.filter(text -> !text.isEmpty()).ifPresent(names::add));
    return new ArrayList<>(names);
  }
}
