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
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Files named by the SHA-256 of what is in them; once there, a file never changes. Thread-safe,
 * also among processes.
 */
public final class ContentStore {

  /** A file in the store: 64 lower case hexadecimal digits, and its bytes. */
  public record Content(String sha256, long size) {}

  /** Some bytes of a file, and how many the whole file has. */
  public record Block(byte[] bytes, long size) {}

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final Path directory;

  public ContentStore(Path directory) {
    this.directory = directory;
  }

  /** Takes a copy of a file; on disk when this returns. */
  public Content add(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return add(in);
    }
  }

  /** Takes all bytes of a stream; on disk when this returns. */
  public Content add(InputStream in) throws IOException {
    Path fresh = Files.createTempFile(directory, "new-", ".part");
    try {
      MessageDigest digest = sha256();
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

  /** Where it lies; empty where it is not there. */
  public Optional<Path> find(String sha256) {
    if (!DIGEST.matcher(sha256).matches()) {
      return Optional.empty();
    }
    Path file = directory.resolve(sha256);
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  /**
   * Reads some bytes.
   *
   * @param offset from where; at or after the end: nothing is read
   * @param length at most so many
   * @return empty where the file is not there
   */
  public Optional<Block> read(String sha256, long offset, int length) {
    return find(sha256).flatMap(file -> read(file, offset, length));
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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
