package io.selvedge.hub.store;

import io.selvedge.api.uplink.Message;
import io.selvedge.protocol.kura.Records.Delivered;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/**
 * A message with its number in the store.
 *
 * @param id its number
 * @param outbox number of its outbox; one without a name is of a gateway of another make
 * @param data the message
 */
record Numbered(long id, int outbox, Arrival.Data data) {

  /** In one order, so that two hubs that store the same messages do not block each other. */
  static final Comparator<Numbered> ORDER =
      Comparator.comparingInt(Numbered::outbox)
          .thenComparingLong(one -> one.delivered().recordId())
          .thenComparing(one -> one.digest().map(UUID::toString).orElse(""));

  Delivered delivered() {
    return data.delivered();
  }

  Optional<UUID> digest() {
    return data.digest();
  }

  Instant received() {
    return data.received();
  }

  Message message() {
    return delivered().message();
  }

  boolean hasRecord() {
    return !delivered().outboxId().isEmpty();
  }

  boolean of(String app) {
    return message().app().equals(app);
  }
}
