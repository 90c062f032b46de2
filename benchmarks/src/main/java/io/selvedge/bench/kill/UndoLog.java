package io.selvedge.bench.kill;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * What a disk may forget when its power is cut, written by the process that is killed and read by
 * the one that is not. SIGKILL takes nothing that the kernel has; this log says what a power cut
 * would have taken: sectors that were written and not forced, and names that were made while their
 * directory was not forced.
 *
 * <p>Entries: a letter, the file, and for W the number of the sector and what stood in it before.
 * The last one may be cut off; what it announces did not happen then.
 */
public final class UndoLog {

  /** Bytes of a sector, which is written whole or not at all. */
  public static final int SECTOR = 512;

  private static final char WRITTEN = 'W';
  private static final char FORCED = 'F';
  private static final char MADE = 'N';
  private static final char NAMES_FORCED = 'D';

  private final DataOutputStream out;

  /** Begins a log anew. */
  public UndoLog(Path file) throws IOException {
    out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
  }

  /** Before a sector is written for the first time since the file was forced. */
  public void written(Path file, long sector, byte[] before) throws IOException {
    entry(WRITTEN, file);
    out.writeLong(sector);
    out.write(before);
  }

  /** All that was written in this file stays. */
  public void forced(Path file) throws IOException {
    entry(FORCED, file);
  }

  /** Before a file is made. */
  public void made(Path file) throws IOException {
    entry(MADE, file);
    flush();
  }

  /** All names in this directory stay. */
  public void namesForced(Path directory) throws IOException {
    entry(NAMES_FORCED, directory);
  }

  private void entry(char what, Path file) throws IOException {
    out.writeByte(what);
    out.writeUTF(file.toString());
  }

  /** Gives all entries to the kernel, which keeps them when this process is killed. */
  public void flush() throws IOException {
    out.flush();
  }

  /**
   * Cuts the power after the fact: of what was not forced, as much is taken back as chance will
   * have it, from nothing to all. The log is deleted.
   *
   * @param root where the files of the process that was killed are seen from here
   * @return sectors taken back
   */
  public static int cut(Path log, Path root, Random random) throws IOException {
    if (Files.notExists(log)) {
      return 0;
    }
    Map<String, Map<Long, byte[]>> unforced = new LinkedHashMap<>();
    Map<String, String> unsafeNames = new HashMap<>();
    read(log, unforced, unsafeNames);
    double kept = random.nextInt(5) / 4.0;
    int taken = 0;
    for (Map.Entry<String, Map<Long, byte[]>> file : unforced.entrySet()) {
      taken += takeBack(seen(root, file.getKey()), file.getValue(), kept, random);
    }
    for (String name : unsafeNames.keySet()) {
      if (random.nextDouble() >= kept) {
        Files.deleteIfExists(seen(root, name));
      }
    }
    Files.delete(log);
    return taken;
  }

  private static Path seen(Path root, String file) {
    return root.resolve(Path.of("/").relativize(Path.of(file)));
  }

  private static int takeBack(Path file, Map<Long, byte[]> sectors, double kept, Random random)
      throws IOException {
    if (Files.notExists(file)) {
      return 0;
    }
    int taken = 0;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (Map.Entry<Long, byte[]> sector : sectors.entrySet()) {
        if (random.nextDouble() >= kept) {
          channel.write(ByteBuffer.wrap(sector.getValue()), sector.getKey() * SECTOR);
          taken++;
        }
      }
    }
    return taken;
  }

  private static void read(
      Path log, Map<String, Map<Long, byte[]>> unforced, Map<String, String> unsafeNames)
      throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(log), 1 << 16))) {
      while (true) {
        char what = (char) in.readByte();
        String name = in.readUTF();
        switch (what) {
          case WRITTEN -> {
            long sector = in.readLong();
            byte[] before = in.readNBytes(SECTOR);
            if (before.length < SECTOR) {
              return;
            }
            unforced.computeIfAbsent(name, path -> new LinkedHashMap<>()).put(sector, before);
          }
          case FORCED -> unforced.remove(name);
          case MADE -> unsafeNames.put(name, String.valueOf(Path.of(name).getParent()));
          case NAMES_FORCED -> unsafeNames.values().removeIf(name::equals);
          default -> throw new IOException("undo log [" + log + "] has an entry [" + what + "]");
        }
      }
    } catch (EOFException e) {
      // the end, or an entry that was cut off by the kill
    }
  }
}
