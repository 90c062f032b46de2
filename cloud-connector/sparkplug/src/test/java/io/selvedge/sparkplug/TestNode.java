package io.selvedge.sparkplug;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.testkit.Configs;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.BundleContext;

/** The connection with what it needs around it. */
final class TestNode implements AutoCloseable {

  private static final Set<String> NUMBERS =
      Set.of(
          "rebirth.pause.seconds",
          "commit.interval.ms",
          "window",
          "largest.message.kib",
          "longest.pause.seconds",
          "keep.alive.seconds");

  final FakeDevices devices;
  final FakeEvents events = new FakeEvents();
  private final Path directory;
  private final Map<String, Object> config = new HashMap<>();
  private Optional<SparkplugUplink> uplink = Optional.empty();

  TestNode(Path directory, FakeDevices devices, String broker) {
    this.directory = directory;
    this.devices = devices;
    config.put("broker", broker);
    config.put("group.id", "plant");
    config.put("edge.node.id", "gw-1");
    config.put("commit.interval.ms", 5);
    config.put("rebirth.pause.seconds", 0);
  }

  TestNode with(String name, Object value) {
    config.put(name, value);
    return this;
  }

  TestNode start() throws Exception {
    Map<String, Object> readable = new HashMap<>(config);
    readable.keySet().removeAll(NUMBERS);
    uplink =
        Optional.of(
            new SparkplugUplink(
                context(), Configs.of(SparkplugConfig.class, readable), config, devices, events));
    return this;
  }

  private BundleContext context() {
    Map<String, String> properties =
        Map.of(
            "selvedge.gateway.id",
            "gw-1",
            "selvedge.data",
            directory.resolve("data").toString(),
            "selvedge.conf",
            directory.resolve("conf").toString());
    return (BundleContext)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getProperty")) {
                return properties.get((String) arguments[0]);
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }

  SparkplugUplink uplink() {
    return uplink.orElseThrow();
  }

  void awaitSession() {
    Await.until("session; " + events.events, () -> uplink().status().connected());
  }

  /** A row of a device, accepted when this returns. */
  void row(String device, Instant time, Map<String, Value> values) {
    send("DATA-V1", device, time, values);
  }

  void send(String app, String resource, Instant time, Map<String, Value> values) {
    uplink()
        .send(
            new Message(app, resource, time, values, new byte[0], 5, Duration.ZERO, "flow/office"))
        .toCompletableFuture()
        .join();
  }

  void text(String app, String resource, String text) {
    uplink()
        .send(Message.of(app, resource, Instant.now(), text.getBytes(StandardCharsets.UTF_8), 5))
        .toCompletableFuture()
        .join();
  }

  void awaitDelivered() {
    Await.until("delivery; " + events.events, () -> uplink().status().pending() == 0);
  }

  @Override
  public void close() {
    stop();
  }

  /** It may be started again. */
  void stop() {
    uplink.ifPresent(SparkplugUplink::close);
    uplink = Optional.empty();
  }
}
