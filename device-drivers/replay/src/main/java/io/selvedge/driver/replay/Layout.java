package io.selvedge.driver.replay;

import io.selvedge.api.device.DeviceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where things are in a data row.
 *
 * @param fields how many fields a row has
 * @param time index of the time; empty where there is none
 * @param columns index of each column that is played
 */
record Layout(int fields, Optional<Integer> time, List<Integer> columns) {

  /**
   * Finds the columns.
   *
   * @param header the names; empty where the file has none
   * @param first fields in the first data row; 0 where there is none
   * @throws DeviceException a column is not there
   */
  static Layout of(Format format, Optional<List<String>> header, int first) throws DeviceException {
    int named = header.map(List::size).orElse(first);
    boolean extra =
        format.unnamedFirst().orElse(header.isPresent() && first == named + 1)
            && header.isPresent();
    int shift = extra ? 1 : 0;
    List<Integer> columns = new ArrayList<>();
    for (Column column : format.columns()) {
      columns.add(find(format, header, named, column.name(), "columns") + shift);
    }
    Optional<Integer> time =
        format.timeColumn().isEmpty()
            ? Optional.empty()
            : Optional.of(find(format, header, named, format.timeColumn(), "time.column") + shift);
    return new Layout(named + shift, time, List.copyOf(columns));
  }

  private static int find(
      Format format, Optional<List<String>> header, int count, String name, String setting)
      throws DeviceException {
    List<String> names =
        header.map(all -> all.stream().map(String::strip).toList()).orElse(List.of());
    int index = names.indexOf(name);
    if (index >= 0) {
      return index;
    }
    if (name.matches("[0-9]{1,5}")) {
      int number = Integer.parseInt(name);
      if (number >= 1 && number <= count) {
        return number - 1;
      }
    }
    throw new DeviceException(
        "recording ["
            + format.file()
            + "] has no column ["
            + name
            + "]; "
            + setting
            + " must be a number from 1 to "
            + count
            + (names.isEmpty() ? "" : " or one of " + names));
  }
}
