package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.StoreFigures;
import io.selvedge.protocol.transfer.BlockList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Files by their SHA-256. A file has its name only once all its bytes have been verified, against
 * the digest or against the list of blocks that is signed beside it; until then it is called {@code
 * <sha256>.part} and holds the first bytes, without gaps, or {@code <sha256>.sparse} and holds some
 * blocks, so that a transfer goes on where it stopped. {@code <sha256>.blocks} is the list of its
 * blocks, for files that come later and share some. Whoever uses a file compares it with its digest
 * first, see {@link Staging}; one that is not it is to be {@link #doubt doubted}.
 */
final class BlobStore {

  private static final String PART = ".part";
  private static final String SPARSE = ".sparse";
  private static final String LIST = ".blocks";
  private static final int DIGITS = 64;

  private final Path directory;
  private final Disk disk;
  private final long budget;
  private final Clock clock;
  private volatile StoreFigures figures;

  /** Digests of files that this process has verified; they need not be read again here. */
  private final Set<String> verified = new HashSet<>();

  /** How often a whole file was not what its digest says. */
  private final Map<String, Integer> wrong = new HashMap<>();

  /** Digests of files that must stay. */
  private Set<String> needed = new HashSet<>();

  /**
   * @param budget bytes that files may take; what is needed stays even beyond it
   */
  BlobStore(Path directory, Disk disk, long budget, Clock clock) {
    this.directory = directory;
    this.disk = disk;
    this.budget = budget;
    this.clock = clock;
    figures = new StoreFigures(0, 0, 0, budget);
  }

  /** What is in it, as of the last time that it was cleared up. */
  StoreFigures figures() {
    return figures;
  }

  Path path(Artifact.File file) {
    return directory.resolve(file.sha256());
  }

  /** Whether the file is here and still what its name says; one that is not is deleted. */
  boolean has(Artifact.File file) throws IOException {
    Path path = path(file);
    if (!Files.isRegularFile(path)) {
      return false;
    }
    if (verified.contains(file.sha256())) {
      return true;
    }
    if (Files.size(path) == file.size() && sha256(path).equals(file.sha256())) {
      verified.add(file.sha256());
      return true;
    }
    wrong.merge(file.sha256(), 1, Integer::sum);
    disk.delete(path);
    return false;
  }

  /** How often the whole file was here and was not what its name says, as far as is known. */
  int timesWrong(Artifact.File file) {
    return wrong.getOrDefault(file.sha256(), 0);
  }

  /** It begins anew, or was found to be what its name says. */
  void forgive(Artifact.File file) {
    wrong.remove(file.sha256());
  }

  /** Looks anew the next time: something that reads these files has found them damaged. */
  void doubt(Artifact artifact) {
    artifact.files().forEach(file -> verified.remove(file.sha256()));
  }

  /** How many bytes are here already. */
  long partSize(Artifact.File file) throws IOException {
    Path part = part(file);
    if (!Files.exists(part)) {
      return 0;
    }
    if (Files.size(part) > file.size()) {
      disk.delete(part);
      return 0;
    }
    return Files.size(part);
  }

  /** Bytes that may be written before the disk is full. */
  long room() throws IOException {
    disk.createDirectories(directory);
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** Opens the partial file for appending. */
  FileChannel append(Artifact.File file) throws IOException {
    disk.createDirectories(directory);
    return FileChannel.open(part(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  void write(FileChannel channel, byte[] bytes) throws IOException {
    disk.append(channel, ByteBuffer.wrap(bytes));
  }

  /**
   * Verifies the partial file and gives it its name. One that is not what its name says is deleted.
   *
   * @return whether it is
   */
  boolean complete(Artifact.File file) throws IOException {
    Path part = part(file);
    if (Files.size(part) != file.size() || !sha256(part).equals(file.sha256())) {
      wrong.merge(file.sha256(), 1, Integer::sum);
      disk.delete(part);
      return false;
    }
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      disk.sync(channel);
    }
    disk.rename(part, path(file));
    verified.add(file.sha256());
    return true;
  }

  /** Opens a file that is put together from blocks. */
  BlockFile blocks(Artifact.File file, BlockList list) throws IOException {
    disk.createDirectories(directory);
    return new BlockFile(sparse(file), list, disk);
  }

  /**
   * Gives a file that was put together its name. Each of its blocks was verified, so that it is not
   * read once more here: whoever uses it does.
   */
  void complete(Artifact.File file, BlockFile made) throws IOException {
    if (!made.isComplete()) {
      throw new IllegalStateException("file [" + file.path() + "] lacks blocks");
    }
    made.sync();
    disk.rename(sparse(file), path(file));
    verified.add(file.sha256());
  }

  /** The list of a file's blocks, where it is here and the one that is meant. */
  Optional<BlockList> list(Artifact.File file, String listSha256) throws IOException {
    Path path = directory.resolve(file.sha256() + LIST);
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    byte[] bytes = Files.readAllBytes(path);
    return Digests.sha256(bytes).equals(listSha256)
        ? Optional.of(BlockList.parse(bytes))
        : Optional.empty();
  }

  void keepList(Artifact.File file, byte[] list) throws IOException {
    disk.replace(directory.resolve(file.sha256() + LIST), list);
  }

  /** Whole files that are here, with the lists of their blocks. */
  Map<Path, BlockList> lists() throws IOException {
    Map<Path, BlockList> lists = new LinkedHashMap<>();
    for (Path one : all()) {
      String name = name(one);
      Path file = directory.resolve(name.substring(0, Math.min(DIGITS, name.length())));
      if (name.endsWith(LIST) && Files.isRegularFile(file)) {
        try {
          lists.put(file, BlockList.parse(Files.readAllBytes(one)));
        } catch (IllegalArgumentException e) {
          disk.delete(one); // the disk has altered it; without it the file is whole all the same
        }
      }
    }
    return lists;
  }

  /** From now on these must stay, too: they are about to be fetched. */
  void need(List<Artifact> artifacts) {
    artifacts.forEach(a -> a.files().forEach(file -> needed.add(file.sha256())));
  }

  /**
   * Clears up: while there is more than the budget, what these artifacts do not have goes, that
   * which was not needed for the longest time first.
   */
  void retain(List<Artifact> artifacts) throws IOException {
    Set<String> wanted =
        artifacts.stream()
            .flatMap(artifact -> artifact.files().stream())
            .map(Artifact.File::sha256)
            .collect(Collectors.toSet());
    needed = new HashSet<>(wanted);
    FileTime now = FileTime.from(clock.instant());
    for (Path one : all()) {
      if (wanted.contains(digest(one))) {
        Files.setLastModifiedTime(one, now);
      }
    }
    clear(budget);
  }

  /**
   * Deletes what is not needed until there is room.
   *
   * @return the room that there is then
   */
  long makeRoom(long bytes) throws IOException {
    while (room() < bytes) {
      StoreFigures now = figures();
      if (now.unneededBytes() == 0) {
        break;
      }
      clear(now.bytes() - 1);
    }
    return room();
  }

  private void clear(long most) throws IOException {
    record Entry(Path path, long size, FileTime time) {}
    long bytes = 0;
    int files = 0;
    List<Entry> unneeded = new ArrayList<>();
    for (Path one : all()) {
      long size = Files.size(one);
      bytes += size;
      files++;
      if (!needed.contains(digest(one))) {
        unneeded.add(new Entry(one, size, Files.getLastModifiedTime(one)));
      }
    }
    unneeded.sort(Comparator.comparing(Entry::time));
    long left = unneeded.stream().mapToLong(Entry::size).sum();
    for (Entry entry : unneeded) {
      if (bytes <= most) {
        break;
      }
      disk.delete(entry.path());
      verified.remove(digest(entry.path()));
      bytes -= entry.size();
      left -= entry.size();
      files--;
    }
    figures = new StoreFigures(bytes, left, files, budget);
  }

  private List<Path> all() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(directory)) {
      return list.toList();
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static String digest(Path file) {
    String name = name(file);
    return name.substring(0, Math.min(DIGITS, name.length()));
  }

  static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = Digests.sha256();
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private Path sparse(Artifact.File file) {
    return directory.resolve(file.sha256() + SPARSE);
  }

  private Path part(Artifact.File file) {
    return directory.resolve(file.sha256() + PART);
  }
}
