package io.selvedge.flow.run;

import io.selvedge.api.event.Event;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.flow.ledger.Book;
import io.selvedge.flow.ledger.Stream;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A flow's way to the uplinks. While there is none of a name, for example while the gateway starts,
 * the newest {@value #MOST_KEPT} messages for it are kept; what nobody takes is counted and said
 * once. One thread sends; the counts may be read on any.
 */
final class Outlet {

  static final int MOST_KEPT = 1000;

  /** A message and what the ledger wants to know of it. */
  private record Kept(Message message, Stream stream, LocalDate day, int measurements) {}

  /** What waits for one uplink. */
  private static final class Lane {
    private final Deque<Kept> kept = new ArrayDeque<>();
    private final Condition blocked;
    private final Condition missing;

    Lane(Surroundings around, String source) {
      blocked = new Condition(around.events(), source);
      missing = new Condition(around.events(), source);
    }
  }

  private final Surroundings around;
  private final String source;
  private final Book book;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final AtomicLong uploaded = new AtomicLong();
  private final AtomicLong unsent = new AtomicLong();

  Outlet(Surroundings around, String source, Book book) {
    this.around = around;
    this.source = source;
    this.book = book;
  }

  /** Who sends, for the ledgers. */
  String source() {
    return source;
  }

  /** The flow's part of the ledger. */
  Book book() {
    return book;
  }

  /** Hands over and returns, for each of the uplinks. */
  void send(Message message, Stream stream, List<String> to) {
    send(message, stream, to, 0);
  }

  /**
   * Hands over and returns, for each of the uplinks.
   *
   * @param measurements how many measurements the message holds
   */
  void send(Message message, Stream stream, List<String> to, int measurements) {
    LocalDate day = Book.day(message.time().toEpochMilli());
    Message sent = message.source().equals(source) ? message : message.withSource(source);
    Kept next = new Kept(sent, stream, day, measurements);
    for (String name : to) {
      book.made(stream, day, name);
      send(name, lanes.computeIfAbsent(name, n -> new Lane(around, source)), next);
    }
  }

  private void send(String name, Lane lane, Kept next) {
    lane.kept.addLast(next);
    Optional<Uplink> uplink = around.uplinks().apply(name);
    if (uplink.isPresent()) {
      lane.missing.ends("flow.uplink_there", "uplink [" + name + "] is there");
      while (!lane.kept.isEmpty()) {
        hand(name, lane, uplink.get(), lane.kept.removeFirst());
      }
      return;
    }
    if (!name.equals(Uplink.HUB)) { // without a hub a gateway is complete; others are asked for
      lane.missing.begins(
          Event.Severity.WARNING,
          "flow.uplink_missing",
          "uplink ["
              + name
              + "] in upload.to is not there; correct its name or configure it. The newest ["
              + MOST_KEPT
              + "] messages wait for it");
    }
    if (lane.kept.size() > MOST_KEPT) {
      Kept oldest = lane.kept.removeFirst();
      book.lost(oldest.stream(), oldest.day(), name);
      lost(
          lane,
          "there is no uplink ["
              + name
              + "]; the newest ["
              + MOST_KEPT
              + "] messages are kept, older ones are dropped and counted");
    }
  }

  private void hand(String name, Lane lane, Uplink uplink, Kept next) {
    book.asked();
    accept(uplink, next.message())
        .whenComplete(
            (record, problem) -> {
              if (problem != null) {
                book.refused(next.stream(), next.day(), name);
                lost(lane, "uplink [" + name + "] does not take messages: " + reason(problem));
              } else {
                book.accepted(next.stream(), next.day(), name);
                uploaded.addAndGet(next.measurements());
                lane.blocked.ends(
                    "flow.sends",
                    "uplink [" + name + "] takes messages again; lost so far [" + unsent + "]");
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

  /** Measurements that uplinks have accepted. */
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

  private void lost(Lane lane, String why) {
    unsent.incrementAndGet();
    lane.blocked.begins(Event.Severity.WARNING, "flow.unsent", why);
  }
}
