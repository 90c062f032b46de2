package io.selvedge.outbox;

import io.selvedge.outbox.Settlements.Run;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Puts an {@link OutboxStatus} together, under the outbox's lock. */
final class StatusReport {

  private static final long NONE = Long.MAX_VALUE;

  private final Tally tally;
  private final Sources sources;
  private final long now;
  private final long[] oldest = new long[Sources.MOST];

  StatusReport(Lane[] lanes, Tally tally, Sources sources, long now) {
    this.tally = tally;
    this.sources = sources;
    this.now = now;
    Arrays.fill(oldest, NONE);
    for (Lane lane : lanes) {
      for (Run run : lane.settlements().runs()) {
        if (!run.settled()) {
          note(run.source, run.time);
        }
      }
      for (Segment segment : lane.segments()) {
        long read = segment.unread().total() == 0 ? 0 : lane.unreadSince(segment);
        for (int source = 0; source < segment.unread().sources(); source++) {
          if (segment.unread().records(source) > 0) {
            note(source, Math.max(read, segment.unread().since(source)));
          }
        }
      }
    }
  }

  private void note(int source, long time) {
    if (time > 0) {
      oldest[source] = Math.min(oldest[source], time);
    }
  }

  OutboxStatus status(long writtenBytes, long diskBytes, int deadLetters) {
    Map<String, OutboxStatus.Counts> bySource = new TreeMap<>();
    Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    long accepted = 0;
    long delivered = 0;
    long pending = 0;
    long pendingBytes = 0;
    for (int source = 0; source < Sources.MOST; source++) {
      if (!tally.isKnown(source)) {
        continue;
      }
      Tally.Counts counts = tally.counts(source);
      long waiting = tally.pending(source);
      long bytes = tally.pendingBytes(source);
      bySource.put(
          sources.name(source),
          new OutboxStatus.Counts(
              counts.accepted(),
              counts.delivered(),
              counts.dropped(),
              waiting,
              bytes,
              age(waiting, oldest[source])));
      accepted += counts.accepted();
      delivered += counts.delivered();
      pending += waiting;
      pendingBytes += bytes;
      counts.dropped().forEach((why, count) -> dropped.merge(why, count, Long::sum));
    }
    long first = Arrays.stream(oldest).min().orElse(NONE);
    return new OutboxStatus(
        new OutboxStatus.Counts(
            accepted, delivered, dropped, pending, pendingBytes, age(pending, first)),
        bySource,
        tally.refusedCount(),
        tally.payloadBytes(),
        writtenBytes,
        diskBytes,
        deadLetters);
  }

  private Optional<Duration> age(long pending, long since) {
    return pending == 0 || since == NONE
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(Math.max(0, now - since)));
  }
}
