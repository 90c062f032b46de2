package io.selvedge.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The file {@code state}: two slots of 4096 bytes, written by turns, so that one is always whole.
 *
 * <pre>
 *   0      4        8
 *   ┌──────┬────────┬────────────────────────────┐
 *   │ crc  │ length │ text, UTF-8: see {@link State} │
 *   └──────┴────────┴────────────────────────────┘
 * </pre>
 *
 * {@code crc} is CRC-32C of length and text. The slot with the higher generation counts.
 */
final class StateFile implements AutoCloseable {

  private static final int SLOT = 4096;
  private static final int PREFIX = 8;

  private final Storage storage;
  private final FileChannel channel;

  StateFile(Storage storage, Path file) throws IOException {
    this.storage = storage;
    channel = storage.open(file);
    if (channel.size() < 2 * SLOT) {
      storage.fill(channel, 2 * SLOT);
    }
  }

  Optional<State> read() throws IOException {
    Optional<State> first = read(0);
    Optional<State> second = read(1);
    if (first.isPresent() && second.isPresent()) {
      return first.get().generation() > second.get().generation() ? first : second;
    }
    return first.or(() -> second);
  }

  void write(State state) throws IOException {
    byte[] text = state.text().getBytes(StandardCharsets.UTF_8);
    ByteBuffer slot = ByteBuffer.allocate(SLOT);
    slot.putInt(0).putInt(text.length).put(text).putInt(0, crc(slot, text.length)).rewind();
    storage.write(channel, slot, (state.generation() & 1) * SLOT);
    storage.force(channel);
  }

  private Optional<State> read(int index) throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(SLOT);
    while (slot.hasRemaining()) {
      if (channel.read(slot, (long) index * SLOT + slot.position()) < 0) {
        return Optional.empty();
      }
    }
    int length = slot.getInt(4);
    if (length <= 0 || length > SLOT - PREFIX || slot.getInt(0) != crc(slot, length)) {
      return Optional.empty();
    }
    return State.parse(new String(slot.array(), PREFIX, length, StandardCharsets.UTF_8));
  }

  private static int crc(ByteBuffer slot, int length) {
    CRC32C crc = new CRC32C();
    crc.update(slot.duplicate().limit(PREFIX + length).position(4));
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
