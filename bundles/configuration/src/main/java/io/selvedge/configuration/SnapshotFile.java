package io.selvedge.configuration;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * What a zip archive of configuration holds: files, and words about them. {@code unzip} reads it.
 *
 * <pre>
 *   about/format   1
 *   about/why      changed: io.selvedge.mqtt
 *   about/sha256   of all the others, by name: name NUL length bytes
 *   conf/NAME      a file
 * </pre>
 *
 * A file that is cut off or altered is not read: its digest tells.
 *
 * @param about words by name: {@code why}
 * @param files contents by file name
 */
record SnapshotFile(SortedMap<String, String> about, SortedMap<String, byte[]> files) {

  static final int MOST_BYTES = 64 << 20;

  private static final String ABOUT = "about/";
  private static final String CONF = "conf/";
  private static final String DIGEST = ABOUT + "sha256";
  private static final String FORMAT = ABOUT + "format";

  static SnapshotFile of(Map<String, String> about, Map<String, byte[]> files) {
    return new SnapshotFile(new TreeMap<>(about), new TreeMap<>(files));
  }

  /** What two of them have in common where they hold the same files. */
  String content() {
    SortedMap<String, byte[]> entries = new TreeMap<>();
    files.forEach((name, bytes) -> entries.put(CONF + name, bytes));
    return digest(entries);
  }

  byte[] toBytes() throws IOException {
    SortedMap<String, byte[]> entries = new TreeMap<>();
    entries.put(FORMAT, utf8("1"));
    about.forEach((name, words) -> entries.put(ABOUT + name, utf8(words)));
    files.forEach((name, bytes) -> entries.put(CONF + name, bytes));
    String digest = digest(entries);
    entries.put(DIGEST, utf8(digest));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IOException it is damaged, or of a newer program
   */
  static SnapshotFile parse(byte[] bytes) throws IOException {
    SortedMap<String, byte[]> entries = entries(bytes);
    byte[] digest = entries.remove(DIGEST);
    if (digest == null || !digest(entries).equals(new String(digest, StandardCharsets.UTF_8))) {
      throw new IOException("its digest does not match; it is cut off or was altered");
    }
    String format = new String(entries.getOrDefault(FORMAT, new byte[0]), StandardCharsets.UTF_8);
    if (!format.equals("1")) {
      throw new IOException("format [" + format + "] must be 1; it is of a newer program");
    }
    SortedMap<String, String> about = new TreeMap<>();
    SortedMap<String, byte[]> files = new TreeMap<>();
    entries.forEach(
        (name, content) -> {
          if (name.startsWith(CONF)) {
            files.put(name.substring(CONF.length()), content);
          } else if (name.startsWith(ABOUT) && !name.equals(FORMAT)) {
            about.put(name.substring(ABOUT.length()), new String(content, StandardCharsets.UTF_8));
          }
        });
    return new SnapshotFile(about, files);
  }

  private static SortedMap<String, byte[]> entries(byte[] bytes) throws IOException {
    SortedMap<String, byte[]> entries = new TreeMap<>();
    long all = 0;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        byte[] content = zip.readNBytes(MOST_BYTES);
        all += content.length;
        if (all >= MOST_BYTES) {
          throw new IOException("it holds more than [" + MOST_BYTES + "] bytes");
        }
        entries.put(entry.getName(), content);
      }
    } catch (EOFException e) { // it has no message
      throw new IOException("it is cut off after [" + bytes.length + "] bytes", e);
    } catch (IllegalArgumentException e) { // a name that is no text
      throw new IOException("it is no zip archive: " + e.getMessage(), e);
    }
    return entries;
  }

  private static String digest(SortedMap<String, byte[]> entries) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      entries.forEach(
          (name, content) -> {
            digest.update(utf8(name + '\0'));
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).flip());
            digest.update(content);
          });
      StringBuilder hex = new StringBuilder();
      for (byte one : digest.digest()) {
        hex.append(String.format("%02x", one));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 must be there", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
