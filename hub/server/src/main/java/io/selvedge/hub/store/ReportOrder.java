package io.selvedge.hub.store;

import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.statement.Update;

/**
 * Which of two reports of a gateway is the newer one. Within an outbox its record numbers tell: the
 * gateway counts them, over restarts, and no clock that is set or jumps changes them. An outbox
 * that the hub has met later is the newer one. Where that tells nothing, the gateway's time does,
 * unless it cannot be right: before {@link Lifecycle#CLOCK_UNSET}, or ahead of the hub's.
 *
 * @param outbox number of the outbox; 0: the sender gives its messages no number
 * @param record number within that
 * @param time by the gateway's clock
 * @param received by the hub's
 */
record ReportOrder(int outbox, long record, Instant time, Instant received) {

  /** So far ahead of the hub's a clock may be and still be right. */
  static final Duration AHEAD = Duration.ofMinutes(5);

  static ReportOrder of(Numbered one) {
    return one.hasRecord()
        ? new ReportOrder(
            one.outbox(), one.delivered().recordId(), one.message().time(), one.received())
        : new ReportOrder(0, 0, one.message().time(), one.received());
  }

  /** To be part of an update's {@code set}. */
  static final String SET =
      "reported_at = :time, reported_outbox = :outbox, reported_record = :record";

  /**
   * Condition under which this one is newer than the row's.
   *
   * @param tie condition where both have the same time and no number tells
   */
  static String newer(String tie) {
    return "(reported_at is null or reported_outbox < :outbox"
        + " or (reported_outbox = :outbox and reported_record < :record)"
        + " or ((:outbox = 0 or reported_outbox > :outbox) and (reported_at < :time"
        + " or :time < :unset or reported_at > :ahead or (reported_at = :time and "
        + tie
        + "))))";
  }

  /** Binds what {@link #SET} and {@link #newer} name. */
  Update bind(Update update) {
    return update
        .bind("time", time)
        .bind("outbox", outbox)
        .bind("record", record)
        .bind("unset", Lifecycle.CLOCK_UNSET)
        .bind("ahead", received.plus(AHEAD));
  }
}
