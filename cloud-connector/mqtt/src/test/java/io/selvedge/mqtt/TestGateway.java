package io.selvedge.mqtt;

import io.selvedge.api.device.Value;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.Message;
import io.selvedge.testkit.Configs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/** An uplink with what it needs around it. */
final class TestGateway implements AutoCloseable {

  static final Instant TIME = Instant.parse("2015-02-02T14:19:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final FakeFramework framework = new FakeFramework();
  final List<Event> events = new CopyOnWriteArrayList<>();
  private static final AtomicReference<String> LAST = new AtomicReference<>("");

  private final Map<String, Object> config = new HashMap<>();
  private Optional<MqttUplink> uplink = Optional.empty();

  TestGateway(Path directory, String broker) {
    framework.property("selvedge.gateway.id", "gw-1");
    framework.property("selvedge.account", "acme");
    framework.property("selvedge.version", "0.1.0");
    framework.property("selvedge.data", directory.resolve("data").toString());
    framework.property("selvedge.conf", directory.resolve("conf").toString());
    config.put("broker", broker);
    config.put("commit.interval.ms", 5);
    framework.register(Events.class, new Diary(), Map.of());
  }

  private final class Diary implements Events {
    @Override
    public void report(Event.Severity severity, String source, String code, String message) {
      events.add(new Event(Instant.EPOCH, severity, source, code, message));
      LAST.set(message);
    }

    @Override
    public List<Event> recent(int most) {
      return List.copyOf(events);
    }
  }

  TestGateway with(String name, Object value) {
    config.put(name, value);
    return this;
  }

  TestGateway start() {
    uplink = Optional.of(new MqttUplink(framework.context(), readable(), config));
    return this;
  }

  /** As the framework gives it: what is no number throws when it is asked for, so nobody may. */
  private MqttConfig readable() {
    Map<String, Object> texts = new HashMap<>(config);
    texts.values().removeIf(value -> !(value instanceof String));
    texts
        .keySet()
        .retainAll(
            Set.of(
                "broker",
                "user",
                "password.file",
                "ca.file",
                ".password",
                "outbox.when.full",
                "outbox.thin.interval",
                "outbox.shares",
                "link",
                "link.schedule",
                "payload.encoding",
                "display.name",
                "position",
                "client.id",
                "client.certificate.file",
                "client.key.file",
                "profile",
                "mqtt.version",
                "topic.control-prefix",
                "files.connection",
                "account"));
    return Configs.of(MqttConfig.class, texts);
  }

  MqttUplink uplink() {
    return uplink.orElseThrow();
  }

  /** Ends when it is on disk. */
  long send(int number, int size) {
    return uplink()
        .send(
            new Message(
                "DATA-V1",
                "office",
                TIME.plusSeconds(number),
                Map.of("number", Value.of((long) number)),
                new byte[size],
                5,
                Duration.ZERO))
        .toCompletableFuture()
        .join();
  }

  long events(String code) {
    return events.stream().filter(event -> event.code().equals(code)).count();
  }

  void awaitConnected() {
    await("connection", () -> uplink().status().connected());
  }

  static void await(String what, BooleanSupplier condition) {
    await(what, PATIENCE, condition);
  }

  static void await(String what, Duration patience, BooleanSupplier condition) {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("no " + what + " within " + patience + "; " + LAST.get());
      }
      pause(10);
    }
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    uplink.ifPresent(MqttUplink::close);
    uplink = Optional.empty();
  }
}
