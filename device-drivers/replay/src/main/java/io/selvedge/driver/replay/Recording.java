package io.selvedge.driver.replay;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A CSV file that is read once, from its first row to its last. */
final class Recording implements AutoCloseable {

  /** A row with its time, which its readings carry as well. */
  record Row(Instant time, List<Reading> readings) {}

  private final Format format;
  private final CloseableIterator<CsvRecord> records;
  private final Layout layout;
  private @Nullable CsvRecord first; // what the layout was taken from, until it is read
  private long number;
  private long skipped;

  private Recording(Format format, CloseableIterator<CsvRecord> records) throws DeviceException {
    this.format = format;
    this.records = records;
    Optional<List<String>> header =
        format.header() && records.hasNext()
            ? Optional.of(records.next().getFields())
            : Optional.empty();
    CsvRecord row = records.hasNext() ? records.next() : null;
    this.first = row;
    this.layout = Layout.of(format, header, row == null ? 0 : row.getFieldCount());
  }

  /**
   * Opens a file and finds its columns.
   *
   * @throws DeviceException there is no such file or column, or it is not CSV
   */
  static Recording open(Format format) throws DeviceException {
    Path file = format.file();
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new DeviceException(
          "recording ["
              + file
              + "] cannot be read; file must name a CSV file that the gateway's user may read");
    }
    CloseableIterator<CsvRecord> records;
    try {
      records =
          CsvReader.builder()
              .fieldSeparator(format.separator())
              .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
              .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
              .detectBomHeader(true)
              .ofCsvRecord(file)
              .iterator();
    } catch (IOException e) {
      throw broken(file, e);
    }
    try {
      return new Recording(format, records);
    } catch (CsvParseException | UncheckedIOException e) {
      close(records);
      throw broken(file, e);
    } catch (DeviceException e) {
      close(records);
      throw e;
    }
  }

  /** Rows that had no readable time and were left out. */
  long skipped() {
    return skipped;
  }

  /**
   * The next row; empty after the last.
   *
   * @throws DeviceException the file cannot be read on, or its first row has no readable time
   */
  Optional<Row> next() throws DeviceException {
    for (CsvRecord record = take(); record != null; record = take()) {
      number++;
      if (number <= format.skip()) {
        continue;
      }
      Optional<Instant> time = time(record);
      if (time.isPresent()) {
        return Optional.of(new Row(time.get(), readings(record, time.get())));
      }
      skipped++;
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    close(records);
  }

  private @Nullable CsvRecord take() throws DeviceException {
    CsvRecord known = first;
    if (known != null) {
      first = null;
      return known;
    }
    try {
      return records.hasNext() ? records.next() : null;
    } catch (CsvParseException | UncheckedIOException e) {
      throw broken(format.file(), e);
    }
  }

  private Optional<Instant> time(CsvRecord record) throws DeviceException {
    if (layout.time().isEmpty()) {
      return Optional.of(format.start().plus(format.step().multipliedBy(number - 1)));
    }
    int index = layout.time().get();
    String field = index < record.getFieldCount() ? record.getField(index).strip() : "";
    try {
      return Optional.of(format.times().read(field));
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      if (number == format.skip() + 1) {
        throw new DeviceException(
            "recording ["
                + format.file()
                + "] line "
                + record.getStartingLineNumber()
                + ": time ["
                + field
                + "] is not in the format of time.format; give the file's own, or leave the row"
                + " out with skip",
            e);
      }
      return Optional.empty();
    }
  }

  private List<Reading> readings(CsvRecord record, Instant time) {
    long line = record.getStartingLineNumber();
    boolean whole = record.getFieldCount() == layout.fields();
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < layout.columns().size(); i++) {
      Column column = format.columns().get(i);
      Reading reading =
          whole
              ? column.read(record.getField(layout.columns().get(i)), line)
              : column.damaged(
                  line, "[" + record.getFieldCount() + "] fields instead of " + layout.fields());
      readings.add(reading.at(time));
    }
    return readings;
  }

  private static DeviceException broken(Path file, Exception cause) {
    return new DeviceException(
        "recording [" + file + "] cannot be read on: " + cause.getMessage(), cause);
  }

  private static void close(CloseableIterator<CsvRecord> records) {
    try {
      records.close();
    } catch (IOException | UncheckedIOException e) {
      // it was only read; nothing is lost
    }
  }
}
