package io.selvedge.outbox;

import static io.selvedge.outbox.DropReason.EXPIRED;
import static io.selvedge.outbox.DropReason.FULL;
import static io.selvedge.outbox.DropReason.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.outbox.OutboxOptions.WhenFull;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentOutboxTest {

  private static final int SEGMENT = 64 * 1024;

  @TempDir Path directory = Path.of("."); // set before each test

  private final TestClock clock = new TestClock(Instant.parse("2026-03-01T00:00:00Z"));
  private final List<String> reports = new ArrayList<>();
  private OutboxOptions options =
      OutboxOptions.defaults()
          .withSegmentSize(SEGMENT)
          .withCommitInterval(Duration.ZERO)
          .withClock(clock)
          .withReport(reports::add);
  private Optional<SegmentOutbox> open = Optional.empty();

  private SegmentOutbox outbox() {
    if (open.isEmpty()) {
      open = Optional.of(SegmentOutbox.open(directory, options, new Storage(), clock::nanos));
    }
    return open.get();
  }

  private SegmentOutbox reopened() {
    close();
    return outbox();
  }

  @AfterEach
  void close() {
    open.ifPresent(SegmentOutbox::close);
    open = Optional.empty();
  }

  private long append(int priority, String text) {
    return Outboxes.append(outbox(), priority, text.getBytes(StandardCharsets.UTF_8));
  }

  private String next() {
    return Outboxes.poll(outbox()).map(Outboxes::text).orElse("nothing");
  }

  @Test
  void handsOutWhatWasAppendedInItsOrder() {
    append(5, "one");
    append(5, "two");
    assertThat(next()).isEqualTo("one");
    assertThat(next()).isEqualTo("two");
    assertThat(next()).isEqualTo("nothing");
  }

  @Test
  void handsOutSeveralInTheOrderOfOneByOneAndNoMoreThanAsked() throws Exception {
    append(9, "bulk");
    append(5, "one");
    append(5, "two");
    append(0, "alarm");
    assertThat(outbox().poll(5, Duration.ZERO, 2))
        .extracting(Outboxes::text)
        .containsExactly("alarm", "one");
    outbox().handBack();
    assertThat(outbox().poll(5, Duration.ZERO, 64))
        .extracting(Outboxes::text)
        .containsExactly("alarm", "one", "two");
    assertThat(outbox().poll(5, Duration.ofMillis(1), 64)).as("bulk is kept back").isEmpty();
    assertThat(next()).isEqualTo("bulk");
  }

  @Test
  void aRecordIsDeliveredOnce() {
    append(5, "one");
    OutRecord record = Outboxes.poll(outbox()).orElseThrow();
    assertThat(outbox().delivered(record)).isTrue();
    assertThat(outbox().delivered(record)).isFalse();
    assertThat(outbox().status().delivered()).isEqualTo(1);
  }

  @Test
  void whatIsKeptBesideIsWrittenBeforeTheStateThatForgetsTheRecord() {
    append(5, "one");
    List<Long> delivered = new ArrayList<>();
    outbox().beforeState(() -> delivered.add(outbox().status().delivered()));
    outbox().delivered(Outboxes.poll(outbox()).orElseThrow());
    close();
    assertThat(delivered).endsWith(1L);
    assertThat(reopened().status().delivered()).isEqualTo(1);
  }

  /** What a crash hands out again is bounded by a count, too, not only by time. */
  @Test
  void theStateIsDueAfterSoManySettledHoweverLongItsInterval() throws Exception {
    options = options.withStateInterval(Duration.ofHours(1));
    outbox().beforeState(() -> {}); // what opening it wrote
    CountDownLatch due = new CountDownLatch(1);
    settle(Committer.MOST_SETTLED - 1);
    outbox().beforeState(due::countDown);
    assertThat(due.await(1, TimeUnit.SECONDS)).as("one too few").isFalse();
    settle(1);
    assertThat(due.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private void settle(int count) throws Exception {
    byte[] bytes = "one".getBytes(StandardCharsets.UTF_8);
    CompletionStage<Long> last = CompletableFuture.completedStage(0L);
    for (int i = 0; i < count; i++) {
      last = outbox().append("flow", 5, Duration.ZERO, bytes);
    }
    last.toCompletableFuture().join();
    for (int i = 0; i < count; i++) {
      outbox().delivered(Outboxes.poll(outbox()).orElseThrow());
    }
  }

  @Test
  void handsOutLowerPriorityNumbersFirst() {
    append(9, "bulk");
    append(5, "reading");
    append(0, "alarm");
    assertThat(List.of(next(), next(), next())).containsExactly("alarm", "reading", "bulk");
  }

  @Test
  void handsOutAgainWhatWasNotSettledAfterARestart() {
    append(5, "one");
    append(5, "two");
    append(5, "three");
    OutRecord one = Outboxes.poll(outbox()).orElseThrow();
    OutRecord two = Outboxes.poll(outbox()).orElseThrow();
    outbox().delivered(one);
    outbox().delivered(two);
    String id = outbox().id();
    assertThat(reopened().id()).isEqualTo(id);
    assertThat(next()).isEqualTo("three");
    assertThat(next()).isEqualTo("nothing");
    OutboxStatus status = outbox().status();
    assertThat(List.of(status.accepted(), status.delivered(), status.pending()))
        .containsExactly(3L, 2L, 1L);
  }

  @Test
  void settlesInAnyOrderAndOnlyOnce() {
    append(5, "one");
    append(5, "two");
    append(5, "three");
    OutRecord one = Outboxes.poll(outbox()).orElseThrow();
    OutRecord two = Outboxes.poll(outbox()).orElseThrow();
    outbox().delivered(two);
    outbox().delivered(two);
    assertThat(outbox().status().delivered()).isEqualTo(1);
    outbox().handBack();
    assertThat(next()).isEqualTo("one");
    assertThat(next()).isEqualTo("three");
    outbox().delivered(one);
    assertThat(outbox().status().pending()).isEqualTo(1);
    assertThat(reopened().status().pending()).isEqualTo(1);
    assertThat(next()).isEqualTo("three");
  }

  @Test
  void countsAsPendingAfterARestartWhatWasSettledOutOfOrder() {
    append(5, "one");
    append(5, "two");
    OutRecord one = Outboxes.poll(outbox()).orElseThrow();
    outbox().delivered(Outboxes.poll(outbox()).orElseThrow());
    OutboxStatus status = reopened().status();
    assertThat(List.of(status.accepted(), status.delivered(), status.pending()))
        .containsExactly(2L, 0L, 2L);
    outbox().delivered(one); // of the time before; ordinals stay, so it counts once it is out again
    assertThat(List.of(next(), next())).containsExactly("one", "two");
  }

  @Test
  void givesRisingIdsThatAreNeverUsedTwice() {
    long last = append(5, "one");
    for (int i = 0; i < 5; i++) {
      reopened();
      long id = append(i, "more");
      assertThat(id).isGreaterThan(last);
      last = id;
    }
  }

  @Test
  void keepsManyRecordsOverManySegments() {
    Random random = new Random(3);
    List<byte[]> sent = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      byte[] payload = new byte[1 + random.nextInt(600)];
      random.nextBytes(payload);
      sent.add(payload);
      outbox().append("", 5, Duration.ZERO, payload);
    }
    Outboxes.append(outbox(), 5, new byte[SEGMENT / 4]);
    reopened();
    for (byte[] payload : sent) {
      OutRecord record = Outboxes.poll(outbox()).orElseThrow();
      assertThat(record.payload()).isEqualTo(payload);
      outbox().delivered(record);
    }
    assertThat(Outboxes.poll(outbox()).orElseThrow().payload()).hasSize(SEGMENT / 4);
  }

  @Test
  void usesFilesAgainInsteadOfGrowing() {
    options = options.withBudget(10L * SEGMENT).withStateInterval(Duration.ZERO);
    Set<Long> ids = new HashSet<>();
    for (int i = 0; i < 3000; i++) {
      ids.add(Outboxes.append(outbox(), 5, new byte[500]));
      outbox().delivered(Outboxes.poll(outbox()).orElseThrow());
    }
    OutboxStatus status = outbox().status();
    assertThat(ids).hasSize(3000);
    assertThat(status.delivered()).isEqualTo(3000);
    assertThat(status.dropped(FULL)).isZero();
    assertThat(status.diskBytes()).isLessThanOrEqualTo(4L * SEGMENT);
    assertThat(reports).isEmpty();
  }

  /** A state may take as long as two or three syncs, on a busy disk a second. */
  @Test
  void whatIsUrgentDoesNotWaitForTheStateToBeWritten() throws Exception {
    options = options.withStateInterval(Duration.ofMillis(1));
    append(0, "first");
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    outbox()
        .beforeState(
            () -> {
              writing.countDown();
              try {
                goOn.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    append(0, "second");
    assertThat(writing.await(30, TimeUnit.SECONDS)).isTrue();

    try {
      for (int i = 0; i < 20; i++) {
        append(0, "urgent " + i);
      }
      assertThat(goOn.getCount()).isEqualTo(1);
    } finally {
      goOn.countDown();
    }
    assertThat(outbox().status().accepted()).isEqualTo(22);
  }

  @Test
  void dropsTheOldestOfTheLowestPriorityWhenItIsFull() {
    options = options.withBudget(4L * SEGMENT);
    for (int i = 0; i < 100; i++) {
      append(3, "keep " + i);
    }
    for (int i = 0; i < 1000; i++) {
      Outboxes.append(outbox(), 7, new byte[500]);
    }
    OutboxStatus status = outbox().status();
    assertThat(status.dropped(FULL)).isBetween(600L, 900L);
    assertThat(status.diskBytes()).isEqualTo(4L * SEGMENT);
    assertThat(status.accepted()).isEqualTo(1100);
    assertThat(status.pending()).isEqualTo(1100 - status.dropped(FULL));
    assertThat(next()).isEqualTo("keep 0");
    long drained = 1;
    for (Optional<OutRecord> one = Outboxes.poll(outbox());
        one.isPresent();
        one = Outboxes.poll(outbox())) {
      outbox().delivered(one.get());
      drained++;
    }
    assertThat(drained).isEqualTo(status.pending());
    OutboxStatus after = reopened().status();
    assertThat(after.accepted())
        .isEqualTo(after.delivered() + after.dropped(FULL) + after.pending());
  }

  @Test
  void refusesWhatMattersLessThanAllThatIsThere() {
    options = options.withBudget(2L * SEGMENT);
    for (int i = 0; i < 400; i++) {
      Outboxes.append(outbox(), 3, new byte[500]);
    }
    assertThatThrownBy(() -> append(7, "late"))
        .hasMessageContaining("outbox is full, and nothing in it gives way");
    assertThat(outbox().status().refused()).isEqualTo(1);
    assertThat(append(3, "still taken")).isPositive();
  }

  @Test
  void refusesTheNewestWhereThatIsThePolicy() {
    options = options.withBudget(2L * SEGMENT).withWhenFull(WhenFull.REFUSE_NEWEST);
    int accepted = 0;
    while (accepted < 1000 && Outboxes.tryAppend(outbox(), 5, new byte[500])) {
      accepted++;
    }
    assertThat(accepted).isEqualTo(2 * ((SEGMENT - 4096) / 524));
    assertThat(outbox().status().dropped(FULL)).isZero();
    for (int i = 0; i < 200; i++) {
      outbox().delivered(Outboxes.poll(outbox()).orElseThrow());
    }
    assertThat(Outboxes.tryAppend(outbox(), 5, new byte[500])).isTrue();
  }

  @Test
  void dropsWhatIsWorthNothingAnyMore() {
    outbox().append("", 5, Duration.ofMinutes(1), new byte[] {1}).toCompletableFuture().join();
    append(5, "for ever");
    clock.advance(Duration.ofMinutes(2));
    assertThat(next()).isEqualTo("for ever");
    assertThat(outbox().status().dropped(EXPIRED)).isEqualTo(1);
    assertThat(reopened().status().dropped(EXPIRED)).isEqualTo(1);
  }

  @Test
  void letsNothingExpireWithoutAClock() {
    clock.set(Instant.parse("1970-01-01T00:05:00Z"));
    outbox().append("", 5, Duration.ofMinutes(1), new byte[] {'a'}).toCompletableFuture().join();
    clock.set(Instant.parse("2026-03-01T00:00:00Z"));
    outbox().append("", 5, Duration.ofMinutes(1), new byte[] {'b'}).toCompletableFuture().join();
    clock.set(Instant.parse("1970-01-01T09:00:00Z"));
    assertThat(List.of(next(), next())).containsExactly("a", "b");
  }

  @Test
  void keepsADeadLetterUntilItIsSentAgain() {
    append(5, "too large for them");
    OutRecord record = Outboxes.poll(outbox()).orElseThrow();
    outbox().refused(record, "packet of [9] bytes is over the broker's limit of [8]");
    OutboxStatus status = reopened().status();
    assertThat(status.dropped(REFUSED)).isEqualTo(1);
    assertThat(status.pending()).isZero();
    DeadLetter letter = outbox().deadLetters().get(0);
    assertThat(letter.id()).isEqualTo(record.id());
    assertThat(letter.why()).startsWith("packet of [9] bytes");
    long again = outbox().resend(letter.id()).toCompletableFuture().join();
    assertThat(again).isGreaterThan(record.id());
    assertThat(outbox().deadLetters()).isEmpty();
    assertThat(next()).isEqualTo("too large for them");
    assertThatThrownBy(() -> outbox().resend(1234).toCompletableFuture().join())
        .hasMessageContaining("dead letter [1234] is not there");
  }

  @Test
  void refusesWhatIsEmptyOrTooLarge() {
    assertThatThrownBy(() -> Outboxes.append(outbox(), 5, new byte[SEGMENT / 4 + 1]))
        .hasMessageContaining("record of [16385] bytes is not accepted");
    assertThatThrownBy(() -> Outboxes.append(outbox(), 5, new byte[0]))
        .hasMessageContaining("record of [0] bytes");
    assertThatThrownBy(() -> outbox().append("", 10, Duration.ZERO, new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isOpenOnlyOnce() {
    outbox();
    assertThatThrownBy(() -> SegmentOutbox.open(directory, options, new Storage(), clock::nanos))
        .isInstanceOf(OutboxException.class)
        .hasMessageContaining("is in use");
  }

  @Test
  void leavesNoThreadAndRefusesAfterItsEnd() {
    SegmentOutbox outbox = outbox();
    append(5, "one");
    outbox.close();
    outbox.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("selvedge-outbox") && thread.isAlive());
    assertThatThrownBy(() -> Outboxes.append(outbox, 5, new byte[1]))
        .hasMessageContaining("outbox is closed");
  }
}
