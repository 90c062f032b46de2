package io.selvedge.hub.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files in a directory, named by their digests. Thread-safe, also among processes. */
public final class FileContent implements ContentStore {

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final Path directory;

  public FileContent(Path directory) {
    this.directory = directory;
  }

  @Override
  public Content add(InputStream in) throws IOException {
    Path fresh = Files.createTempFile(directory, "new-", ".part");
    try {
      MessageDigest digest = ContentStore.sha256();
      long size;
      try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        size = new DigestInputStream(in, digest).transferTo(Channels.newOutputStream(out));
        out.force(true);
      }
      String name = HexFormat.of().formatHex(digest.digest());
      Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      return new Content(name, size);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Those that are there. */
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> find(name).isPresent())
          .toList();
    }
  }

  /** Removes a file that lies elsewhere now. */
  void remove(String sha256) throws IOException {
    Files.deleteIfExists(directory.resolve(sha256));
  }

  @Override
  public Optional<InputStream> open(String sha256) throws IOException {
    Optional<Path> file = find(sha256);
    return file.isEmpty() ? Optional.empty() : Optional.of(Files.newInputStream(file.get()));
  }

  private Optional<Path> find(String sha256) {
    if (!DIGEST.matcher(sha256).matches()) {
      return Optional.empty();
    }
    Path file = directory.resolve(sha256);
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  @Override
  public Optional<Block> read(String sha256, long offset, int length) {
    return find(sha256).flatMap(file -> read(file, offset, length));
  }

  /** Straight from the file: the bytes of a transfer's blocks are copied once. */
  @Override
  public boolean read(String sha256, long offset, ByteBuffer into) {
    if (!DIGEST.matcher(sha256).matches()) {
      return false;
    }
    Path file = directory.resolve(sha256);
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long at = offset;
      while (into.hasRemaining()) {
        int count = in.read(into, at);
        if (count < 0) {
          return false;
        }
        at += count;
      }
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("artifact file [" + file + "] cannot be read", e);
    }
  }

  private static Optional<Block> read(Path file, long offset, int length) {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = in.size();
      ByteBuffer bytes =
          ByteBuffer.allocate((int) Math.max(0, Math.min(length, size - Math.min(offset, size))));
      while (bytes.hasRemaining() && in.read(bytes, offset + bytes.position()) > 0) {
        // once more
      }
      return Optional.of(new Block(bytes.array(), size));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("artifact file [" + file + "] cannot be read", e);
    }
  }
}
