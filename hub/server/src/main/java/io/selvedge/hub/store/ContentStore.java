package io.selvedge.hub.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * Files named by the SHA-256 of what is in them; once there, a file never changes. Thread-safe,
 * also among processes.
 */
public interface ContentStore {

  /** A file in the store: 64 lower case hexadecimal digits, and its bytes. */
  record Content(String sha256, long size) {}

  /** Some bytes of a file, and how many the whole file has. */
  record Block(byte[] bytes, long size) {}

  /** Takes all bytes of a stream; they outlive a power cut when this returns. */
  Content add(InputStream in) throws IOException;

  /** Takes a copy of a file, the same way. */
  default Content add(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return add(in);
    }
  }

  /** All its bytes; empty where it is not there. */
  Optional<InputStream> open(String sha256) throws IOException;

  /**
   * Reads some bytes.
   *
   * @param offset from where; at or after the end: nothing is read
   * @param length at most so many
   * @return empty where the file is not there
   */
  Optional<Block> read(String sha256, long offset, int length);

  /**
   * Fills all that remains of a buffer.
   *
   * @param offset from where in the file
   * @return false where the file is not there, or ends before
   */
  default boolean read(String sha256, long offset, ByteBuffer into) {
    byte[] bytes = read(sha256, offset, into.remaining()).map(Block::bytes).orElse(new byte[0]);
    if (bytes.length < into.remaining()) {
      return false;
    }
    into.put(bytes);
    return true;
  }

  /** What names are made with. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
