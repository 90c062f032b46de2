package io.selvedge.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The files {@code state-a} and {@code state-b}, written by turns, so that one is always whole, and
 * one of them may get lost.
 *
 * <pre>
 *   0      4        8
 *   ┌──────┬────────┬────────────────────────────┐
 *   │ crc  │ length │ text, UTF-8: see {@link State} │
 *   └──────┴────────┴────────────────────────────┘
 * </pre>
 *
 * {@code crc} is CRC-32C of length and text. The file with the higher generation counts. Earlier
 * versions wrote both into one file, {@code state}, at 0 and at 4096; it is read where it is there,
 * and deleted when both of the others are written.
 */
final class StateFile implements AutoCloseable {

  static final int SIZE = 32 * 1024;

  private static final int OLD_SLOT = 4096;
  private static final int PREFIX = 8;

  private final Storage storage;
  private final Path old;
  private final Path[] files = new Path[2];
  private final FileChannel[] channels = new FileChannel[2];
  private volatile Runnable before = () -> {};

  StateFile(Storage storage, Path directory) throws IOException {
    this.storage = storage;
    old = directory.resolve("state");
    for (int i = 0; i < channels.length; i++) {
      files[i] = directory.resolve("state-" + "ab".charAt(i));
      channels[i] = open(files[i]);
    }
  }

  private FileChannel open(Path file) throws IOException {
    FileChannel channel = storage.open(file);
    if (channel.size() < SIZE) {
      ByteBuffer there = read(file, channel, 0, SIZE);
      storage.fill(channel, SIZE);
      storage.write(channel, there, 0);
      storage.force(channel);
    }
    return channel;
  }

  /**
   * The newest that is whole.
   *
   * @throws IOException the disk gives neither file: that says nothing about what they hold
   */
  Optional<State> read() throws IOException {
    List<Optional<State>> slots = new ArrayList<>();
    IOException unread = new IOException("no state file");
    for (int i = 0; i < channels.length; i++) {
      try {
        slots.add(parse(read(files[i], channels[i], 0, SIZE)));
      } catch (IOException e) {
        unread = e;
      }
    }
    if (slots.isEmpty()) {
      throw unread;
    }
    if (Files.exists(old)) {
      try (FileChannel channel = storage.open(old)) {
        slots.add(parse(read(old, channel, 0, OLD_SLOT)));
        slots.add(parse(read(old, channel, OLD_SLOT, OLD_SLOT)));
      }
    }
    return slots.stream()
        .flatMap(Optional::stream)
        .max(Comparator.comparingLong(State::generation));
  }

  /** Both files are written: the one of an earlier version is not needed any more. */
  void forgetOld() throws IOException {
    Files.deleteIfExists(old);
  }

  /** Runs each time before a state is written. */
  void before(Runnable runnable) {
    before = runnable;
  }

  void write(State state) throws IOException {
    before.run();
    byte[] text = state.text().getBytes(StandardCharsets.UTF_8);
    ByteBuffer slot = ByteBuffer.allocate(PREFIX + text.length);
    slot.putInt(0).putInt(text.length).put(text).putInt(0, crc(slot, text.length)).rewind();
    FileChannel channel = channels[(int) (state.generation() & 1)];
    storage.write(channel, slot, 0);
    storage.force(channel);
  }

  private ByteBuffer read(Path file, FileChannel channel, long at, int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    storage.read(file, channel, bytes, at);
    return bytes.flip();
  }

  private static Optional<State> parse(ByteBuffer slot) {
    if (slot.limit() < PREFIX) {
      return Optional.empty();
    }
    int length = slot.getInt(4);
    if (length <= 0 || length > slot.limit() - PREFIX || slot.getInt(0) != crc(slot, length)) {
      return Optional.empty();
    }
    byte[] text = new byte[length];
    slot.get(PREFIX, text);
    return State.parse(new String(text, StandardCharsets.UTF_8));
  }

  private static int crc(ByteBuffer slot, int length) {
    CRC32C crc = new CRC32C();
    crc.update(slot.duplicate().limit(PREFIX + length).position(4));
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    try {
      channels[0].close();
    } finally {
      channels[1].close();
    }
  }
}
