package io.selvedge.api.uplink;

import io.selvedge.api.device.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What goes up: neutral of the protocol that carries it.
 *
 * @param app the application id, first part of the topic after the gateway: {@code DATA-V1}
 * @param resource the rest of the topic, parts separated by {@code /}: a device's or flow's name
 * @param time what it is about happened then, UTC
 * @param metrics named values, for example one a channel
 * @param body bytes for what metrics cannot hold, often JSON; empty where there is none
 * @param priority 0 (first) to 9 (last)
 * @param timeToLive after this it is worth nothing and is dropped, counted; zero: never
 * @param source who sends it, for shares of the outbox and for the ledger of what went where:
 *     {@code flow/office}; empty: the gateway itself
 * @param qos how sure delivery from the gateway to the broker is, as MQTT counts: 1 at least once;
 *     0 at most once, for what is worth little: it is kept while there is no connection, but what
 *     is under way when a connection breaks is lost
 */
public record Message(
    String app,
    String resource,
    Instant time,
    Map<String, Value> metrics,
    byte[] body,
    int priority,
    Duration timeToLive,
    String source,
    int qos) {

  /** What a flow's measurements get unless it asks for something else. */
  public static final int DEFAULT_PRIORITY = 5;

  /** {@link #qos}: what is under way when a connection breaks is lost. */
  public static final int AT_MOST_ONCE = 0;

  /** {@link #qos}: what the broker has not acknowledged is sent again. */
  public static final int AT_LEAST_ONCE = 1;

  public Message {
    requireTopicPart(app, "app");
    requireTopicPart(resource, "resource");
    Objects.requireNonNull(time, "time must not be null");
    metrics = Map.copyOf(metrics);
    Objects.requireNonNull(body, "body must not be null; give an empty one");
    if (priority < 0 || priority > 9) {
      throw new IllegalArgumentException(
          "priority [" + priority + "] must be 0 (first) to 9 (last)");
    }
    if (timeToLive.isNegative()) {
      throw new IllegalArgumentException(
          "time to live [" + timeToLive + "] must not be negative; zero means for ever");
    }
    Objects.requireNonNull(source, "source must not be null; give an empty one");
    if (qos != 0 && qos != 1) {
      throw new IllegalArgumentException(
          "qos [" + qos + "] must be 0 (at most once) or 1 (at least once)");
    }
  }

  /** At least once. */
  public Message(
      String app,
      String resource,
      Instant time,
      Map<String, Value> metrics,
      byte[] body,
      int priority,
      Duration timeToLive,
      String source) {
    this(app, resource, time, metrics, body, priority, timeToLive, source, AT_LEAST_ONCE);
  }

  /** From the gateway itself, at least once. */
  public Message(
      String app,
      String resource,
      Instant time,
      Map<String, Value> metrics,
      byte[] body,
      int priority,
      Duration timeToLive) {
    this(app, resource, time, metrics, body, priority, timeToLive, "");
  }

  /** The same from another sender. */
  public Message withSource(String sender) {
    return new Message(app, resource, time, metrics, body, priority, timeToLive, sender, qos);
  }

  /** The same with another {@link #qos}. */
  public Message withQos(int wanted) {
    return new Message(app, resource, time, metrics, body, priority, timeToLive, source, wanted);
  }

  /** Metrics only, default priority, kept for ever. */
  public static Message of(String app, String resource, Instant time, Map<String, Value> metrics) {
    return new Message(app, resource, time, metrics, new byte[0], DEFAULT_PRIORITY, Duration.ZERO);
  }

  /** A body only, kept for ever. */
  public static Message of(String app, String resource, Instant time, byte[] body, int priority) {
    return new Message(app, resource, time, Map.of(), body, priority, Duration.ZERO);
  }

  private static void requireTopicPart(String part, String what) {
    if (part.isEmpty() || part.indexOf('+') >= 0 || part.indexOf('#') >= 0) {
      throw new IllegalArgumentException(
          what + " [" + part + "] must not be empty and must not hold + or #");
    }
  }
}
