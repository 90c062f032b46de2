package io.selvedge.driver.replay;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a recording is laid out: its configuration, checked.
 *
 * @param file the CSV file
 * @param separator between fields
 * @param header whether the first line names the columns
 * @param unnamedFirst whether data rows begin with a number that the header leaves out; empty where
 *     the first data row tells
 * @param timeColumn name or number of the time column; empty where there are no times
 * @param times reads times
 * @param start time of the first row where there are no times
 * @param step time between two rows where there are no times
 * @param columns what to play
 * @param skip data rows to leave out
 */
record Format(
    Path file,
    String separator,
    boolean header,
    Optional<Boolean> unnamedFirst,
    String timeColumn,
    Times times,
    Instant start,
    Duration step,
    List<Column> columns,
    long skip) {

  /**
   * Checks a configuration.
   *
   * @param base where a relative path counts from
   * @throws IllegalArgumentException what is wrong, the rule and the remedy
   */
  static Format of(ReplayConfig config, Path base) {
    return new Format(
        file(config.file(), base),
        separator(config.separator()),
        config.header(),
        unnamedFirst(config.unnamed_first_column()),
        config.time_column().strip(),
        Times.of(config.time_format(), config.time_zone()),
        start(config.time_start()),
        step(config.time_step()),
        Column.parse(config.columns()),
        config.skip());
  }

  private static Path file(String file, Path base) {
    try {
      return base.resolve(file);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("file [" + file + "] must be a path to a CSV file", e);
    }
  }

  private static String separator(String text) {
    String separator =
        switch (text.strip().toLowerCase(Locale.ROOT)) {
          case "tab", "\\t" -> "\t";
          case "space" -> " ";
          default -> text;
        };
    if (separator.length() != 1 || "\"\n\r".contains(separator)) {
      throw new IllegalArgumentException(
          "separator [" + text + "] must be one character, or one of the words tab, space");
    }
    return separator;
  }

  private static Optional<Boolean> unnamedFirst(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "auto" -> Optional.empty();
      case "yes", "true" -> Optional.of(true);
      case "no", "false" -> Optional.of(false);
      default ->
          throw new IllegalArgumentException(
              "unnamed.first.column [" + text + "] must be auto, yes or no");
    };
  }

  private static Instant start(String text) {
    try {
      return Instant.parse(text.strip());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "time.start [" + text + "] must be ISO in UTC, for example [2000-01-01T00:00:00Z]", e);
    }
  }

  private static Duration step(String text) {
    try {
      Duration step = Duration.parse(text.strip());
      if (!step.isNegative() && !step.isZero()) {
        return step;
      }
    } catch (DateTimeException e) {
      // falls through to the one message for both faults
    }
    throw new IllegalArgumentException(
        "time.step [" + text + "] must be an ISO duration above zero, for example [PT1S]");
  }
}
