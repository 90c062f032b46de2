package io.selvedge.remote.deploy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Files that were downloaded, and parts of some:
 *
 * <pre>
 *   NAME-VERSION.part   what is there of one; NAME-VERSION.part.job says of which
 *   NAME-VERSION.jar    a whole one: its digest was right before it got this name
 * </pre>
 *
 * Used by one thread.
 */
final class Downloads {

  private static final int MOST_FILES = 3;

  private final Path directory;
  private final long most;
  private final Pause pause;

  /** How a file came to be there. */
  record Fetched(Path file, long fetched) {}

  /** Opens the directory, and cuts parts back to what is surely on disk. */
  Downloads(Path directory, long most, Pause pause) throws IOException {
    this.directory = directory;
    this.most = most;
    this.pause = pause;
    Files.createDirectories(directory);
    for (Path part : list(".part")) {
      if (!HttpFetch.trim(part)) {
        Files.deleteIfExists(part);
      }
    }
  }

  /** A whole file that is there, digest verified just now. */
  Optional<Path> find(Job job, Optional<Digest> digest) throws IOException {
    Path file = directory.resolve(job.file() + ".jar");
    Path about = directory.resolve(job.file() + ".jar.job");
    if (Files.notExists(file) || Files.notExists(about)) {
      return Optional.empty();
    }
    try {
      Digest own = Digest.parse(Fields.parse("job", Files.readAllBytes(about)).text("digest"));
      boolean good = own.matches(file) && (digest.isEmpty() || digest.get().matches(file));
      return good ? Optional.of(file) : Optional.empty();
    } catch (IllegalArgumentException e) { // the disk has altered it: as if it were not here
      return Optional.empty();
    }
  }

  /**
   * Fetches a file, or goes on with its part. A part that grew over several connections and does
   * not match is fetched once more from the beginning, in case the server's file changed meanwhile.
   *
   * @param progress is told the bytes that are there, and of how many (-1: not known)
   */
  Fetched fetch(Job.Download download, BooleanSupplier cancelled, Progress progress)
      throws IOException, DeployException {
    Path part = directory.resolve(download.job().file() + ".part");
    requireSame(download, part);
    long all = 0;
    while (true) {
      boolean resumed = Files.exists(part);
      HttpFetch[] fetch = new HttpFetch[1];
      LongConsumer told = at -> progress.at(at, fetch[0].total());
      fetch[0] = new HttpFetch(download, part, most, pause, cancelled, told);
      fetch[0].run();
      all += fetch[0].fetched();
      if (Files.notExists(part)) {
        Files.createFile(part);
      }
      Digest is = Digest.of(download.digest().algorithm(), part);
      if (is.equals(download.digest())) {
        return new Fetched(keep(download, part), all);
      }
      Files.delete(part);
      if (!resumed) {
        throw new DeployException(
            "the file at ["
                + download.uri()
                + "] has the digest ["
                + is
                + "], and the request says ["
                + download.digest()
                + "]; it was altered, or the request is wrong");
      }
    }
  }

  /** Hears how far it is. */
  interface Progress {
    void at(long bytes, long total);
  }

  /** A part of another file is worth nothing. */
  private void requireSame(Job.Download download, Path part) throws IOException {
    Path about = part.resolveSibling(part.getFileName() + ".job");
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("uri", download.uri().toString()).put("digest", download.digest().toString());
    byte[] now = Json.bytes(json);
    boolean same = Files.exists(about) && Arrays.equals(Files.readAllBytes(about), now);
    if (!same || download.force()) {
      Files.deleteIfExists(part);
      write(about, now);
    }
  }

  private Path keep(Job.Download download, Path part) throws IOException {
    Path file = directory.resolve(download.job().file() + ".jar");
    Files.deleteIfExists(file); // it and its digest change one after the other
    write(
        file.resolveSibling(file.getFileName() + ".job"),
        Files.readAllBytes(part.resolveSibling(part.getFileName() + ".job")));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    force();
    deletePart(download.job());
    List<Path> all =
        list(".jar").stream().sorted(Comparator.comparing(Downloads::modified)).toList();
    for (Path old : all.subList(0, Math.max(0, all.size() - MOST_FILES))) {
      Files.deleteIfExists(old);
      Files.deleteIfExists(old.resolveSibling(old.getFileName() + ".job"));
    }
    return file;
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  /** What was fetched of it so far goes. */
  void deletePart(Job job) throws IOException {
    for (String ending : List.of(".part", ".part.job", ".part.tag")) {
      Files.deleteIfExists(directory.resolve(job.file() + ending));
    }
  }

  private void write(Path file, byte[] content) throws IOException {
    Path beside = file.resolveSibling("." + file.getFileName() + ".new");
    Files.write(beside, content);
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    force();
  }

  private void force() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private List<Path> list(String ending) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }
}
