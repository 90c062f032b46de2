package io.selvedge.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What tests do with an outbox, in a word. */
final class Outboxes {

  private Outboxes() {}

  static long append(Outbox outbox, int priority, byte[] payload) {
    return outbox.append("", priority, Duration.ZERO, payload).toCompletableFuture().join();
  }

  /** Many, without waiting for each; how many were accepted. */
  static int appendAll(List<Supplier<CompletionStage<Long>>> appends) {
    int accepted = 0;
    for (int from = 0; from < appends.size(); from += 400) {
      List<CompletableFuture<Long>> stages =
          appends.subList(from, Math.min(appends.size(), from + 400)).stream()
              .map(append -> append.get().toCompletableFuture())
              .toList();
      for (CompletableFuture<Long> stage : stages) {
        try {
          stage.join();
          accepted++;
        } catch (CompletionException e) {
          // not accepted
        }
      }
    }
    return accepted;
  }

  static boolean tryAppend(Outbox outbox, int priority, byte[] payload) {
    try {
      append(outbox, priority, payload);
      return true;
    } catch (CompletionException e) {
      return false;
    }
  }

  /** What is there now; nothing is waited for. */
  static Optional<OutRecord> poll(Outbox outbox) {
    try {
      return outbox.poll(Duration.ZERO);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Accepted = delivered + dropped + pending, for each source and in total. */
  static void assertAddsUp(OutboxStatus status) {
    long[] sums = new long[3];
    status
        .sources()
        .forEach(
            (source, counts) -> {
              assertAddsUp(source, counts);
              sums[0] += counts.accepted();
              sums[1] += counts.pending();
              sums[2] += counts.pendingBytes();
            });
    assertAddsUp("total", status.total());
    assertThat(sums)
        .containsExactly(status.accepted(), status.pending(), status.total().pendingBytes());
  }

  private static void assertAddsUp(String name, OutboxStatus.Counts counts) {
    long dropped = counts.dropped().values().stream().mapToLong(Long::longValue).sum();
    assertThat(counts.accepted())
        .as(name + ": " + counts)
        .isEqualTo(counts.delivered() + dropped + counts.pending());
    assertThat(counts.pending()).as(name).isNotNegative();
    assertThat(counts.pendingBytes() == 0)
        .as(name + ": " + counts)
        .isEqualTo(counts.pending() == 0);
  }

  static OutboxStatus.Counts of(OutboxStatus status, String source) {
    return Objects.requireNonNull(status.sources().get(source), "nothing of [" + source + "]");
  }

  static String text(OutRecord record) {
    return new String(record.payload(), StandardCharsets.UTF_8);
  }
}
