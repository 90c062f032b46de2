package io.selvedge.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {

  @TempDir Path directory = Path.of("."); // set before each test

  private SegmentOutbox open() {
    return SegmentOutbox.open(
        directory,
        OutboxOptions.defaults().withSegmentSize(64 * 1024).withCommitInterval(Duration.ZERO));
  }

  private static void append(Outbox outbox, String source, int priority) {
    outbox.append(source, priority, Duration.ZERO, new byte[] {1}).toCompletableFuture().join();
  }

  private static List<String> sources(SegmentOutbox outbox) {
    List<String> sources = new ArrayList<>();
    for (Optional<OutRecord> one = Outboxes.poll(outbox);
        one.isPresent();
        one = Outboxes.poll(outbox)) {
      sources.add(one.get().source());
    }
    return sources;
  }

  @Test
  void saysWhoAppendedARecordAlsoAfterARestart() {
    try (SegmentOutbox outbox = open()) {
      append(outbox, "flow/office", 5);
      append(outbox, "", 5);
      append(outbox, "flow/büro 2", 5);
      assertThat(sources(outbox)).containsExactly("flow/office", "", "flow/büro 2");
    }
    try (SegmentOutbox outbox = open()) {
      append(outbox, "flow/new", 5);
      assertThat(sources(outbox)).containsExactly("flow/office", "", "flow/büro 2", "flow/new");
    }
  }

  @Test
  void tellsSixtyFourApartAndCallsTheRestOthers() {
    try (SegmentOutbox outbox = open()) {
      for (int i = 1; i <= 70; i++) {
        append(outbox, "flow/" + i, 5);
      }
      List<String> sources = sources(outbox);
      assertThat(sources.get(61)).isEqualTo("flow/62");
      assertThat(sources.subList(62, 70)).containsOnly("others");
    }
  }

  @Test
  void handsOutOnlyWhatMattersEnough() throws Exception {
    try (SegmentOutbox outbox = open()) {
      append(outbox, "bulk", 7);
      append(outbox, "alarm", 2);
      assertThat(outbox.poll(2, Duration.ZERO).orElseThrow().source()).isEqualTo("alarm");
      assertThat(outbox.poll(6, Duration.ZERO)).isEmpty();
      assertThat(outbox.poll(7, Duration.ZERO).orElseThrow().source()).isEqualTo("bulk");
      assertThatThrownBy(() -> outbox.poll(10, Duration.ZERO))
          .hasMessageContaining("priority [10] must be 0 to 9");
    }
  }

  @Test
  void keepsTheSourceOfADeadLetter() {
    try (SegmentOutbox outbox = open()) {
      append(outbox, "flow/office", 3);
      outbox.refused(Outboxes.poll(outbox).orElseThrow(), "too large");
      DeadLetter letter = outbox.deadLetters().get(0);
      assertThat(letter.source()).isEqualTo("flow/office");
      assertThat(letter.why()).isEqualTo("too large");
      assertThat(letter.priority()).isEqualTo(3);
      outbox.resend(letter.id()).toCompletableFuture().join();
      OutRecord again = Outboxes.poll(outbox).orElseThrow();
      assertThat(again.source()).isEqualTo("flow/office");
      assertThat(again.priority()).isEqualTo(3);
      assertThat(Outboxes.poll(outbox)).isEmpty();
    }
  }

  @Test
  void showsADeadLetterAndThrowsItAway() {
    try (SegmentOutbox outbox = open()) {
      append(outbox, "flow/office", 3);
      outbox.refused(Outboxes.poll(outbox).orElseThrow(), "too large");
      long id = outbox.deadLetters().get(0).id();
      assertThat(outbox.deadLetter(id).orElseThrow()).containsExactly(1);
      assertThat(outbox.deleteDeadLetter(id)).isTrue();
      assertThat(outbox.deleteDeadLetter(id)).isFalse();
      assertThat(outbox.deadLetter(id)).isEmpty();
      assertThat(outbox.status().dropped(DropReason.REFUSED)).isEqualTo(1);
      Outboxes.assertAddsUp(outbox.status());
    }
  }

  @Test
  void refusesANameThatCannotBeWrittenDown() {
    try (SegmentOutbox outbox = open()) {
      assertThatThrownBy(() -> append(outbox, "two\nlines", 5))
          .hasMessageContaining("must have at most [100] bytes and no control characters");
      assertThatThrownBy(() -> append(outbox, "x".repeat(101), 5))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
