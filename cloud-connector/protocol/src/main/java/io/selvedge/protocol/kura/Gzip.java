package io.selvedge.protocol.kura;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Compression where it pays, and reading that a small bomb cannot blow up. */
final class Gzip {

  /** Below this, little is won and a message costs several times as much processor time. */
  private static final int TOO_SMALL = 256;

  private Gzip() {}

  static byte[] shorter(byte[] plain) {
    if (plain.length < TOO_SMALL) {
      return plain;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array never fails
    }
    return bytes.size() < plain.length ? bytes.toByteArray() : plain;
  }

  static byte[] plain(byte[] bytes, int limit) throws PayloadException {
    if (bytes.length < 2 || bytes[0] != 0x1f || bytes[1] != (byte) 0x8b) {
      return checkSize(bytes, limit);
    }
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return checkSize(gzip.readNBytes(limit + 1), limit);
    } catch (IOException e) {
      throw new PayloadException(
          "compressed payload of [" + bytes.length + "] bytes is damaged: " + e.getMessage(), e);
    }
  }

  private static byte[] checkSize(byte[] plain, int limit) throws PayloadException {
    if (plain.length > limit) {
      throw new PayloadException(
          "payload is larger than [" + limit + "] bytes, the most that is read; send less at once");
    }
    return plain;
  }
}
