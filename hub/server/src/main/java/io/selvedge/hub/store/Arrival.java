package io.selvedge.hub.store;

import io.selvedge.protocol.kura.KuraTopic.Stage;
import io.selvedge.protocol.kura.Records.Delivered;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One message that came from a gateway, decoded and checked. */
public sealed interface Arrival {

  /** When the hub received it. */
  Instant received();

  /**
   * Something for the store, within its limits.
   *
   * @param digest what a message without a record number is known by; empty where it has a record
   *     number, or nothing to tell it from another one like it
   * @param bytes of its payload, as it came
   */
  record Data(Delivered delivered, Optional<UUID> digest, int bytes, Instant received)
      implements Arrival {}

  /**
   * A birth, farewell or will.
   *
   * @param connection when the connection began that it speaks of, by the gateway's clock; empty
   *     where the gateway does not say
   */
  record Life(
      String gateway,
      Stage stage,
      Map<String, String> metrics,
      Optional<Instant> connection,
      Instant received)
      implements Arrival {
    public Life {
      metrics = Map.copyOf(metrics);
    }
  }

  /**
   * What cannot be stored, kept as it came, for people to look at.
   *
   * @param gateway from its topic; empty where the topic has no known form
   * @param app the same
   * @param topic as it came
   * @param code why, for machines: {@code payload.malformed}
   * @param reason why, for people
   * @param payload as it came
   */
  record Dead(
      String gateway,
      String app,
      String topic,
      String code,
      String reason,
      byte[] payload,
      Instant received)
      implements Arrival {}
}
