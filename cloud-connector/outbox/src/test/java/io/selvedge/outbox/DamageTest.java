package io.selvedge.outbox;

import static io.selvedge.outbox.DropReason.DAMAGED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bad disk, a bad power supply or a careless person does to the files. */
class DamageTest {

  private static final int SEGMENT = 64 * 1024;
  private static final int PAYLOAD = 100;
  private static final int RECORD = 24 + PAYLOAD;
  private static final int FIRST = 4096 + NoteFormat.size("");
  private static final int PER_SEGMENT = (SEGMENT - FIRST) / RECORD;

  @TempDir Path directory = Path.of("."); // set before each test

  private final List<String> reports = new ArrayList<>();
  private Instant now = Instant.parse("2026-03-01T00:00:00Z");

  private SegmentOutbox open() {
    return SegmentOutbox.open(
        directory,
        OutboxOptions.defaults()
            .withSegmentSize(SEGMENT)
            .withCommitInterval(Duration.ZERO)
            .withClock(Clock.fixed(now, ZoneOffset.UTC))
            .withReport(reports::add),
        new Storage(),
        () -> 0L); // one note a segment
  }

  private void write(int records) {
    try (SegmentOutbox outbox = open()) {
      for (int i = 0; i < records; i++) {
        byte[] payload = String.format("%0" + PAYLOAD + "d", i).getBytes(StandardCharsets.UTF_8);
        Outboxes.append(outbox, 5, payload);
      }
    }
  }

  private static List<Integer> drain(SegmentOutbox outbox) {
    List<Integer> numbers = new ArrayList<>();
    for (Optional<OutRecord> one = Outboxes.poll(outbox);
        one.isPresent();
        one = Outboxes.poll(outbox)) {
      numbers.add(Integer.parseInt(Outboxes.text(one.get())));
      outbox.delivered(one.get());
    }
    return numbers;
  }

