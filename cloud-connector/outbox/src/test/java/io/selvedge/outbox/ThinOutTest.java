package io.selvedge.outbox;

import static io.selvedge.outbox.DropReason.DAMAGED;
import static io.selvedge.outbox.DropReason.EXPIRED;
import static io.selvedge.outbox.DropReason.FULL;
import static io.selvedge.outbox.DropReason.THINNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThinOutTest {

  private static final int SEGMENT = 64 * 1024;
  private static final int SEGMENTS = 8;
  private static final int PER_SEGMENT = (SEGMENT - 4096) / 124;

  @TempDir Path directory = Path.of("."); // set before each test

  private final FakeThinner thinner = new FakeThinner();
  private final List<String> reports = new ArrayList<>();
  private final TestClock clock = new TestClock(Instant.parse("2026-03-01T00:00:00Z"));
  private final OutboxOptions options =
      OutboxOptions.defaults()
          .withSegmentSize(SEGMENT)
          .withBudget((long) SEGMENTS * SEGMENT)
          .withCommitInterval(Duration.ZERO)
          .withStateInterval(Duration.ofHours(1))
          .withClock(clock)
          .withReport(reports::add)
          .withThinner(thinner);

  private SegmentOutbox open() {
    return open(new Storage());
  }

  private SegmentOutbox open(Storage storage) {
    return SegmentOutbox.open(directory, options, storage, clock::nanos);
  }

  private static int fill(SegmentOutbox outbox, int from, int count) {
    List<Supplier<CompletionStage<Long>>> appends = new ArrayList<>();
    for (int number = from; number < from + count; number++) {
      byte[] payload = FakeThinner.payload(number);
      appends.add(() -> outbox.append("", 5, Duration.ZERO, payload));
    }
    return Outboxes.appendAll(appends);
  }

  private static List<Integer> drain(SegmentOutbox outbox) {
    List<Integer> numbers = new ArrayList<>();
    for (Optional<OutRecord> one = Outboxes.poll(outbox);
        one.isPresent();
        one = Outboxes.poll(outbox)) {
      numbers.addAll(FakeThinner.numbers(one.get()));
      outbox.delivered(one.get());
    }
    return numbers;
  }

  @Test
  void putsAggregatesInThePlaceOfOldRecordsAndLosesNothing() {
    int count = 3 * SEGMENTS * PER_SEGMENT;
    try (SegmentOutbox outbox = open()) {
      assertThat(fill(outbox, 0, count)).isEqualTo(count);
      OutboxStatus status = outbox.status();
      assertThat(status.dropped(THINNED)).isGreaterThan(count / 2);
      assertThat(status.dropped(FULL)).isZero();
      assertThat(status.diskBytes()).isLessThanOrEqualTo((long) SEGMENTS * SEGMENT);
      long aggregates = status.accepted() - count;
      assertThat(aggregates).isEqualTo(status.dropped(THINNED) / 10);
      Outboxes.assertAddsUp(status);
    }
    try (SegmentOutbox outbox = open()) {
      Outboxes.assertAddsUp(outbox.status());
      List<Integer> numbers = drain(outbox);
      assertThat(numbers)
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, count).boxed().toList());
      Outboxes.assertAddsUp(outbox.status());
      assertThat(outbox.status().pending()).isZero();
      assertThat(outbox.status().dropped(DAMAGED)).isZero();
    }
    assertThat(reports).isEmpty();
  }

  @Test
  void dropsTheOldestWhenNothingCanBeThinnedAnyMore() {
    int count = 16 * SEGMENTS * PER_SEGMENT;
    try (SegmentOutbox outbox = open()) {
      fill(outbox, 0, count);
      OutboxStatus status = outbox.status();
      Outboxes.assertAddsUp(status);
      assertThat(status.dropped(FULL)).isPositive();
      List<Integer> numbers = drain(outbox);
      assertThat(numbers).doesNotHaveDuplicates().contains(count - 1);
      assertThat(numbers.size()).isGreaterThan(3 * SEGMENTS * PER_SEGMENT);
      Outboxes.assertAddsUp(outbox.status());
      assertThat(outbox.status().dropped(DAMAGED)).isZero();
    }
  }

  @Test
  void goesOnWithoutAThinnerThatFails() {
    thinner.fail();
    try (SegmentOutbox outbox = open()) {
      fill(outbox, 0, 2 * SEGMENTS * PER_SEGMENT);
      assertThat(outbox.status().dropped(THINNED)).isZero();
      assertThat(outbox.status().dropped(FULL)).isPositive();
      Outboxes.assertAddsUp(outbox.status());
    }
    assertThat(reports).contains("outbox cannot be thinned out: no thinner today");
  }

  @Test
  void dropsOnTheWayWhatIsExpiredAndCountsWhatIsDamaged() throws Exception {
    try (SegmentOutbox outbox = open()) {
      List<Supplier<CompletionStage<Long>>> appends = new ArrayList<>();
      for (int i = 0; i < 2 * PER_SEGMENT; i++) {
        Duration life = i >= PER_SEGMENT && i % 7 == 0 ? Duration.ofMinutes(1) : Duration.ZERO;
        byte[] payload = FakeThinner.payload(i);
        appends.add(() -> outbox.append("", 5, life, payload));
      }
      Outboxes.appendAll(appends);
      clock.advance(Duration.ofMinutes(2));
      byte[] bytes = Files.readAllBytes(directory.resolve("segment-000002.log"));
      bytes[9000] ^= 4;
      Files.write(directory.resolve("segment-000002.log"), bytes);
      fill(outbox, 2 * PER_SEGMENT, SEGMENTS * PER_SEGMENT);
      OutboxStatus status = outbox.status();
      assertThat(status.dropped(DAMAGED)).isEqualTo(1);
      assertThat(status.dropped(EXPIRED)).isBetween(PER_SEGMENT / 7L - 2, PER_SEGMENT / 7L + 2);
      Outboxes.assertAddsUp(status);
      drain(outbox);
      Outboxes.assertAddsUp(outbox.status());
      assertThat(outbox.status().pending()).isZero();
    }
    assertThat(reports).anyMatch(report -> report.contains("has lost [1] records to damage"));
  }

  @Test
  void needsRoomToRewrite() {
    assertThatThrownBy(() -> options.withBudget(4L * SEGMENT))
        .hasMessageContaining("must hold at least [8] segments");
    assertThatThrownBy(() -> OutboxOptions.defaults().withWhenFull(OutboxOptions.WhenFull.THIN_OUT))
        .hasMessageContaining("a thinner must come together");
  }

  /** The power goes at the n-th write or sync; nothing comes through any more. */
  private static final class StoppingDisk extends Storage {
    private int left;

    StoppingDisk(int left) {
      this.left = left;
    }

    private synchronized void step() throws IOException {
      left--;
      if (left < 0) {
        throw new IOException("power is off");
      }
    }

    @Override
    void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
      step();
      super.write(channel, bytes, at);
    }

    @Override
    void force(FileChannel channel) throws IOException {
      step();
      super.force(channel);
    }

    synchronized boolean isOff() {
      return left < 0;
    }
  }

  /** A directory to begin with again and again. */
  private Path copyOfOneWith(int records) throws Exception {
    try (SegmentOutbox outbox = open()) {
      assertThat(fill(outbox, 0, records)).isEqualTo(records);
    }
    Path copy = Files.createDirectory(directory.resolveSibling(directory.getFileName() + "-b"));
    copy(directory, copy);
    return copy;
  }

  @Test
  void doublesNothingAndLosesNothingWhereverItIsKilled() throws Exception {
    int full = (SEGMENTS - 1) * PER_SEGMENT - 40;
    Path before = copyOfOneWith(full);
    boolean cameThrough = false;
    int rounds = 0;
    for (int steps = 3; !cameThrough; steps += 1 + rounds / 6) {
      copy(before, directory);
      StoppingDisk disk = new StoppingDisk(steps);
      int accepted = 0;
      try (SegmentOutbox outbox = open(disk)) {
        for (int i = 0; i < 60 && !disk.isOff(); i++) {
          accepted += fill(outbox, full + accepted, 1);
        }
      } catch (OutboxException e) {
        assertThat(e).hasMessageContaining("power is off");
      }
      cameThrough = !disk.isOff();
      try (SegmentOutbox outbox = open()) {
        Outboxes.assertAddsUp(outbox.status());
        List<Integer> numbers = drain(outbox);
        assertThat(numbers).as("after [" + steps + "] steps").doesNotHaveDuplicates();
        TreeSet<Integer> missing =
            new TreeSet<>(IntStream.range(0, full + accepted).boxed().toList());
        missing.removeAll(numbers);
        assertThat(missing).as("after [" + steps + "] steps").isEmpty();
        Outboxes.assertAddsUp(outbox.status());
        assertThat(outbox.status().pending()).isZero();
        assertThat(outbox.status().dropped(DAMAGED)).isZero();
        assertThat(outbox.status().dropped(FULL)).isZero();
        if (cameThrough) {
          assertThat(outbox.status().dropped(THINNED)).isPositive();
        }
      }
      rounds++;
    }
    assertThat(rounds).isGreaterThan(20);
  }

  /** What was written of it and never counted must not come up again in a file used anew. */
  @Test
  void takesNothingOfARewritingThatWasKilledForNewRecords() throws Exception {
    int full = (SEGMENTS - 1) * PER_SEGMENT - 40;
    Path before = copyOfOneWith(full);
    boolean cameThrough = false;
    for (int steps = 60; !cameThrough; steps++) { // it rewrites at about 90
      copy(before, directory);
      StoppingDisk disk = new StoppingDisk(steps);
      int next = full; // the last one may be there though nobody was told
      try (SegmentOutbox outbox = open(disk)) {
        for (int i = 0; i < 60 && !disk.isOff(); i++) {
          fill(outbox, next++, 1);
        }
      } catch (OutboxException e) {
        assertThat(e).hasMessageContaining("power is off");
      }
      cameThrough = !disk.isOff();
      try (SegmentOutbox outbox = open()) {
        assertThat(outbox.status().pending()).isPositive();
      }
      List<Integer> numbers = new ArrayList<>();
      try (SegmentOutbox outbox = open()) {
        while (numbers.size() < 4 * PER_SEGMENT) { // makes room, so that files are used anew
          OutRecord one = Outboxes.poll(outbox).orElseThrow();
          numbers.addAll(FakeThinner.numbers(one));
          outbox.delivered(one);
        }
        assertThat(fill(outbox, next, 50)).isEqualTo(50);
      }
      try (SegmentOutbox outbox = open()) {
        numbers.addAll(drain(outbox));
        assertThat(numbers).as("after [" + steps + "] steps").doesNotHaveDuplicates();
        assertThat(numbers)
            .as("after [" + steps + "] steps")
            .containsAll(IntStream.range(0, next - 1).boxed().toList())
            .containsAll(IntStream.range(next, next + 50).boxed().toList());
        Outboxes.assertAddsUp(outbox.status());
        assertThat(outbox.status().dropped(DAMAGED)).as("after [" + steps + "] steps").isZero();
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> old = Files.list(to)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
