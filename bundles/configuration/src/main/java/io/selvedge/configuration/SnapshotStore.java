package io.selvedge.configuration;

import io.selvedge.api.configuration.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Snapshots as files {@code ID.zip} in one directory. So many and so many bytes are kept, the
 * newest always. One that is damaged is put aside as {@code ID.damaged} and told of; then the one
 * before it is the newest. Used by one thread at a time.
 */
final class SnapshotStore {

  private static final String ZIP = ".zip";
  private static final String DAMAGED = ".damaged";

  private final Path directory;
  private final Durable disk;
  private final Clock clock;
  private final int most;
  private final long mostBytes;
  private final BiConsumer<String, String> damaged;
  private final Map<Long, Kept> kept = new TreeMap<>(Comparator.reverseOrder());

  /** What is known of a file without reading it again. */
  private record Kept(Snapshot snapshot, String content) {}

  /**
   * Opens the directory, and makes it where it is missing.
   *
   * @param most so many are kept
   * @param mostBytes so many bytes of them are kept
   * @param damaged is told the name of a file that cannot be used, and why
   */
  SnapshotStore(
      Path directory,
      Durable disk,
      Clock clock,
      int most,
      long mostBytes,
      BiConsumer<String, String> damaged)
      throws IOException {
    this.directory = directory;
    this.disk = disk;
    this.clock = clock;
    this.most = most;
    this.mostBytes = mostBytes;
    this.damaged = damaged;
    Files.createDirectories(directory);
    for (Path file : files(ZIP)) {
      long id = id(file, ZIP);
      read(id).ifPresent(content -> keep(id, content, size(file)));
    }
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().matches("[0-9]{1,18}\\" + ending))
          .sorted(Comparator.comparingLong(file -> id(file, ending)))
          .toList();
    }
  }

  private static long id(Path file, String ending) {
    return Long.parseLong(file.getFileName().toString().replace(ending, ""));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Newest first. */
  List<Snapshot> list() {
    return kept.values().stream().map(Kept::snapshot).toList();
  }

  /** What a snapshot holds; empty where there is none, or where it has been damaged. */
  Optional<SnapshotFile> read(long id) throws IOException {
    Path file = directory.resolve(id + ZIP);
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(SnapshotFile.parse(Files.readAllBytes(file)));
    } catch (IOException e) {
      kept.remove(id);
      disk.rename(file, directory.resolve(id + DAMAGED));
      damaged.accept(file.getFileName().toString(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** Keeps the files as a new snapshot; gives the newest where it holds the same. */
  Snapshot take(Map<String, byte[]> conf, String why) throws IOException {
    SnapshotFile content = SnapshotFile.of(Map.of("why", why), conf);
    Optional<Kept> newest = kept.values().stream().findFirst();
    if (newest.isPresent() && newest.get().content().equals(content.content())) {
      return newest.get().snapshot();
    }
    long id =
        Math.max(clock.millis(), newest.map(one -> one.snapshot().id() + 1).orElse(Long.MIN_VALUE));
    byte[] bytes = content.toBytes();
    disk.write(directory.resolve(id + ZIP), bytes);
    Snapshot taken = keep(id, content, bytes.length);
    prune();
    return taken;
  }

  private Snapshot keep(long id, SnapshotFile content, long bytes) {
    Snapshot snapshot =
        new Snapshot(
            id,
            Instant.ofEpochMilli(id),
            content.about().getOrDefault("why", ""),
            content.files().size(),
            bytes);
    kept.put(id, new Kept(snapshot, content.content()));
    return snapshot;
  }

  private void prune() throws IOException {
    long bytes = 0;
    int count = 0;
    List<Long> tooMany = new ArrayList<>();
    for (Snapshot one : list()) {
      bytes += one.bytes();
      count++;
      if (count > 1 && (count > most || bytes > mostBytes)) {
        tooMany.add(one.id());
      }
    }
    for (long id : tooMany) {
      kept.remove(id);
      disk.delete(directory.resolve(id + ZIP));
    }
    List<Path> aside = files(DAMAGED);
    for (Path old : aside.subList(0, Math.max(0, aside.size() - 2))) { // two to look into
      disk.delete(old);
    }
  }
}
