package io.selvedge.outbox;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Counters of an outbox by source, under its lock. */
final class Tally {

  private final long[] accepted = new long[Sources.MOST];
  private final long[] delivered = new long[Sources.MOST];
  private final Map<DropReason, long[]> dropped = new EnumMap<>(DropReason.class);
  private final long[] pendingBytes = new long[Sources.MOST];
  private long damaged;
  private long refused;
  private long payloadBytes;

  /**
   * What was counted of one source.
   *
   * @param dropped by reason; reasons without any are left out
   */
  record Counts(long accepted, long delivered, Map<DropReason, Long> dropped) {

    static final Counts NONE = new Counts(0, 0, Map.of());

    Counts {
      dropped = Map.copyOf(dropped);
    }

    Counts without(Counts other) {
      Map<DropReason, Long> rest = new EnumMap<>(DropReason.class);
      dropped.forEach((why, count) -> rest.put(why, count - other.dropped.getOrDefault(why, 0L)));
      rest.values().removeIf(count -> count == 0);
      return new Counts(accepted - other.accepted, delivered - other.delivered, rest);
    }
  }

  Tally(List<Counts> before) {
    for (DropReason reason : DropReason.values()) {
      dropped.put(reason, new long[Sources.MOST]);
    }
    for (int source = 0; source < before.size(); source++) {
      Counts counts = before.get(source);
      accepted[source] = counts.accepted;
      delivered[source] = counts.delivered;
      for (Map.Entry<DropReason, Long> entry : counts.dropped.entrySet()) {
        of(entry.getKey())[source] = entry.getValue();
        damaged += entry.getKey() == DropReason.DAMAGED ? entry.getValue() : 0;
      }
    }
  }

  private long[] of(DropReason reason) {
    return Objects.requireNonNull(dropped.get(reason), "every reason has its counters");
  }

  /** Is on disk since before this opening. */
  void found(int source, long bytes) {
    pendingBytes[source] += bytes;
  }

  /** Was accepted without having been counted. */
  void accepted(int source, long records) {
    accepted[source] += records;
  }

  void accepted(int source, long records, long bytes) {
    accepted[source] += records;
    pendingBytes[source] += bytes;
    payloadBytes += bytes;
  }

  /** New records in place of old ones; their payload did not come from outside. */
  void replaced(int source, long records, long bytes) {
    accepted[source] += records;
    pendingBytes[source] += bytes;
  }

  void delivered(int source, long bytes) {
    delivered[source]++;
    pendingBytes[source] -= bytes;
  }

  void dropped(DropReason reason, int source, long records, long bytes) {
    of(reason)[source] += records;
    damaged += reason == DropReason.DAMAGED ? records : 0;
    pendingBytes[source] -= bytes;
  }

  void refused() {
    refused++;
  }

  long refusedCount() {
    return refused;
  }

  long payloadBytes() {
    return payloadBytes;
  }

  long pendingBytes(int source) {
    return pendingBytes[source];
  }

  long pending(int source) {
    long pending = accepted[source] - delivered[source];
    for (long[] counts : dropped.values()) {
      pending -= counts[source];
    }
    return pending;
  }

  long damaged() {
    return damaged;
  }

  /** Whether anything of this source was ever accepted. */
  boolean isKnown(int source) {
    return accepted[source] > 0;
  }

  /** Of one source, as it is written down and told. */
  Counts counts(int source) {
    Map<DropReason, Long> reasons = new EnumMap<>(DropReason.class);
    dropped.forEach(
        (reason, counts) -> {
          if (counts[source] != 0) {
            reasons.put(reason, counts[source]);
          }
        });
    return new Counts(accepted[source], delivered[source], reasons);
  }
}
