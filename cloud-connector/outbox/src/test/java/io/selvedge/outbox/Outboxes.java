package io.selvedge.outbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** What tests do with an outbox, in a word. */
final class Outboxes {

  private Outboxes() {}

  static long append(Outbox outbox, int priority, byte[] payload) {
    return outbox.append("", priority, Duration.ZERO, payload).toCompletableFuture().join();
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

  static String text(OutRecord record) {
    return new String(record.payload(), StandardCharsets.UTF_8);
  }
}
