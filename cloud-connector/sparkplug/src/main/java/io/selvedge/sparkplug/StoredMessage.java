package io.selvedge.sparkplug;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.OutboxView.Content;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import io.selvedge.protocol.kura.Metrics;
import io.selvedge.protocol.kura.PayloadException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A message as it lies in the outbox:
 *
 * <pre>
 *   0    1      9         17     25     27
 *   ┌────┬──────┬─────────┬──────┬──────┬─────┬──────┬──────────┬───────────────────────────┐
 *   │ 2  │ run  │ session │ time │ u16  │ app │ u16  │ resource │ KuraPayload, uncompressed │
 *   └────┴──────┴─────────┴──────┴──────┴─────┴──────┴──────────┴───────────────────────────┘
 * </pre>
 *
 * {@code time} is when it was accepted, in milliseconds since 1970. Version 1 did not say that, and
 * is still read.
 *
 * @param accepted the session in which it was accepted
 * @param acceptedAt when, in milliseconds since 1970; {@link Long#MIN_VALUE} where it does not say
 * @param app application id
 * @param resource what it is about; a device where the app is {@code DATA-V1}
 * @param time when it happened
 * @param metrics values by name
 * @param body UTF-8; empty where there is none
 */
record StoredMessage(
    Stamp accepted,
    long acceptedAt,
    String app,
    String resource,
    Instant time,
    Map<String, Value> metrics,
    byte[] body) {

  private static final String DATA_APP = "DATA-V1";
  private static final String UNIT = "unit.";
  private static final String BODY = "body";
  private static final byte VERSION = 2;
  private static final byte WITHOUT_TIME = 1;
  private static final int FIXED = 1 + 3 * Long.BYTES + 2 * Short.BYTES;

  /**
   * A session of one run of this program.
   *
   * @param run drawn when the program started
   * @param session number of the session; 0: there was none
   */
  record Stamp(long run, long session) {}

  /**
   * As it goes into the outbox.
   *
   * @param acceptedAt when, in milliseconds since 1970
   * @throws IllegalArgumentException where Sparkplug cannot carry it
   */
  static byte[] bytes(Message message, Stamp accepted, long acceptedAt) {
    if (message.body().length > 0 && !isText(message.body())) {
      throw new IllegalArgumentException(
          "body of ["
              + message.app()
              + '/'
              + message.resource()
              + "] must be text in UTF-8; Sparkplug carries it as a metric of type String");
    }
    byte[] app = part(message.app());
    byte[] resource = part(message.resource());
    byte[] payload =
        KuraCodec.encodePlain(
            KuraPayload.of(message.time(), Metrics.of(message.metrics()), message.body()));
    return ByteBuffer.allocate(FIXED + app.length + resource.length + payload.length)
        .put(VERSION)
        .putLong(accepted.run())
        .putLong(accepted.session())
        .putLong(acceptedAt)
        .putShort((short) app.length)
        .put(app)
        .putShort((short) resource.length)
        .put(resource)
        .put(payload)
        .array();
  }

  private static byte[] part(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0xffff) {
      throw new IllegalArgumentException(
          "name of [" + bytes.length + "] bytes is too long; 65535 is the most");
    }
    return bytes;
  }

  private static boolean isText(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Empty where the bytes are of a version that this one does not know. */
  static Optional<StoredMessage> parse(byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      byte version = in.get();
      if (version != VERSION && version != WITHOUT_TIME) {
        return Optional.empty();
      }
      Stamp accepted = new Stamp(in.getLong(), in.getLong());
      long acceptedAt = version == VERSION ? in.getLong() : Long.MIN_VALUE;
      String app = text(in);
      String resource = text(in);
      byte[] rest = new byte[in.remaining()];
      in.get(rest);
      KuraPayload payload = KuraCodec.decode(rest);
      Map<String, Metric> metrics = payload.metrics();
      return Optional.of(
          new StoredMessage(
              accepted,
              acceptedAt,
              app,
              resource,
              payload.timestamp().orElse(Instant.EPOCH),
              Metrics.values(metrics),
              payload.body()));
    } catch (BufferUnderflowException | PayloadException e) {
      return Optional.empty();
    }
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[in.getShort() & 0xffff];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** What a record says, as far as it can be read. */
  static Content content(byte[] record) {
    return parse(record)
        .map(
            message -> {
              Map<String, String> metrics = new TreeMap<>();
              message.metrics.forEach((name, value) -> metrics.put(name, value.display()));
              return new Content(
                  message.app + '/' + message.resource,
                  Optional.of(message.time),
                  metrics,
                  message.body.length);
            })
        .orElseGet(() -> new Content("", Optional.empty(), Map.of(), record.length));
  }

  /** The device that it is of; empty where it is of the gateway itself. */
  Optional<String> device() {
    return app.equals(DATA_APP) ? Optional.of(resource) : Optional.empty();
  }

  /**
   * What it tells, by name of metric: a device's as they are, without the units, which stand in the
   * birth; those of the gateway behind app and resource. A body is a text.
   */
  Map<String, Value> values() {
    Map<String, Value> values = new TreeMap<>();
    String path = app + '/' + resource;
    boolean ofDevice = device().isPresent();
    metrics.forEach(
        (name, value) -> {
          if (!ofDevice || !name.startsWith(UNIT)) {
            values.put(ofDevice ? name : path + '/' + name, value);
          }
        });
    textName()
        .ifPresent(name -> values.put(name, Value.of(new String(body, StandardCharsets.UTF_8))));
    return values;
  }

  /** Under which name its body stands; empty where it has none. */
  Optional<String> textName() {
    if (body.length == 0) {
      return Optional.empty();
    }
    return Optional.of(device().isPresent() ? BODY : app + '/' + resource);
  }
}
