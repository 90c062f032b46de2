package io.selvedge.outbox;

import java.util.Map;

/**
 * Counters of an outbox. The first four add up: accepted = delivered + dropped + pending.
 *
 * @param accepted records accepted, ever
 * @param delivered records delivered, ever
 * @param dropped records dropped, ever, by reason
 * @param pending records that wait
 * @param refused appends that were refused since the outbox was opened; they were never accepted
 * @param payloadBytes bytes of payload accepted since it was opened
 * @param writtenBytes bytes written to files since it was opened, all included
 * @param diskBytes bytes of its files now
 * @param deadLetters how many there are
 */
public record OutboxStatus(
    long accepted,
    long delivered,
    Map<DropReason, Long> dropped,
    long pending,
    long refused,
    long payloadBytes,
    long writtenBytes,
    long diskBytes,
    int deadLetters) {

  public OutboxStatus {
    dropped = Map.copyOf(dropped);
  }

  public long dropped(DropReason reason) {
    return dropped.getOrDefault(reason, 0L);
  }
}
