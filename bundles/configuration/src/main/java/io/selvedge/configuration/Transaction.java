package io.selvedge.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Changes of several files in {@code conf/} as one. The journal holds all that shall be; once it is
 * on disk the change happens, before the next start if need be:
 *
 * <pre>
 *   begin    journal beside, to the disk, renamed   (before: nothing has happened)
 *   apply    each file beside, to the disk, renamed; files that shall go are deleted
 *   end      journal deleted                        (before: the next start applies again)
 * </pre>
 */
final class Transaction {

  private static final String DELETE = "delete";
  private static final String WHY = "why";

  private final Path conf;
  private final Path journal;
  private final Durable disk;

  /** A change. */
  record Plan(Map<String, byte[]> put, Set<String> delete, String why) {}

  Transaction(Path conf, Path journal, Durable disk) {
    this.conf = conf;
    this.journal = journal;
    this.disk = disk;
  }

  void begin(Plan plan) throws IOException {
    Files.createDirectories(journal.toAbsolutePath().getParent());
    Map<String, String> about = new TreeMap<>(Map.of(WHY, plan.why()));
    about.put(DELETE, String.join("\n", plan.delete()));
    disk.write(journal, SnapshotFile.of(about, plan.put()).toBytes());
  }

  /** May be done again, as often as it is cut short. */
  void apply(Plan plan) throws IOException {
    for (Map.Entry<String, byte[]> one : plan.put().entrySet()) {
      Path file = conf.resolve(one.getKey());
      if (Files.notExists(file) || !Arrays.equals(Files.readAllBytes(file), one.getValue())) {
        disk.write(file, one.getValue());
      }
    }
    for (String name : plan.delete()) {
      disk.delete(conf.resolve(name));
    }
  }

  void end() throws IOException {
    disk.delete(journal);
  }

  /**
   * What was begun and not ended.
   *
   * @throws IOException the journal cannot be read
   */
  Optional<Plan> open() throws IOException {
    if (Files.notExists(journal)) {
      return Optional.empty();
    }
    SnapshotFile read = SnapshotFile.parse(Files.readAllBytes(journal));
    String delete = read.about().getOrDefault(DELETE, "");
    return Optional.of(
        new Plan(
            read.files(),
            delete.isEmpty() ? Set.of() : Set.copyOf(Arrays.asList(delete.split("\n"))),
            read.about().getOrDefault(WHY, "")));
  }

  /** A journal that cannot be read will never be applied; it is kept to be looked into. */
  void putAside() throws IOException {
    if (Files.exists(journal)) {
      disk.rename(journal, journal.resolveSibling(journal.getFileName() + ".damaged"));
    }
  }
}
