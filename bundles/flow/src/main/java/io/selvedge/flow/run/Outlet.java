package io.selvedge.flow.run;

import io.selvedge.api.event.Event;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Uplink;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** A flow's way to the uplink. What the uplink does not take is counted and said once. */
final class Outlet {

  private final Surroundings around;
  private final AtomicLong uploaded = new AtomicLong();
  private final AtomicLong unsent = new AtomicLong();
  private final Condition blocked;

  Outlet(Surroundings around, String source) {
    this.around = around;
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
    Optional<Uplink> uplink = around.uplink().get();
    if (uplink.isEmpty()) {
      lost("there is no uplink; messages to the hub are counted and dropped until there is one");
      return;
    }
    accept(uplink.get(), message)
        .whenComplete(
            (record, problem) -> {
              if (problem != null) {
                lost("the uplink does not take messages: " + reason(problem));
              } else {
                uploaded.addAndGet(measurements);
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
