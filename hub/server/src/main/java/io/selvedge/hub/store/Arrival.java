package io.selvedge.hub.store;

import io.selvedge.protocol.kura.KuraTopic.Stage;
import io.selvedge.protocol.kura.Records.Delivered;
import java.time.Instant;
import java.util.Map;

/** One message that came from a gateway, decoded and checked. */
public sealed interface Arrival {

  /** When the hub received it. */
  Instant received();

  /**
   * Something for the store, within its limits.
   *
   * @param bytes of its payload, as it came
   */
  record Data(Delivered delivered, int bytes, Instant received) implements Arrival {}

  /** A birth, farewell or will. */
  record Life(String gateway, Stage stage, Map<String, String> metrics, Instant received)
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
