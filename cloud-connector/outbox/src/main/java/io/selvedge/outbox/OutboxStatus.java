package io.selvedge.outbox;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Counters of an outbox. In total and for each source: accepted = delivered + dropped + pending.
 *
 * @param total of all sources
 * @param sources by name; the empty name is the gateway itself
 * @param refused appends that were refused since the outbox was opened; they were never accepted
 * @param payloadBytes bytes of payload accepted since it was opened
 * @param writtenBytes bytes written to files since it was opened, all included
 * @param diskBytes bytes of its files now
 * @param deadLetters how many there are
 */
public record OutboxStatus(
    Counts total,
    Map<String, Counts> sources,
    long refused,
    long payloadBytes,
    long writtenBytes,
    long diskBytes,
    int deadLetters) {

  /**
   * What was counted of one source, or of all.
   *
   * @param accepted records accepted, ever
   * @param delivered records delivered, ever
   * @param dropped records dropped, ever, by reason; reasons without any are left out
   * @param pending records that wait
   * @param pendingBytes their bytes of payload
   * @param oldest at most so long the oldest of them has waited; empty where none waits, or where
   *     it came before an upgrade and nobody noted when
   */
  public record Counts(
      long accepted,
      long delivered,
      Map<DropReason, Long> dropped,
      long pending,
      long pendingBytes,
      Optional<Duration> oldest) {

    public Counts {
      dropped = Map.copyOf(dropped);
    }

    public long dropped(DropReason reason) {
      return dropped.getOrDefault(reason, 0L);
    }

    /** What was dropped, by reason as it is told to others: in lower case. */
    public Map<String, Long> droppedByName() {
      Map<String, Long> byName = new TreeMap<>();
      dropped.forEach((reason, count) -> byName.put(reason.name().toLowerCase(Locale.ROOT), count));
      return byName;
    }
  }

  public OutboxStatus {
    sources = Map.copyOf(sources);
  }

  public long accepted() {
    return total.accepted;
  }

  public long delivered() {
    return total.delivered;
  }

  public Map<DropReason, Long> dropped() {
    return total.dropped;
  }

  public long dropped(DropReason reason) {
    return total.dropped(reason);
  }

  public long pending() {
    return total.pending;
  }

  /**
   * Bytes written to files for each byte of payload accepted, since it was opened: what the outbox
   * itself makes of a payload. What the file system adds is the device's to tell. Empty before the
   * first record.
   */
  public OptionalDouble writtenPerPayloadByte() {
    return payloadBytes == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) writtenBytes / payloadBytes);
  }
}
