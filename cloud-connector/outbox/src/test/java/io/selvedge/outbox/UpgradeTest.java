package io.selvedge.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An outbox as version 1 left it, byte by byte, is opened by this one. */
class UpgradeTest {

  private static final int SEGMENT = 64 * 1024;
  private static final int FIRST = 4096;
  private static final UUID ID = UUID.fromString("0123f00d-0000-4000-8000-00000000beef");

  @TempDir Path directory = Path.of("."); // set before each test

  private static int crc(ByteBuffer bytes, int from, int to, Optional<Long> serial) {
    CRC32C crc = new CRC32C();
    serial.ifPresent(seed -> crc.update(ByteBuffer.allocate(8).putLong(0, seed)));
    crc.update(bytes.duplicate().limit(to).position(from));
    return (int) crc.getValue();
  }

  /** Records {@code first} to {@code end}, with ids from 1001 on. */
  private void segment(int number, long serial, int first, int end, boolean sealed)
      throws IOException {
    ByteBuffer file = ByteBuffer.allocate(SEGMENT).position(FIRST);
    for (int i = first; i < end; i++) {
      byte[] payload = ("record " + i).getBytes(StandardCharsets.UTF_8);
      int at = file.position();
      file.putInt(0).putInt(0x5e << 24 | payload.length).putLong(1001 + i).putInt(i).putInt(0);
      file.put(payload);
      file.putInt(at, crc(file, at + 4, file.position(), Optional.of(serial)));
    }
    ByteBuffer header = ByteBuffer.allocate(64);
    header.putLong(0x5356_474f_5554_0d0aL).putInt(1).putInt(5).putLong(serial);
    header.putLong(ID.getMostSignificantBits()).putLong(ID.getLeastSignificantBits());
    header.putLong(first).putLong(sealed ? end : 0).putInt(sealed ? file.position() : 0);
    header.putInt(crc(header, 0, 60, Optional.empty()));
    file.put(0, header.array()).put(2048, header.array());
    Files.write(directory.resolve(String.format("segment-%06d.log", number)), file.array());
  }

  private void state(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8192);
    file.putInt(4, bytes.length).put(8, bytes);
    file.putInt(0, crc(file, 4, 8 + bytes.length, Optional.empty()));
    Files.write(directory.resolve("state"), file.array());
  }

  private SegmentOutbox open() {
    return SegmentOutbox.open(directory, OutboxOptions.defaults().withSegmentSize(SEGMENT));
  }

  private static List<String> drain(SegmentOutbox outbox) {
    List<String> texts = new ArrayList<>();
    for (Optional<OutRecord> one = Outboxes.poll(outbox);
        one.isPresent();
        one = Outboxes.poll(outbox)) {
      assertThat(one.get().source()).isEmpty();
      texts.add(one.get().id() + " " + Outboxes.text(one.get()));
      outbox.delivered(one.get());
    }
    return texts;
  }

  @Test
  void keepsEverythingThatVersionOneKept() throws Exception {
    segment(1, 1, 0, 100, true);
    segment(2, 2, 100, 200, true);
    segment(3, 3, 200, 230, false);
    int offset = FIRST;
    for (int i = 0; i < 40; i++) {
      offset += 24 + ("record " + i).length();
    }
    state(
        "selvedge-outbox 1\ngeneration 8\nid "
            + ID
            + "\nnext-id 5000\naccepted 230\ndelivered 38\ndropped.EXPIRED 2\nlane.5 40 1 "
            + offset
            + " 230\n");
    List<String> expected = new ArrayList<>();
    for (int i = 40; i < 230; i++) {
      expected.add(1001 + i + " record " + i);
    }
    try (SegmentOutbox outbox = open()) {
      assertThat(outbox.id()).isEqualTo(ID.toString());
      OutboxStatus status = outbox.status();
      assertThat(List.of(status.accepted(), status.delivered(), status.pending()))
          .containsExactly(230L, 38L, 190L);
      assertThat(status.dropped(DropReason.EXPIRED)).isEqualTo(2);
      assertThat(Outboxes.append(outbox, 5, "new".getBytes(StandardCharsets.UTF_8)))
          .isGreaterThanOrEqualTo(5000);
    }
    try (SegmentOutbox outbox = open()) {
      List<String> found = drain(outbox);
      assertThat(found.subList(0, 190)).isEqualTo(expected);
      assertThat(found).hasSize(191);
      assertThat(outbox.status().pending()).isZero();
      assertThat(outbox.status().dropped(DropReason.DAMAGED)).isZero();
      assertThat(outbox.status().accepted()).isEqualTo(231);
    }
    assertThat(Files.exists(directory.resolve("state"))).isFalse();
  }

  @Test
  void countsWhatVersionOneLostToDamage() throws Exception {
    segment(1, 1, 0, 100, true);
    segment(2, 2, 100, 130, false);
    state(
        "selvedge-outbox 1\ngeneration 8\nid "
            + ID
            + "\nnext-id 5000\naccepted 130\ndelivered 0\nlane.5 0 1 4096 130\n");
    Path file = directory.resolve("segment-000001.log");
    byte[] bytes = Files.readAllBytes(file);
    bytes[FIRST + 300] ^= 1;
    Files.write(file, bytes);
    try (SegmentOutbox outbox = open()) {
      assertThat(drain(outbox)).hasSize(129);
      assertThat(outbox.status().dropped(DropReason.DAMAGED)).isEqualTo(1);
      assertThat(outbox.status().pending()).isZero();
    }
  }
}
