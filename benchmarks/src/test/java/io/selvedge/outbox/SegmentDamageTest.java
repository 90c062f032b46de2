package io.selvedge.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.bench.injector.Numbered;
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
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kill benchmark says it hit must be what the outbox misses, and no more. */
class SegmentDamageTest {

  private static final int STRIKES = 60;
  private static final int RECORDS = 400;

  @TempDir Path directory = Path.of("."); // set before each test

  private static OutboxOptions options() {
    return OutboxOptions.defaults()
        .withSegmentSize(64 * 1024)
        .withCommitInterval(Duration.ofMillis(1));
  }

  private static void fill(Path outbox) {
    try (SegmentOutbox open = SegmentOutbox.open(outbox, options())) {
      List<CompletableFuture<Long>> appended = new ArrayList<>();
      for (int number = 0; number < RECORDS; number++) {
        appended.add(
            open.append("", number % 3, Duration.ZERO, Numbered.body(number))
                .toCompletableFuture());
      }
      appended.forEach(CompletableFuture::join);
    }
  }

  private static Set<Integer> drain(SegmentOutbox outbox) throws InterruptedException {
    Set<Integer> numbers = new HashSet<>();
    Optional<OutRecord> record = outbox.poll(Duration.ZERO);
    while (record.isPresent()) {
      numbers.add(Numbered.find(record.get().payload()).orElseThrow());
      outbox.delivered(record.get());
      record = outbox.poll(Duration.ZERO);
    }
    return numbers;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
  }

  @Test
  void whatTheOutboxMissesIsExactlyWhatWasHit() throws Exception {
    Path whole = directory.resolve("whole");
    fill(whole);
    Set<String> kinds = new TreeSet<>();
    Random random = new Random(3);
    for (int strike = 0; strike < STRIKES; strike++) {
      Path outbox = directory.resolve("outbox-" + strike);
      copy(whole, outbox);
      SegmentDamage.Hit hit = SegmentDamage.strike(outbox, random).orElseThrow();
      kinds.add(hit.kind());
      try (SegmentOutbox open = SegmentOutbox.open(outbox, options())) {
        Set<Integer> missing = new HashSet<>();
        for (int number = 0; number < RECORDS; number++) {
          missing.add(number);
        }
        missing.removeAll(drain(open));
        assertThat(missing).as(hit.kind()).isEqualTo(hit.numbers());
        assertThat(open.status().dropped(DropReason.DAMAGED))
            .as(hit.kind())
            .isGreaterThanOrEqualTo(missing.size() - hit.tail().size());
      }
    }
    assertThat(kinds).hasSizeGreaterThanOrEqualTo(4);
  }
}
