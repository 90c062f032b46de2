package io.selvedge.flow.run;

import io.selvedge.api.event.Event;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Uplink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A flow's way to the uplink. While there is none, for example while the gateway starts, the newest
 * {@value #MOST_KEPT} messages are kept; what nobody takes is counted and said once. One thread
 * sends; the counts may be read on any.
 */
final class Outlet {

  static final int MOST_KEPT = 1000;

  /** A message and how many measurements it holds. */
  private record Kept(Message message, int measurements) {}

  private final Surroundings around;
  private final String source;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private final AtomicLong uploaded = new AtomicLong();
  private final AtomicLong unsent = new AtomicLong();
  private final Condition blocked;

  Outlet(Surroundings around, String source) {
    this.around = around;
    this.source = source;
    this.blocked = new Condition(around.events(), source);
  }

  /** Hands over a message that holds no measurements, and returns. */
  void send(Message message) {
    send(message, 0);
  }

  /**
   * Hands over and returns.
   *
   * @param measurements how many measurements the message holds
   */
  void send(Message message, int measurements) {
    kept.addLast(new Kept(message.withSource(source), measurements));
    Optional<Uplink> uplink = around.uplink().get();
    if (uplink.isPresent()) {
      while (!kept.isEmpty()) {
        hand(uplink.get(), kept.removeFirst());
      }
    } else if (kept.size() > MOST_KEPT) {
      kept.removeFirst();
      lost(
          "there is no uplink; the newest ["
              + MOST_KEPT
              + "] messages are kept, older ones are dropped and counted");
    }
  }

  private void hand(Uplink uplink, Kept next) {
    accept(uplink, next.message())
        .whenComplete(
            (record, problem) -> {
              if (problem != null) {
                lost("the uplink does not take messages: " + reason(problem));
              } else {
                uploaded.addAndGet(next.measurements());
                blocked.ends(
                    "flow.sends", "the uplink takes messages again; lost so far [" + unsent + "]");
              }
            });
  }

  /** An uplink that throws instead of answering has refused, too. */
  private static CompletionStage<Long> accept(Uplink uplink, Message message) {
    try {
      return uplink.send(message);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Measurements that the uplink has accepted. */
  long uploaded() {
    return uploaded.get();
  }

  /** Messages that nobody took. */
  long unsent() {
    return unsent.get();
  }

  /** The message of what went wrong, without the wrapping that futures add. */
  static String reason(Throwable problem) {
    Throwable cause =
        problem instanceof CompletionException && problem.getCause() != null
            ? problem.getCause()
            : problem;
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private void lost(String why) {
    unsent.incrementAndGet();
    blocked.begins(Event.Severity.WARNING, "flow.unsent", why);
  }
}
