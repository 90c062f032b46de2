package io.selvedge.outbox;

import static io.selvedge.outbox.DropReason.DAMAGED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is flipped, cut off or deleted: the outbox opens, hands out only what was appended and
 * nothing twice, counts what it cannot hand out, and says so.
 */
class RandomDamageTest {

  private static final int ROUNDS = 25;
  private static final int RECORDS = 1600;
  private static final int MORE = 60;

  @TempDir Path directory = Path.of("."); // set before each test

  private final List<String> reports = new ArrayList<>();

  private SegmentOutbox open() {
    OutboxOptions options =
        OutboxOptions.defaults()
            .withSegmentSize(64 * 1024)
            .withCommitInterval(Duration.ofMillis(1))
            .withReport(reports::add);
    return SegmentOutbox.open(directory, options);
  }

  @Test
  void savesWhatIsThereAndCountsTheRestWithAKnownSeed() throws Exception {
    rounds(20261123);
  }

  @Test
  void savesWhatIsThereAndCountsTheRestWithANewSeed() throws Exception {
    rounds(ThreadLocalRandom.current().nextLong());
  }

  private void rounds(long seed) throws IOException {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      String where = "seed [" + seed + "], round [" + round + "]";
      clear();
      Set<Integer> delivered = write(random);
      List<String> done = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(4); i++) {
        done.add(strike(random));
      }
      judge(where + " " + done, delivered, done.toString());
      List<String> again = strikeSegments(random);
      goesOn(where + " " + done + ", then " + again, random);
    }
  }

  /** Nothing is lost of what is written after the damage, whatever stood there before. */
  private void goesOn(String where, Random random) {
    Set<Integer> written = new HashSet<>();
    try (SegmentOutbox outbox = open()) {
      for (int i = 1; i <= MORE; i++) {
        byte[] payload = FakeThinner.payload(RECORDS + i);
        int priority = 3 + random.nextInt(3);
        assertThat(Outboxes.tryAppend(outbox, priority, payload)).as(where).isTrue();
        written.add(RECORDS + i);
      }
    }
    List<Integer> found = new ArrayList<>();
    try (SegmentOutbox outbox = open()) {
      for (Optional<OutRecord> one = Outboxes.poll(outbox);
          one.isPresent();
          one = Outboxes.poll(outbox)) {
        int number = FakeThinner.numbers(one.get()).get(0);
        if (number > RECORDS) {
          found.add(number);
        }
        outbox.delivered(one.get());
      }
      Outboxes.assertAddsUp(outbox.status());
    }
    assertThat(found).as(where).containsExactlyInAnyOrderElementsOf(written);
  }

  private void clear() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    reports.clear();
  }

  /** Those that were delivered, or refused, before the damage. */
  private Set<Integer> write(Random random) {
    Set<Integer> settled = new HashSet<>();
    try (SegmentOutbox outbox = open()) {
      List<Supplier<CompletionStage<Long>>> appends = new ArrayList<>();
      for (int i = 0; i < RECORDS; i++) {
        String source = "flow/" + random.nextInt(4);
        int priority = 3 + random.nextInt(3);
        byte[] payload = FakeThinner.payload(i);
        appends.add(() -> outbox.append(source, priority, Duration.ZERO, payload));
      }
      assertThat(Outboxes.appendAll(appends)).isEqualTo(RECORDS);
      int some = random.nextInt(RECORDS / 2);
      for (int i = 0; i < some; i++) {
        OutRecord record = Outboxes.poll(outbox).orElseThrow();
        settled.addAll(FakeThinner.numbers(record));
        if (random.nextInt(200) == 0) {
          outbox.refused(record, "not today");
        } else {
          outbox.delivered(record);
        }
      }
    }
    return settled;
  }

  private String strike(Random random) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).filter(file -> !file.endsWith("lock")).toList();
    }
    Path file = files.get(random.nextInt(files.size()));
    String name = file.getFileName().toString();
    byte[] bytes = Files.readAllBytes(file);
    int kind = random.nextInt(8);
    if (kind == 0) {
      Files.delete(file);
      return "deleted " + name;
    }
    if (bytes.length == 0 || kind == 1) {
      Files.write(file, java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
      return "truncated " + name;
    }
    int at = random.nextInt(bytes.length);
    for (int i = at; i < Math.min(bytes.length, at + 1 + random.nextInt(300)); i++) {
      bytes[i] ^= (byte) (1 + random.nextInt(255));
    }
    Files.write(file, bytes);
    return "flipped " + name + " at " + at;
  }

  /** Half of the segments, somewhere in what was ever written there. */
  private List<String> strikeSegments(Random random) throws IOException {
    List<String> done = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      int used = bytes.length;
      while (used > 0 && bytes[used - 1] == 0) {
        used--;
      }
      if (used > SegmentHeader.FIRST_RECORD && random.nextBoolean()) {
        int at = SegmentHeader.FIRST_RECORD + random.nextInt(used - SegmentHeader.FIRST_RECORD);
        boolean cut = random.nextBoolean();
        bytes[at] ^= (byte) 0x40;
        Files.write(file, cut ? java.util.Arrays.copyOf(bytes, at) : bytes);
        done.add((cut ? "cut " : "flipped ") + file.getFileName() + " at " + at);
      }
    }
    return done;
  }

  private void judge(String where, Set<Integer> settled, String done) {
    Set<Integer> found = new HashSet<>();
    long lost;
    try (SegmentOutbox outbox = open()) {
      Outboxes.assertAddsUp(outbox.status());
      for (Optional<OutRecord> one = Outboxes.poll(outbox);
          one.isPresent();
          one = Outboxes.poll(outbox)) {
        int number = FakeThinner.numbers(one.get()).get(0);
        assertThat(one.get().payload()).as(where).isEqualTo(FakeThinner.payload(number));
        assertThat(found.add(number)).as(where + ": [" + number + "] twice").isTrue();
        outbox.delivered(one.get());
      }
      OutboxStatus status = outbox.status();
      Outboxes.assertAddsUp(status);
      assertThat(status.pending()).as(where).isZero();
      lost = status.dropped(DAMAGED);
      outbox.deadLetters();
      assertThat(Outboxes.tryAppend(outbox, 5, FakeThinner.payload(RECORDS))).as(where).isTrue();
      assertThat(Outboxes.poll(outbox)).as(where).isPresent();
    }
    Set<Integer> all = new HashSet<>(found);
    all.addAll(settled);
    int missing = RECORDS - all.size();
    if (!done.contains("state-")) { // else the older state counts, which knows less
      assertThat(lost).as(where).isEqualTo(missing);
    }
    assertThat(lost == 0 || reports.stream().anyMatch(report -> report.contains("has lost")))
        .as(where + ": " + reports)
        .isTrue();
  }
}
