package io.selvedge.hardware.host;

import io.selvedge.api.device.Value;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.Metrics;
import io.selvedge.protocol.kura.PayloadException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** All that a gateway sends, as it arrives at the broker. */
public final class Arrivals implements AutoCloseable {

  /** One value of one channel. */
  public record Arrival(
      long number, long nanos, Instant time, String device, String channel, Value value) {

    /** The number that it is, or nothing where it is none. */
    public Optional<Double> decimal() {
      return value.match(
          d -> Optional.of(d.value()),
          w -> Optional.of((double) w.value()),
          f -> Optional.of(f.value() ? 1.0 : 0.0),
          t -> Optional.empty(),
          m -> Optional.empty());
    }

    @Override
    public String toString() {
      return device + "/" + channel + "=" + value;
    }
  }

  /** One event of the gateway's diary. */
  public record Happened(long number, String code, String source, String message) {}

  private final MqttClient client;
  private final Object lock = new Object();
  private final List<Arrival> arrivals = new ArrayList<>();
  private final List<Happened> events = new ArrayList<>();
  private final Map<String, Arrival> latest = new HashMap<>();
  private long number;

  private Arrivals(MqttClient client) {
    this.client = client;
  }

  public static Arrivals at(Broker broker) throws IOException {
    try {
      MqttClient client =
          new MqttClient(
              "tcp://127.0.0.1:" + broker.port(), "hardware-test", new MemoryPersistence());
      Arrivals arrivals = new Arrivals(client);
      MqttConnectOptions options = new MqttConnectOptions();
      options.setMaxInflight(1000);
      client.connect(options);
      client.subscribe("#", 1, arrivals::take);
      return arrivals;
    } catch (MqttException e) {
      throw new IOException("broker on port [" + broker.port() + "] cannot be used", e);
    }
  }

  private void take(String topic, MqttMessage message) {
    if (!(KuraTopic.parse(topic).orElse(null) instanceof KuraTopic.Data data)) {
      return;
    }
    KuraPayload payload;
    try {
      payload = KuraCodec.decode(message.getPayload());
    } catch (PayloadException e) {
      throw new IllegalStateException("message on [" + topic + "] is no payload", e);
    }
    long now = System.nanoTime();
    synchronized (lock) {
      if (data.app().equals("DATA-V1")) {
        Instant time = payload.timestamp().orElse(Instant.EPOCH);
        Metrics.values(payload.metrics())
            .forEach((channel, value) -> add(now, time, data.resource(), channel, value));
      } else if (data.app().equals("EVENT-V1")) {
        events.add(
            new Happened(
                ++number,
                payload.text("code").orElse(""),
                payload.text("source").orElse(""),
                payload.text("message").orElse("")));
      }
      lock.notifyAll();
    }
  }

  private void add(long nanos, Instant time, String device, String channel, Value value) {
    Arrival arrival = new Arrival(++number, nanos, time, device, channel, value);
    arrivals.add(arrival);
    latest.put(device + "/" + channel, arrival);
  }

  /** A mark: what arrives from now on has a higher number. */
  public long mark() {
    synchronized (lock) {
      return number;
    }
  }

  /** What arrived of a channel since a mark. */
  public List<Arrival> since(long mark, String device, String channel) {
    synchronized (lock) {
      return arrivals.stream()
          .filter(
              a -> a.number() > mark && a.device().equals(device) && a.channel().equals(channel))
          .toList();
    }
  }

  /** The events since a mark. */
  public List<Happened> events(long mark) {
    synchronized (lock) {
      return events.stream().filter(e -> e.number() > mark).toList();
    }
  }

  /** The last value of a channel. */
  public Optional<Arrival> latest(String device, String channel) {
    synchronized (lock) {
      return Optional.ofNullable(latest.get(device + "/" + channel));
    }
  }

  /** How many values have arrived. */
  public int count() {
    synchronized (lock) {
      return arrivals.size();
    }
  }

  /** Waits for a value since a mark; empty where none comes in time. */
  public Optional<Arrival> await(
      long mark, String device, String channel, Duration patience, Predicate<Arrival> wanted)
      throws InterruptedException {
    return await(
        patience,
        () ->
            arrivals.stream()
                .filter(
                    a ->
                        a.number() > mark
                            && a.device().equals(device)
                            && a.channel().equals(channel)
                            && wanted.test(a))
                .findFirst());
  }

  /** Waits for an event since a mark; empty where none comes in time. */
  public Optional<Happened> awaitEvent(long mark, Duration patience, Predicate<Happened> wanted)
      throws InterruptedException {
    return await(
        patience,
        () -> events.stream().filter(e -> e.number() > mark && wanted.test(e)).findFirst());
  }

  private <T> Optional<T> await(Duration patience, Look<T> look) throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    synchronized (lock) {
      while (true) {
        Optional<T> found = look.look();
        long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        if (found.isPresent() || left <= 0) {
          return found;
        }
        lock.wait(left);
      }
    }
  }

  private interface Look<T> {
    Optional<T> look();
  }

  @Override
  public void close() throws IOException {
    try {
      client.disconnectForcibly(1000, 1000);
      client.close(true);
    } catch (MqttException e) {
      throw new IOException("broker cannot be left", e);
    }
  }
}
