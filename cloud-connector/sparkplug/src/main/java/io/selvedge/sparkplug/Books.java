package io.selvedge.sparkplug;

import io.selvedge.mqtt.ledger.DeliveryLedger;
import io.selvedge.mqtt.ledger.DeliveryLedger.Way;
import io.selvedge.outbox.OutRecord;
import io.selvedge.protocol.kura.Summary;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps what the ledger wants to know of a record from its sending to its proof: no more records
 * than may be without a proof, or may overtake others. Thread-safe.
 */
final class Books {

  private final DeliveryLedger ledger;
  private final Clock clock;
  private final Map<Long, Way> ahead = new ConcurrentHashMap<>();
  private final Map<Long, Entry> open = new ConcurrentHashMap<>();

  private record Entry(StoredMessage message, Way way) {}

  Books(DeliveryLedger ledger, Clock clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /** A session begins: nothing has been sent in it. */
  void begin() {
    ahead.clear();
    open.clear();
  }

  /** A record was published ahead of its turn. */
  void sentAhead(long id, StoredMessage message, List<Outgoing> out) {
    ahead.put(id, way(message, out));
  }

  /** A record is published, or its turn came after it had been. */
  void sent(OutRecord record, StoredMessage message, List<Outgoing> out) {
    Way way = Optional.ofNullable(ahead.remove(record.id())).orElseGet(() -> way(message, out));
    open.put(record.id(), new Entry(message, way));
  }

  private Way way(StoredMessage message, List<Outgoing> out) {
    int bytes = out.stream().mapToInt(one -> one.payload().length).sum();
    return new Way(message.acceptedAt(), clock.millis(), bytes);
  }

  /** The broker has read it: settles the record and counts it, once. */
  void delivered(OutRecord record) {
    Entry entry = open.remove(record.id());
    if (entry != null) {
      StoredMessage message = entry.message;
      int measurements = message.device().isPresent() ? message.values().size() : 0;
      Summary about = new Summary(message.time(), record.source(), measurements);
      ledger.delivered(record, message.app(), message.resource(), about, entry.way);
    }
  }
}
