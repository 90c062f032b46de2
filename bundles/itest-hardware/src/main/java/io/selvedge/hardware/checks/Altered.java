package io.selvedge.hardware.checks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** A shipped driver with one constant changed: a control for the test itself. */
public final class Altered {

  private static final byte CONSTANT_DOUBLE = 6;

  private Altered() {}

  /**
   * Writes a copy of a jar in whose classes a constant has another value.
   *
   * @throws IOException where the constant is not there
   */
  public static void jar(Path from, Path to, double constant, double altered) throws IOException {
    byte[] wanted = bytes(constant);
    byte[] put = bytes(altered);
    int found = 0;
    try (InputStream in = Files.newInputStream(from);
        ZipInputStream jar = new ZipInputStream(in);
        OutputStream out = Files.newOutputStream(to);
        ZipOutputStream copy = new ZipOutputStream(out)) {
      ZipEntry entry = jar.getNextEntry();
      while (entry != null) {
        byte[] content = jar.readAllBytes();
        if (entry.getName().endsWith(".class")) {
          found += replace(content, wanted, put);
        }
        copy.putNextEntry(new ZipEntry(entry.getName()));
        copy.write(content);
        copy.closeEntry();
        entry = jar.getNextEntry();
      }
    }
    if (found == 0) {
      throw new IOException("[" + from.getFileName() + "] has no constant [" + constant + "]");
    }
  }

  private static byte[] bytes(double constant) {
    return ByteBuffer.allocate(1 + Double.BYTES).put(CONSTANT_DOUBLE).putDouble(constant).array();
  }

  private static int replace(byte[] content, byte[] wanted, byte[] put) {
    int found = 0;
    for (int at = 0; at + wanted.length <= content.length; at++) {
      if (ByteBuffer.wrap(content, at, wanted.length).equals(ByteBuffer.wrap(wanted))) {
        System.arraycopy(put, 0, content, at, put.length);
        found++;
      }
    }
    return found;
  }
}
