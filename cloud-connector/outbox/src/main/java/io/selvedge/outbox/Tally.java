package io.selvedge.outbox;

import java.util.EnumMap;
import java.util.Map;

/** Counters of an outbox, under its lock. */
final class Tally {

  private final EnumMap<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
  private long accepted;
  private long delivered;
  private long refused;
  private long payloadBytes;

  Tally(long delivered, Map<DropReason, Long> dropped) {
    this.delivered = delivered;
    this.dropped.putAll(dropped);
  }

  void addAccepted(long records, long bytes) {
    accepted += records;
    payloadBytes += bytes;
  }

  void addDelivered() {
    delivered++;
  }

  void addRefused() {
    refused++;
  }

  void addDropped(DropReason reason, long records) {
    dropped.merge(reason, records, Long::sum);
  }

  long accepted() {
    return accepted;
  }

  long delivered() {
    return delivered;
  }

  long refused() {
    return refused;
  }

  long payloadBytes() {
    return payloadBytes;
  }

  long damaged() {
    return dropped.getOrDefault(DropReason.DAMAGED, 0L);
  }

  Map<DropReason, Long> dropped() {
    return new EnumMap<>(dropped);
  }
}
