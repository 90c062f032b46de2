package io.selvedge.deployment;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * A sum at the end of a state file, for a bit that has turned over can leave good JSON: a revision
 * that is far too high, and no deployment would be taken any more. It stands against disks, not
 * against people, and it is the last field of the object:
 *
 * <pre>
 *   {…,"sum":"SHA-256 of the object without this field"}
 * </pre>
 */
final class Sum {

  private static final String FIELD = ",\"sum\":\"";
  private static final String END = "\"}";
  private static final int LENGTH = FIELD.length() + 64 + END.length();

  private Sum() {}

  /** The same object with its sum. */
  static byte[] added(byte[] json) {
    String text = new String(json, UTF_8);
    String open = text.substring(0, text.length() - 1);
    return (open + FIELD + Digests.sha256(json) + END).getBytes(UTF_8);
  }

  /**
   * The object without its sum. One without any was written by a version before.
   *
   * @throws IllegalArgumentException it is not what was written
   */
  static byte[] checked(byte[] bytes) {
    int open = bytes.length - LENGTH;
    if (open < 1 || !text(bytes, open, FIELD.length()).equals(FIELD)) {
      return bytes;
    }
    byte[] json = Arrays.copyOf(bytes, open + 1);
    json[open] = '}';
    String sum = text(bytes, open + FIELD.length(), LENGTH - FIELD.length());
    if (!sum.equals(Digests.sha256(json) + END)) {
      throw new IllegalArgumentException("its sum does not match; it was altered");
    }
    return json;
  }

  private static String text(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, ISO_8859_1);
  }
}
