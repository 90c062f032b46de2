package io.selvedge.outbox;

import static io.selvedge.outbox.DropReason.DAMAGED;
import static io.selvedge.outbox.DropReason.FULL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.outbox.OutboxOptions.WhenFull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharesTest {

  private static final int SEGMENT = 64 * 1024;
  private static final int SEGMENTS = 16;
  private static final int PER_SEGMENT = (SEGMENT - 4096) / 124;

  @TempDir Path directory = Path.of("."); // set before each test

  private final List<String> reports = new ArrayList<>();
  private final OutboxOptions options =
      OutboxOptions.defaults()
          .withSegmentSize(SEGMENT)
          .withBudget((long) SEGMENTS * SEGMENT)
          .withCommitInterval(Duration.ZERO)
          .withReport(reports::add);

  private SegmentOutbox open(OutboxOptions with) {
    return SegmentOutbox.open(directory, with, new Storage(), () -> 0L);
  }

  private static Supplier<CompletionStage<Long>> appending(
      SegmentOutbox outbox, String source, int priority, int number) {
    byte[] payload = FakeThinner.payload(number);
    return () -> outbox.append(source, priority, Duration.ZERO, payload);
  }

  private static int fill(SegmentOutbox outbox, String source, int priority, int count) {
    List<Supplier<CompletionStage<Long>>> appends = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      appends.add(appending(outbox, source, priority, i));
    }
    return Outboxes.appendAll(appends);
  }

  private static Map<String, List<Integer>> drain(SegmentOutbox outbox) {
    Map<String, List<Integer>> numbers = new HashMap<>();
    for (Optional<OutRecord> one = Outboxes.poll(outbox);
        one.isPresent();
        one = Outboxes.poll(outbox)) {
      numbers
          .computeIfAbsent(one.get().source(), source -> new ArrayList<>())
          .addAll(FakeThinner.numbers(one.get()));
      outbox.delivered(one.get());
    }
    return numbers;
  }

  private static long bytes(OutboxStatus status, String source) {
    OutboxStatus.Counts counts = Outboxes.of(status, source);
    return counts.pendingBytes() + 24 * counts.pending();
  }

  /** A loud source and a quiet one, mixed. */
  private static void mix(SegmentOutbox outbox, int loud, int quiet) {
    List<Supplier<CompletionStage<Long>>> appends = new ArrayList<>();
    for (int i = 0; i < loud; i++) {
      appends.add(appending(outbox, "loud", 5, i));
      if (i % (loud / quiet) == 0) {
        appends.add(appending(outbox, "quiet", 5, i));
      }
    }
    Outboxes.appendAll(appends);
  }

  @Test
  void takesFromTheOneThatIsOverItsShareAndLeavesTheOther() {
    int loud = 3 * SEGMENTS * PER_SEGMENT;
    int quiet = SEGMENTS * PER_SEGMENT / 4;
    try (SegmentOutbox outbox = open(options.withShares(Shares.of(Map.of("quiet", 50))))) {
      mix(outbox, loud, quiet);
      OutboxStatus status = outbox.status();
      Outboxes.assertAddsUp(status);
      assertThat(Outboxes.of(status, "quiet").dropped(FULL)).isZero();
      assertThat(Outboxes.of(status, "loud").dropped(FULL)).isPositive();
    }
    try (SegmentOutbox outbox = open(options)) {
      Outboxes.assertAddsUp(outbox.status());
      Map<String, List<Integer>> numbers = drain(outbox);
      assertThat(numbers.getOrDefault("loud", List.of())).isSorted().endsWith(loud - 1);
      assertThat(numbers.getOrDefault("quiet", List.of()).size()).isGreaterThanOrEqualTo(quiet);
      Outboxes.assertAddsUp(outbox.status());
      assertThat(outbox.status().dropped(DAMAGED)).isZero();
      assertThat(outbox.status().pending()).isZero();
    }
    assertThat(reports).isEmpty();
  }

  /** Otherwise the test above would prove nothing. */
  @Test
  void wouldTakeFromBothWithoutShares() {
    try (SegmentOutbox outbox = open(options)) {
      mix(outbox, 3 * SEGMENTS * PER_SEGMENT, SEGMENTS * PER_SEGMENT / 4);
      assertThat(Outboxes.of(outbox.status(), "quiet").dropped(FULL)).isPositive();
    }
  }

  @Test
  void letsASourceUseWhatNobodyElseNeeds() {
    try (SegmentOutbox outbox = open(options.withShares(Shares.of(Map.of("quiet", 90))))) {
      fill(outbox, "loud", 5, 3 * SEGMENTS * PER_SEGMENT);
      assertThat(bytes(outbox.status(), "loud")).isGreaterThan(SEGMENTS * SEGMENT * 7L / 10);
    }
  }

  @Test
  void takesFromHigherPrioritiesOfTheOneThatIsOverItsShare() {
    try (SegmentOutbox outbox = open(options.withShares(new Shares(Map.of("quiet", 50), 50)))) {
      fill(outbox, "loud", 2, 2 * SEGMENTS * PER_SEGMENT);
      int quiet = SEGMENTS * PER_SEGMENT / 3;
      assertThat(fill(outbox, "quiet", 8, quiet)).isEqualTo(quiet);
      assertThat(Outboxes.of(outbox.status(), "quiet").dropped(FULL)).isZero();
      Outboxes.assertAddsUp(outbox.status());
    }
  }

  @Test
  void thinsOnlyTheOneThatIsOverItsShare() {
    OutboxOptions thin =
        options.withShares(Shares.of(Map.of("quiet", 50))).withThinner(new FakeThinner());
    try (SegmentOutbox outbox = open(thin)) {
      mix(outbox, 2 * SEGMENTS * PER_SEGMENT, SEGMENTS * PER_SEGMENT / 4);
      OutboxStatus status = outbox.status();
      Outboxes.assertAddsUp(status);
      assertThat(Outboxes.of(status, "loud").dropped(DropReason.THINNED)).isPositive();
      assertThat(Outboxes.of(status, "quiet").dropped()).isEmpty();
      assertThat(status.dropped(FULL)).isZero();
    }
  }

  @Test
  void keepsRoomForTheOthersWhereNothingIsDropped() {
    OutboxOptions refuse =
        options
            .withWhenFull(WhenFull.REFUSE_NEWEST)
            .withShares(new Shares(Map.of("loud", 50, "quiet", 50), 0));
    try (SegmentOutbox outbox = open(refuse)) {
      fill(outbox, "loud", 5, 2 * SEGMENTS * PER_SEGMENT);
      assertThat(bytes(outbox.status(), "loud"))
          .isBetween(SEGMENTS * SEGMENT * 4L / 10, SEGMENTS * SEGMENT * 6L / 10);
      fill(outbox, "quiet", 5, 2 * SEGMENTS * PER_SEGMENT);
      assertThat(bytes(outbox.status(), "quiet")).isGreaterThan(SEGMENTS * SEGMENT * 4L / 10);
      assertThat(outbox.status().dropped()).isEmpty();
      Outboxes.assertAddsUp(outbox.status());
    }
  }

  @Test
  void refusesSharesThatCannotBe() {
    assertThatThrownBy(() -> Shares.of(Map.of("a", 60, "b", 50)))
        .hasMessageContaining("add up to [110] percent");
    assertThatThrownBy(() -> Shares.of(Map.of("a", -1)))
        .hasMessageContaining("share [-1] of source [a] must be 0 to 100 percent");
  }
}
