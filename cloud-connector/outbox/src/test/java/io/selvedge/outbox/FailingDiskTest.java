package io.selvedge.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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

  private FailingStorage disk = new FailingStorage();
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
    volatile long badFrom = Long.MAX_VALUE; // bytes of segments that cannot be read
    volatile long badTo;
    volatile boolean statesToo;
    int segment = SEGMENT;
    long now = 1; // of the thread of the test
    long slept;
    long wellAfter = Long.MAX_VALUE;

    @Override
    void sleep(long millis) {
      slept += millis;
      now += millis * 1_000_000;
      if (slept >= wellAfter) {
        badTo = 0;
      }
    }

    @Override
    int readSome(FileChannel channel, ByteBuffer into, long at) throws IOException {
      if (at < badTo && at + into.remaining() > badFrom && isBad(channel)) {
        throw new IOException("Input/output error");
      }
      return super.readSome(channel, into, at);
    }

    void haveABadBlock() {
      badFrom = 3 * 4096;
      badTo = badFrom + 512;
    }

    private boolean isBad(FileChannel channel) throws IOException {
      return channel.size() == segment || statesToo;
    }

    @Override
    long nanos() {
      return now;
    }

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
        if (Outboxes.tryAppend(outbox, i % 3, text.getBytes(StandardCharsets.UTF_8))) {
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

  private void fill(SegmentOutbox outbox, int count) {
    for (int i = 0; i < count; i++) {
      Outboxes.append(outbox, 5, String.format("%0100d", i).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Of 200 records those in one page are damaged. */
  private static void assertAllButABlock(int saved, SegmentOutbox outbox) {
    assertThat(saved).isBetween(200 - 4096 / 124 - 2, 200 - 4096 / 124 + 2);
    assertThat(outbox.status().dropped(DropReason.DAMAGED)).isEqualTo(200 - saved);
  }

  /** A bad block: what lies in it is lost, and nothing else. */
  @Test
  void opensAndSavesWhatIsBesideAPlaceThatCannotBeRead() {
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options, disk, System::nanoTime)) {
      fill(outbox, 200);
    }
    disk = new FailingStorage();
    disk.haveABadBlock();
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options, disk, System::nanoTime)) {
      assertThat(disk.slept).as("waited for").isEqualTo(30_000);
      int saved = drain(outbox);
      assertAllButABlock(saved, outbox);
      Outboxes.assertAddsUp(outbox.status());
      assertThat(outbox.status().pending()).isZero();
      fill(outbox, 10);
      assertThat(drain(outbox)).isEqualTo(10);
    }
  }

  @Test
  void opensBesideAFileOfWhichTheHeaderCannotBeRead() throws Exception {
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options, disk, System::nanoTime)) {
      fill(outbox, 200);
    }
    disk = new FailingStorage();
    disk.badFrom = 0;
    disk.badTo = 4096;
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options, disk, System::nanoTime)) {
      disk.badTo = 0;
      assertThat(outbox.status().dropped(DropReason.DAMAGED)).isEqualTo(200);
      fill(outbox, 10);
      assertThat(drain(outbox)).isEqualTo(10);
    }
    assertThat(directory.resolve("segment-000001.log.damaged")).exists();
  }

  @Test
  void waitsForADiskThatCannotBeReadForAWhileAndThenGoesOnWithoutThatPlace() {
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options, disk, System::nanoTime)) {
      fill(outbox, 200);
      disk.haveABadBlock();
      for (int second = 0; second < 30; second++) {
        disk.now += 1_000_000_000;
        assertThatThrownBy(() -> outbox.poll(Duration.ZERO))
            .hasMessageContaining("outbox cannot be read: Input/output error");
      }
      assertThat(outbox.status().pending()).isEqualTo(200);
      disk.now += 1_000_000_000;
      int saved = drain(outbox);
      assertAllButABlock(saved, outbox);
      assertThat(outbox.status().pending()).isZero();
      Outboxes.assertAddsUp(outbox.status());
      disk.badTo = 0;
      fill(outbox, 1200); // and into the next segment
      assertThat(drain(outbox)).isEqualTo(1200);
      assertThat(outbox.status().dropped(DropReason.DAMAGED)).isEqualTo(200 - saved);
      Outboxes.assertAddsUp(outbox.status());
    }
  }

  @Test
  void losesNothingWhereTheDiskIsGoneForAnHour() {
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options, disk, System::nanoTime)) {
      fill(outbox, 200);
      disk.badFrom = 0;
      disk.badTo = SEGMENT;
      for (int minute = 0; minute < 60; minute++) {
        disk.now += 60_000_000_000L;
        assertThatThrownBy(() -> outbox.poll(Duration.ZERO)).hasMessageContaining("cannot be read");
      }
      disk.badTo = 0;
      assertThat(drain(outbox)).isEqualTo(200);
    }
  }

  @Test
  void waitsAtTheOpeningForADiskThatIsNotReadyYetAndLosesNothing() {
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options, disk, System::nanoTime)) {
      fill(outbox, 200);
    }
    disk = new FailingStorage();
    disk.badFrom = 0;
    disk.badTo = SEGMENT;
    disk.statesToo = true;
    disk.wellAfter = 20_000;
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options, disk, System::nanoTime)) {
      assertThat(drain(outbox)).isEqualTo(200);
      assertThat(outbox.status().dropped(DropReason.DAMAGED)).isZero();
      Outboxes.assertAddsUp(outbox.status());
    }
  }

  @Test
  void doesNotOpenOnADiskThatGivesNothingAndLeavesAllAsItIs() {
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options, disk, System::nanoTime)) {
      fill(outbox, 200);
    }
    FailingStorage gone = new FailingStorage();
    gone.badFrom = 0;
    gone.badTo = SEGMENT;
    gone.statesToo = true;
    assertThatThrownBy(() -> SegmentOutbox.open(directory, options, gone, System::nanoTime))
        .hasMessageContaining("Input/output error");
    disk = new FailingStorage();
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options, disk, System::nanoTime)) {
      assertThat(drain(outbox)).isEqualTo(200);
      assertThat(outbox.status().dropped(DropReason.DAMAGED)).isZero();
    }
  }

  /** What comes in another lane is read all the time, and shortens no patience. */
  @Test
  void givesUpAPlaceInOneLaneWhileAnotherIsRead() {
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options, disk, System::nanoTime)) {
      fill(outbox, 200);
      disk.haveABadBlock();
      int saved = 0;
      int urgent = 0;
      for (int second = 0; second < 40; second++) {
        disk.now += 1_000_000_000;
        Outboxes.append(outbox, 0, new byte[10]);
        try {
          for (Optional<OutRecord> one = Outboxes.poll(outbox);
              one.isPresent();
              one = Outboxes.poll(outbox)) {
            outbox.delivered(one.get());
            urgent += one.get().priority() == 0 ? 1 : 0;
            saved += one.get().priority() == 5 ? 1 : 0;
          }
        } catch (OutboxException e) {
          assertThat(second).isLessThan(31);
        }
      }
      assertThat(urgent).isEqualTo(40);
      assertAllButABlock(saved, outbox);
      Outboxes.assertAddsUp(outbox.status());
    }
  }

  /** All of a chunk is bad, and the device takes what is written. */
  @Test
  void givesUpALargeBadAreaOfADiskThatLives() {
    OutboxOptions large = options.withSegmentSize(4 * SEGMENT);
    disk.segment = 4 * SEGMENT;
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, large, disk, System::nanoTime)) {
      fill(outbox, 1500);
      disk.badFrom = 4096;
      disk.badTo = 4096 + 2 * 64 * 1024;
      assertThatThrownBy(() -> outbox.poll(Duration.ZERO)).hasMessageContaining("cannot be read");
      disk.now += 31_000_000_000L;
      fill(outbox, 1);
      int saved = drain(outbox);
      assertThat(saved).isBetween(1501 - 2 * 65536 / 124 - 2, 1501 - 2 * 65536 / 124 + 2);
      assertThat(outbox.status().dropped(DropReason.DAMAGED)).isEqualTo(1501 - saved);
      assertThat(outbox.status().pending()).isZero();
    }
  }
}
