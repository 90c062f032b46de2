package io.selvedge.mqtt.ledger;

import io.selvedge.api.uplink.OutboxView;
import io.selvedge.outbox.Outbox;
import io.selvedge.outbox.OutboxStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Shows an outbox of stored messages. */
public final class OutboxInspector implements OutboxView {

  private final Outbox outbox;
  private final Function<byte[], Content> reader;

  /**
   * Shows this one.
   *
   * @param reader what a record says, as far as it can be read
   */
  public OutboxInspector(Outbox outbox, Function<byte[], Content> reader) {
    this.outbox = outbox;
    this.reader = reader;
  }

  @Override
  public Status status() {
    OutboxStatus status = outbox.status();
    Map<String, Counts> sources = new TreeMap<>();
    status.sources().forEach((name, counts) -> sources.put(name, counts(counts)));
    return new Status(
        outbox.id(),
        counts(status.total()),
        sources,
        status.refused(),
        status.diskBytes(),
        status.writtenPerPayloadByte(),
        status.deadLetters());
  }

  private static Counts counts(OutboxStatus.Counts counts) {
    Map<String, Long> dropped = new TreeMap<>();
    counts
        .dropped()
        .forEach((why, count) -> dropped.put(why.name().toLowerCase(Locale.ROOT), count));
    return new Counts(
        counts.accepted(),
        counts.delivered(),
        dropped,
        counts.pending(),
        counts.pendingBytes(),
        counts.oldest());
  }

  @Override
  public List<DeadLetter> deadLetters() {
    return outbox.deadLetters().stream()
        .map(
            one ->
                new DeadLetter(
                    one.id(), one.source(), one.priority(), one.time(), one.why(), one.size()))
        .toList();
  }

  @Override
  public Optional<Content> content(long deadLetterId) {
    return outbox.deadLetter(deadLetterId).map(reader);
  }

  @Override
  public CompletionStage<Long> resend(long deadLetterId) {
    return outbox.resend(deadLetterId);
  }

  @Override
  public boolean delete(long deadLetterId) {
    return outbox.deleteDeadLetter(deadLetterId);
  }
}