  private Path segment(int number) {
    return directory.resolve(String.format("segment-%06d.log", number));
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
      random.seek(at);
      int old = random.read();
      random.seek(at);
      random.write(old ^ 0x40);
    }
  }

  /** All but these, which count as damaged; and it stays so after a restart. */
  private void assertLost(int written, List<Integer> lost) {
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < written; i++) {
      if (!lost.contains(i)) {
        expected.add(i);
      }
    }
    try (SegmentOutbox outbox = open()) {
      assertThat(outbox.status().accepted()).isEqualTo(written);
      assertThat(drain(outbox)).isEqualTo(expected);
      assertThat(outbox.status().dropped(DAMAGED)).isEqualTo(lost.size());
      Outboxes.assertAddsUp(outbox.status());
      Outboxes.append(outbox, 5, "77".getBytes(StandardCharsets.UTF_8));
      assertThat(drain(outbox)).containsExactly(77);
    }
    try (SegmentOutbox outbox = open()) {
      assertThat(outbox.status().dropped(DAMAGED)).isEqualTo(lost.size());
      assertThat(outbox.status().pending()).isZero();
      Outboxes.assertAddsUp(outbox.status());
    }
    assertThat(reports).anyMatch(report -> report.contains("] records to damage on disk"));
  }

  @Test
  void savesEveryRecordBesideAFlippedPayload() throws Exception {
    write(20);
    flip(segment(1), FIRST + 7L * RECORD + 50);
    assertLost(20, List.of(7));
  }

  @Test
  void savesEveryRecordBesideAFlippedLength() throws Exception {
    write(20);
    flip(segment(1), FIRST + 7L * RECORD + 6);
    flip(segment(1), FIRST + 11L * RECORD + 5);
    assertLost(20, List.of(7, 11));
  }

  @Test
  void savesEveryRecordBesideAFlippedMarkerIdOrdinalOrExpiry() throws Exception {
    write(20);
    flip(segment(1), FIRST + 3L * RECORD + 4);
    flip(segment(1), FIRST + 6L * RECORD + 10);
    flip(segment(1), FIRST + 9L * RECORD + 19);
    flip(segment(1), FIRST + 12L * RECORD + 21);
    assertLost(20, List.of(3, 6, 9, 12));
  }

  @Test
  void countsWhatWasCommittedAtATornTail() throws Exception {
    write(20);
    try (RandomAccessFile file = new RandomAccessFile(segment(1).toFile(), "rw")) {
      file.seek(FIRST + 18L * RECORD + 30);
      file.write(new byte[2 * RECORD]);
    }
    assertLost(20, List.of(18, 19));
  }

  @Test
  void savesWhatIsBeforeTheEndOfAFileCutShort() throws Exception {
    write(PER_SEGMENT + 20);
    try (RandomAccessFile file = new RandomAccessFile(segment(1).toFile(), "rw")) {
      file.setLength(FIRST + (PER_SEGMENT - 2L) * RECORD + 10);
    }
    assertLost(PER_SEGMENT + 20, List.of(PER_SEGMENT - 2, PER_SEGMENT - 1));
  }

  /** The state points behind it: what is written there afterwards must not be passed over. */
  @Test
  void losesNothingThatIsWrittenWhereSettledRecordsWereCutOff() throws Exception {
    write(20);
    try (SegmentOutbox outbox = open()) {
      assertThat(drain(outbox)).hasSize(20);
    }
    try (RandomAccessFile file = new RandomAccessFile(segment(1).toFile(), "rw")) {
      file.setLength(FIRST + 4L * RECORD + 10);
    }
    assertGoesOn();
  }

  @Test
  void losesNothingThatIsWrittenOverSettledRecordsThatWereDamaged() throws Exception {
    write(20);
    try (SegmentOutbox outbox = open()) {
      assertThat(drain(outbox)).hasSize(20);
    }
    flip(segment(1), FIRST + 18L * RECORD + 50);
    flip(segment(1), FIRST + 19L * RECORD + 50);
    assertGoesOn();
  }

  /** Twice ten more, which are all there, at once and after a restart. */
  private void assertGoesOn() {
    List<Integer> more = new ArrayList<>();
    try (SegmentOutbox outbox = open()) {
      for (int i = 100; i < 110; i++) {
        Outboxes.append(outbox, 5, Integer.toString(i).getBytes(StandardCharsets.UTF_8));
        more.add(i);
      }
      assertThat(drain(outbox)).isEqualTo(more);
      for (int i = 100; i < 110; i++) {
        Outboxes.append(outbox, 5, Integer.toString(i).getBytes(StandardCharsets.UTF_8));
      }
    }
    try (SegmentOutbox outbox = open()) {
      assertThat(drain(outbox)).isEqualTo(more);
      assertThat(outbox.status().delivered()).isEqualTo(40);
      assertThat(outbox.status().dropped(DAMAGED)).isZero();
      Outboxes.assertAddsUp(outbox.status());
    }
  }

  @Test
  void countsTheRecordsOfAFileThatIsGone() throws Exception {
    write(2 * PER_SEGMENT + 20);
    Files.delete(segment(2));
    List<Integer> lost = new ArrayList<>();
    for (int i = PER_SEGMENT; i < 2 * PER_SEGMENT; i++) {
      lost.add(i);
    }
    assertLost(2 * PER_SEGMENT + 20, lost);
  }

  @Test
  void readsAFileWithOneHeaderAndSetsAsideOneWithout() throws Exception {
    write(2 * PER_SEGMENT + 20);
    flip(segment(1), 20);
    flip(segment(2), 20);
    flip(segment(2), 2048 + 20);
    List<Integer> lost = new ArrayList<>();
    for (int i = PER_SEGMENT; i < 2 * PER_SEGMENT; i++) {
      lost.add(i);
    }
    assertLost(2 * PER_SEGMENT + 20, lost);
    assertThat(Files.exists(directory.resolve("segment-000002.log.damaged"))).isTrue();
    assertThat(reports).anyMatch(report -> report.contains("has lost its header"));
  }

  @Test
  void opensBesideFilesThatSomebodyPutThere() throws Exception {
    write(20);
    Files.copy(segment(1), directory.resolve("segment-000001 (copy).log"));
    Files.createDirectory(directory.resolve("segment-000009.log"));
    try (SegmentOutbox outbox = open()) {
      assertThat(drain(outbox)).hasSize(20);
    }
    assertThat(reports)
        .anyMatch(report -> report.contains("[segment-000001 (copy).log] is not of the outbox"));
  }

  /** The hub would take what comes now for what it got before. */
  @Test
  void givesNoIdAgainWhereTheDirectoryComesBackFromACopy() throws Exception {
    write(20);
    Path copy = Files.createDirectory(directory.resolve("copy"));
    for (String name : List.of("state-a", "state-b", "segment-000001.log")) {
      Files.copy(directory.resolve(name), copy.resolve(name));
    }
    long newest = 0;
    try (SegmentOutbox outbox = open()) {
      for (int i = 0; i < 100; i++) {
        newest = Outboxes.append(outbox, 5, "1".getBytes(StandardCharsets.UTF_8));
      }
    }
    for (String name : List.of("state-a", "state-b", "segment-000001.log")) {
      Files.copy(copy.resolve(name), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    now = now.plusSeconds(1);
    try (SegmentOutbox outbox = open()) {
      assertThat(drain(outbox)).hasSize(20);
      assertThat(Outboxes.append(outbox, 5, new byte[] {'3'})).isGreaterThan(newest);
    }
  }

  @Test
  void deliversEverythingAgainWhenTheStateIsLost() throws Exception {
    String id;
    long newest;
    try (SegmentOutbox outbox = open()) {
      id = outbox.id();
      Outboxes.append(outbox, 5, "1".getBytes(StandardCharsets.UTF_8));
      newest = Outboxes.append(outbox, 2, "2".getBytes(StandardCharsets.UTF_8));
      outbox.delivered(Outboxes.poll(outbox).orElseThrow());
    }
    Files.write(directory.resolve("state-a"), new byte[100]);
    Files.delete(directory.resolve("state-b"));
    try (SegmentOutbox outbox = open()) {
      assertThat(outbox.id()).isEqualTo(id);
      assertThat(outbox.status().accepted()).isEqualTo(2);
      Outboxes.assertAddsUp(outbox.status());
      assertThat(drain(outbox)).containsExactly(2, 1);
      assertThat(Outboxes.append(outbox, 5, new byte[] {'3'})).isGreaterThan(newest);
    }
    assertThat(reports).anyMatch(report -> report.contains("outbox state is lost"));
  }

  @Test
  void takesTheOlderStateWhereTheNewerOneIsTorn() throws Exception {
    write(20);
    flip(directory.resolve("state-b"), 100);
    try (SegmentOutbox outbox = open()) {
      assertThat(outbox.status().accepted()).isEqualTo(20);
      assertThat(drain(outbox)).hasSize(20);
    }
  }

  @Test
  void neverFailsInAnotherWayWhateverIsFlipped() throws Exception {
    Random random = new Random(11);
    for (int round = 0; round < 40; round++) {
      write(50);
      int flips = 1 + random.nextInt(8);
      for (int i = 0; i < flips; i++) {
        flip(segment(1), random.nextInt(FIRST + 60 * RECORD));
      }
      try (SegmentOutbox outbox = open()) {
        assertThat(drain(outbox)).isSorted().doesNotHaveDuplicates();
        Outboxes.assertAddsUp(outbox.status());
        assertThat(outbox.status().pending()).isZero();
      }
      try (var files = Files.list(directory)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
