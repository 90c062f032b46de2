package io.selvedge.deployment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every change that this bundle makes to the disk. Each method is one step that a power cut can
 * come before or after; {@link #replace} and {@link #rename} are old or new, never between. A test
 * overrides {@link #before} and ends the work there.
 */
class Disk {

  /**
   * Called before each single change. Kill tests set {@link FaultPoint}; it is nothing else.
   *
   * @param change what, for people
   */
  void before(String change) throws IOException {
    FaultPoint.pass(change);
  }

  /** Brings what was written to the disk. Tests that cut no real power need not wait for it. */
  void sync(FileChannel channel) throws IOException {
    channel.force(true);
  }

  /** Writes a whole file: beside it, to the disk, then renamed over it. */
  final void replace(Path file, byte[] bytes) throws IOException {
    Path directory = parent(file);
    createDirectories(directory);
    Path temporary = directory.resolve("." + file.getFileName() + ".tmp");
    before("write " + temporary);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      sync(channel);
    }
    rename(temporary, file);
  }

  /** Renames, replacing what has that name; the new name is on the disk when this returns. */
  final void rename(Path from, Path to) throws IOException {
    before("rename " + from + " to " + to);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(parent(to));
  }

  final void append(FileChannel channel, ByteBuffer bytes) throws IOException {
    before("append");
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Writes somewhere in a file. */
  final void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    before("write a block");
    for (long at = position; bytes.hasRemaining(); ) {
      at += channel.write(bytes, at);
    }
  }

  /** A second name for the same bytes, or a copy where the file system has no links. */
  final void link(Path from, Path to) throws IOException {
    before("link " + from + " to " + to);
    try {
      Files.createLink(to, from);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | IOException e) {
      Files.copy(from, to);
      try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
        sync(channel);
      }
    }
  }

  final void createDirectories(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      before("create " + directory);
      Files.createDirectories(directory);
    }
  }

  /** Deletes a file, or a directory with all that is in it; nothing where there is none. */
  final void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(path)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : all) {
      before("delete " + one);
      Files.deleteIfExists(one);
    }
  }

  /** Brings a directory's entries to the disk. */
  final void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      sync(channel);
    }
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("file [" + file + "] must be in a directory");
    }
    return parent;
  }
}
