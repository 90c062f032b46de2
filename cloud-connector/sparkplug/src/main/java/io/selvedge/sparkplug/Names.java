package io.selvedge.sparkplug;

import io.selvedge.sparkplug.payload.DataType;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics that messages brought, over restarts: births tell of them from the beginning, so that
 * no second birth is needed when they come. One that did not come for {@link #DAYS} days is
 * forgotten. A file with a line for each: device (empty: the node), name, number of the type, day.
 * One thread.
 */
final class Names {

  static final long DAYS = 30;

  private static final Logger log = LoggerFactory.getLogger(Names.class);
  private static final String HEAD = "metrics 1";

  /** Hears of each that is remembered. */
  interface Visitor {
    void metric(String device, String name, DataType type);
  }

  private record Key(String device, String name) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byDevice = device.compareTo(other.device);
      return byDevice != 0 ? byDevice : name.compareTo(other.name);
    }
  }

  private record Entry(DataType type, long day) {}

  private final Path file;
  private final Clock clock;
  private final Consumer<String> problems;
  private final Map<Key, Entry> entries = new TreeMap<>();
  private boolean changed;

  /**
   * Reads what is there, where it can be read.
   *
   * @param problems hears why the file cannot be read or written
   */
  Names(Path file, Clock clock, Consumer<String> problems) {
    this.file = file;
    this.clock = clock;
    this.problems = problems;
    if (Files.exists(file)) {
      read();
    }
  }

  private void read() {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      problems.accept("metrics of before are not known: " + Failures.text(e));
      return;
    }
    if (lines.isEmpty() || !lines.get(0).equals(HEAD)) {
      return;
    }
    for (String line : lines.subList(1, lines.size())) {
      try {
        String[] parts = line.split(" ", -1);
        DataType type = DataType.of(Integer.parseInt(parts[2])).orElseThrow();
        Entry entry = new Entry(type, Long.parseLong(parts[3]));
        if (today() - entry.day() <= DAYS) {
          entries.put(new Key(decoded(parts[0]), decoded(parts[1])), entry);
        }
      } catch (RuntimeException e) {
        log.warn("Line [{}] of [{}] is no metric; it is left out", line, file, e);
      }
    }
  }

  void forEach(Visitor visitor) {
    entries.forEach((key, entry) -> visitor.metric(key.device(), key.name(), entry.type()));
  }

  /**
   * A message brought it.
   *
   * @param device empty: the node
   */
  void came(String device, String name, DataType type) {
    Entry now = new Entry(type, today());
    Optional<Entry> before = Optional.ofNullable(entries.put(new Key(device, name), now));
    changed |= !before.equals(Optional.of(now));
  }

  /** Writes it where something has changed. */
  void keep() {
    if (!changed) {
      return;
    }
    changed = false;
    List<String> lines = new ArrayList<>();
    lines.add(HEAD);
    entries.forEach(
        (key, entry) ->
            lines.add(
                String.join(
                    " ",
                    encoded(key.device()),
                    encoded(key.name()),
                    Integer.toString(entry.type().number()),
                    Long.toString(entry.day()))));
    try {
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.write(fresh, lines, StandardCharsets.UTF_8);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      problems.accept("metrics are not kept: " + Failures.text(e));
    }
  }

  private long today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toEpochDay();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
