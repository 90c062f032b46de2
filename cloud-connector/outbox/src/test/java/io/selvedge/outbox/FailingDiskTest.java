package io.selvedge.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailingDiskTest {

  private static final int SEGMENT = 64 * 1024;

  @TempDir Path directory = Path.of("."); // set before each test

  private final FailingStorage disk = new FailingStorage();
  private final List<String> reports = new ArrayList<>();
  private final OutboxOptions options =
      OutboxOptions.defaults()
          .withSegmentSize(SEGMENT)
          .withCommitInterval(Duration.ZERO)
          .withReport(reports::add);

  /** A disk that is full, or broken, when the test says so. */
  private static final class FailingStorage extends Storage {
    volatile boolean noSpace;
    volatile boolean broken;

    @Override
    void fill(FileChannel channel, long size) throws IOException {
      if (noSpace) {
        throw new IOException("No space left on device");
      }
      super.fill(channel, size);
    }

    @Override
    void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
      if (broken) {
        throw new IOException("Input/output error");
      }
      super.write(channel, bytes, at);
    }

    @Override
    void force(FileChannel channel) throws IOException {
      if (broken) {
        throw new IOException("Input/output error");
      }
      super.force(channel);
    }
  }

  private static int drain(SegmentOutbox outbox) {
    int count = 0;
    for (Optional<OutRecord> one = Outboxes.poll(outbox);
        one.isPresent();
        one = Outboxes.poll(outbox)) {
      outbox.delivered(one.get());
      count++;
    }
    return count;
  }

  @Test
  void refusesWhenTheDiskIsFullAndTakesAgainWhenThereIsRoom() {
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options, disk, System::nanoTime)) {
      disk.noSpace = true;
      assertThatThrownBy(() -> Outboxes.append(outbox, 5, new byte[100]))
          .hasMessageContaining("outbox cannot be written: No space left on device");
      assertThat(outbox.status().refused()).isEqualTo(1);
      assertThat(outbox.status().accepted()).isZero();
      disk.noSpace = false;
      assertThat(Outboxes.append(outbox, 5, new byte[100])).isPositive();
      assertThat(drain(outbox)).isEqualTo(1);
    }
  }

  @Test
  void usesTheFilesItHasWhenTheDiskIsFull() {
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options, disk, System::nanoTime)) {
      for (int i = 0; i < 300; i++) {
        Outboxes.append(outbox, 5, new byte[500]);
      }
      disk.noSpace = true;
      for (int i = 0; i < 1000; i++) {
        Outboxes.append(outbox, 5, new byte[500]);
      }
      OutboxStatus status = outbox.status();
      assertThat(status.accepted()).isEqualTo(1300);
      assertThat(status.dropped(DropReason.FULL)).isPositive();
      assertThat(drain(outbox)).isEqualTo((int) status.pending());
    }
  }

  @Test
  void acceptsNothingThatIsNotOnDiskAndGoesOnAfterwards() {
    List<String> kept = new ArrayList<>();
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options, disk, System::nanoTime)) {
      for (int i = 0; i < 30; i++) {
        disk.broken = i % 10 >= 7;
        String text = "record " + i;
        if (Outboxes.tryAppend(
            outbox, i % 3, text.getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
          kept.add(text);
        }
      }
      disk.broken = false;
      assertThat(kept).hasSize(21);
      assertThat(outbox.status().accepted()).isEqualTo(21);
      assertThat(outbox.status().refused()).isEqualTo(9);
    }
    try (SegmentOutbox outbox =
        SegmentOutbox.open(directory, options, new Storage(), System::nanoTime)) {
      List<String> found = new ArrayList<>();
      for (Optional<OutRecord> one = Outboxes.poll(outbox);
          one.isPresent();
          one = Outboxes.poll(outbox)) {
        found.add(Outboxes.text(one.get()));
      }
      assertThat(found).containsExactlyInAnyOrderElementsOf(kept);
      assertThat(outbox.status().accepted()).isEqualTo(21);
    }
  }
}
