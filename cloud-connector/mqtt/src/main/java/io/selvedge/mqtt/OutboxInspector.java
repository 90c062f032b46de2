package io.selvedge.mqtt;

import io.selvedge.api.uplink.OutboxView;
import io.selvedge.outbox.Outbox;
import io.selvedge.outbox.OutboxStatus;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.PayloadException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** Shows an outbox of stored messages. */
final class OutboxInspector implements OutboxView {

  private final Outbox outbox;

  OutboxInspector(Outbox outbox) {
    this.outbox = outbox;
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
    return outbox.deadLetter(deadLetterId).map(OutboxInspector::content);
  }

  private static Content content(byte[] bytes) {
    Optional<StoredMessage> message = StoredMessage.parse(bytes);
    String resource = message.map(StoredMessage::path).orElse("");
    try {
      KuraPayload payload =
          KuraCodec.decode(message.map(StoredMessage::payload).orElse(new byte[0]));
      Map<String, String> metrics = new TreeMap<>();
      payload.metrics().forEach((name, metric) -> metrics.put(name, metric.display()));
      return new Content(resource, payload.timestamp(), metrics, payload.body().length);
    } catch (PayloadException e) {
      return new Content(resource, Optional.empty(), Map.of(), bytes.length);
    }
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
