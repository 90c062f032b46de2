package io.selvedge.outbox;

import static io.selvedge.outbox.DropReason.EXPIRED;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the wall clock of a machine does: it starts in 1970, it is set, it is set wrongly. */
class ClockTest {

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path directory = Path.of("."); // set before each test

  private final TestClock clock = new TestClock(NOW);
  private Optional<SegmentOutbox> open = Optional.empty();

  private SegmentOutbox outbox() {
    if (open.isEmpty()) {
      OutboxOptions options =
          OutboxOptions.defaults()
              .withSegmentSize(64 * 1024)
              .withCommitInterval(Duration.ZERO)
              .withClock(clock);
      open = Optional.of(SegmentOutbox.open(directory, options, new Storage(), clock::nanos));
    }
    return open.get();
  }

  @AfterEach
  void close() {
    open.ifPresent(SegmentOutbox::close);
    open = Optional.empty();
  }

  private void append(String text, Duration timeToLive) {
    outbox()
        .append("", 5, timeToLive, text.getBytes(StandardCharsets.UTF_8))
        .toCompletableFuture()
        .join();
  }

  private List<String> drain() {
    List<String> texts = new ArrayList<>();
    for (Optional<OutRecord> one = Outboxes.poll(outbox());
        one.isPresent();
        one = Outboxes.poll(outbox())) {
      texts.add(Outboxes.text(one.get()));
      outbox().delivered(one.get());
    }
    return texts;
  }

  @Test
  void letsNothingExpireWhenTheClockJumpsForward() {
    append("short", HOUR);
    clock.set(NOW.plus(Duration.ofDays(400)));
    append("after", HOUR);
    assertThat(drain()).containsExactly("short", "after");
  }

  @Test
  void letsThingsExpireInTimeWhenTheClockJumpsBack() {
    append("short", HOUR);
    clock.set(NOW.minus(Duration.ofDays(100)));
    clock.advance(HOUR.plusSeconds(2));
    append("after", HOUR);
    assertThat(drain()).containsExactly("after");
    assertThat(outbox().status().dropped(EXPIRED)).isEqualTo(1);
  }

  @Test
  void countsTimeFromTheBootWithoutAClockAndGoesOnWhenItIsSet() {
    clock.set(Instant.EPOCH.plusSeconds(30));
    append("one hour", HOUR);
    append("three hours", HOUR.multipliedBy(3));
    clock.advance(Duration.ofMinutes(10));
    clock.set(NOW);
    append("set", HOUR);
    clock.advance(Duration.ofMinutes(55));
    assertThat(drain()).containsExactly("three hours", "set");
  }

  @Test
  void doesNotCountTheTimeBetweenTwoRunsWhereTheClockWasNotRight() {
    append("one", HOUR);
    close();
    clock.set(Instant.EPOCH);
    append("two", HOUR);
    close();
    clock.set(NOW.plus(Duration.ofDays(2)));
    assertThat(drain()).containsExactly("one", "two");
  }

  @Test
  void countsTheTimeBetweenTwoRunsWhereTheClockIsRight() {
    append("one", HOUR);
    append("two", HOUR.multipliedBy(3));
    close();
    clock.set(NOW.plus(HOUR.multipliedBy(2)));
    assertThat(drain()).containsExactly("two");
  }

  @Test
  void keepsTimesToLiveOverARestartAfterTheClockWasSetRight() {
    clock.set(Instant.parse("2025-06-01T00:00:00Z")); // of the last shutdown, as kept on disk
    append("one", HOUR);
    clock.set(NOW);
    append("two", HOUR);
    close();
    clock.advance(Duration.ofMinutes(30));
    assertThat(drain()).containsExactly("one", "two");
  }

  /** Times on disk end in 2156. */
  @Test
  void getsOverAClockThatWasCenturiesAhead() {
    clock.set(Instant.parse("2200-01-01T00:00:00Z"));
    append("one", HOUR);
    assertThat(drain()).containsExactly("one");
    close();
    clock.set(NOW);
    append("two", HOUR);
    assertThat(drain()).containsExactly("two");
  }

  @Test
  void getsOverAClockThatIsDecadesAheadAtEverySecondStart() {
    for (int i = 0; i < 4; i++) {
      clock.set(Instant.parse("2090-01-01T00:00:00Z"));
      append("ahead", HOUR);
      assertThat(drain()).containsExactly("ahead");
      close();
      clock.set(NOW);
      append("right", HOUR);
      assertThat(drain()).containsExactly("right");
      close();
    }
  }

  @Test
  void tellsHowLongTheOldestRecordWaitsWhateverTheClockDoes() {
    append("old", Duration.ZERO);
    clock.advance(HOUR);
    clock.set(Instant.EPOCH);
    append("new", Duration.ZERO);
    clock.advance(Duration.ofMinutes(1));
    assertThat(outbox().status().total().oldest()).contains(HOUR.plusMinutes(1));
    outbox().delivered(Outboxes.poll(outbox()).orElseThrow());
    assertThat(outbox().status().total().oldest().orElseThrow()).isLessThanOrEqualTo(HOUR);
    outbox().delivered(Outboxes.poll(outbox()).orElseThrow());
    assertThat(outbox().status().total().oldest()).isEmpty();
  }
}
