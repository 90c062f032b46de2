package io.selvedge.hub.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.selvedge.api.uplink.Message;
import io.selvedge.hub.store.Arrival;
import io.selvedge.protocol.json.Json;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.KuraTopic.Stage;
import io.selvedge.protocol.kura.PayloadException;
import io.selvedge.protocol.kura.Records;
import io.selvedge.protocol.kura.Records.Delivered;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Makes an {@link Arrival} of a topic and its bytes. Never throws: what cannot be read or breaks a
 * limit becomes a dead letter with the reason. Stateless.
 */
public final class Decoder {

  private static final int MOST_METRICS = 1000;
  private static final int MOST_NAME = 128; // the schema's columns
  private static final int MOST_GATEWAY = 64;
  private static final int MOST_TEXT = 64 * 1024;
  private static final int MOST_BODY = 512 * 1024;
  private static final int DEAD_BYTES = 64 * 1024; // so much of a dead letter is kept
  private static final String LIFE = "MQTT"; // the application id of births and wills
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  private final String account;

  public Decoder(String account) {
    this.account = account;
  }

  public Arrival decode(String topic, byte[] bytes, Instant received) {
    Optional<KuraTopic> parsed = KuraTopic.parse(topic);
    if (parsed.isPresent() && parsed.get().account().equals(account)) {
      if (parsed.get() instanceof KuraTopic.Data data) {
        return data(topic, data, bytes, received);
      }
      if (parsed.get() instanceof KuraTopic.Life life) {
        return life(topic, life, bytes, received);
      }
    }
    String reason = "topic [" + topic + "] has no form that the hub listens to";
    return dead("", "", topic, "topic.unknown", reason, bytes, received);
  }

  /** A dead letter of a message that could be decoded, but not be stored. */
  public static Arrival.Dead dead(
      String topic, String code, String reason, byte[] bytes, Instant received) {
    return KuraTopic.parse(topic)
        .map(
            parsed ->
                parsed instanceof KuraTopic.Data data
                    ? dead(data.gateway(), data.app(), topic, code, reason, bytes, received)
                    : dead("", LIFE, topic, code, reason, bytes, received))
        .orElseGet(() -> dead("", "", topic, code, reason, bytes, received));
  }

  private static Arrival life(String topic, KuraTopic.Life life, byte[] bytes, Instant received) {
    try {
      Limits.text("gateway", life.gateway(), MOST_GATEWAY);
      KuraPayload payload = KuraCodec.decode(bytes);
      Map<String, String> metrics = new TreeMap<>();
      if (life.stage() == Stage.BIRTH || life.stage() == Stage.APPS) {
        payload
            .metrics()
            .forEach((name, metric) -> metrics.put(name, Limits.clean(metric.display())));
      }
      Optional<Instant> connection =
          payload.whole(KuraTopic.CONNECTION_TIME).map(Decoder::connection);
      return new Arrival.Life(life.gateway(), life.stage(), metrics, connection, received);
    } catch (PayloadException e) {
      return dead(life.gateway(), LIFE, topic, "payload.malformed", message(e), bytes, received);
    } catch (Refused e) {
      return dead(life.gateway(), LIFE, topic, e.code(), message(e), bytes, received);
    }
  }

  private static Arrival data(String topic, KuraTopic.Data data, byte[] bytes, Instant received) {
    try {
      Limits.text("gateway", data.gateway(), MOST_GATEWAY);
      Limits.text("app", data.app(), MOST_GATEWAY);
      return data(data, bytes, received);
    } catch (PayloadException e) {
      return dead(
          data.gateway(), data.app(), topic, "payload.malformed", message(e), bytes, received);
    } catch (Refused e) {
      return dead(data.gateway(), data.app(), topic, e.code(), message(e), bytes, received);
    }
  }

  private static Arrival data(KuraTopic.Data topic, byte[] bytes, Instant received)
      throws PayloadException, Refused {
    KuraPayload payload = KuraCodec.decode(bytes);
    Delivered delivered = Records.delivered(topic, payload);
    Message message = delivered.message();
    Limits.text("resource", message.resource(), MOST_NAME);
    Limits.text("outbox.id", delivered.outboxId(), MOST_NAME);
    Limits.text(Records.SOURCE, message.source(), MOST_NAME);
    if (!delivered.outboxId().isEmpty() && payload.whole(Records.RECORD_ID).isEmpty()) {
      throw new Refused(
          "payload.incomplete", "metric [record.id] is missing; send it with [outbox.id]");
    }
    Instant time = payload.timestamp().orElse(received);
    if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
      throw new Refused(
          "payload.out_of_range", "timestamp [" + time + "] must be from 1970 to 9998");
    }
    Limits.metrics(message.metrics(), MOST_METRICS, MOST_NAME, MOST_TEXT);
    body(message);
    Message stored = at(message, time);
    Optional<UUID> digest =
        delivered.outboxId().isEmpty() && payload.timestamp().isPresent()
            ? Optional.of(Digest.of(stored))
            : Optional.empty();
    return new Arrival.Data(
        new Delivered(delivered.gateway(), delivered.outboxId(), delivered.recordId(), stored),
        digest,
        bytes.length,
        received);
  }

  /** Out of what a database can hold: some other connection, whichever. */
  private static Instant connection(long millis) {
    return Instant.ofEpochMilli(Math.max(0, Math.min(millis, LATEST.toEpochMilli())));
  }

  private static Message at(Message m, Instant time) {
    return new Message(
        m.app(),
        m.resource(),
        time,
        Limits.clean(m.metrics()),
        m.body(),
        m.priority(),
        m.timeToLive(),
        m.source());
  }

  /** Where an application's content is its body, that must be a JSON object. */
  private static void body(Message message) throws Refused {
    if (message.body().length > MOST_BODY) {
      throw new Refused(
          "payload.too_large",
          "body of [" + message.body().length + "] bytes must be at most " + MOST_BODY);
    }
    if (!message.app().equals("DECISION-V1") && !message.app().equals("TWIN-V1")) {
      return;
    }
    try {
      if (!Json.mapper().readTree(message.body()).isObject()) {
        throw new Refused("payload.malformed", "body must be a JSON object in braces");
      }
    } catch (JsonProcessingException e) {
      throw new Refused("payload.malformed", "body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new Refused("payload.malformed", "body is not JSON: " + e.getMessage());
    }
  }

  private static Arrival.Dead dead(
      String gateway,
      String app,
      String topic,
      String code,
      String reason,
      byte[] bytes,
      Instant received) {
    return new Arrival.Dead(
        Limits.cut(gateway, MOST_GATEWAY),
        Limits.cut(app, MOST_GATEWAY),
        Limits.clean(topic),
        code,
        Limits.clean(reason),
        Arrays.copyOf(bytes, Math.min(bytes.length, DEAD_BYTES)),
        received);
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
