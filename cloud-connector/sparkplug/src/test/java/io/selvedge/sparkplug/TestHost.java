package io.selvedge.sparkplug;

import io.selvedge.mqtt.client.Connection;
import io.selvedge.mqtt.client.ConnectionListener;
import io.selvedge.mqtt.client.ConnectionOptions;
import io.selvedge.sparkplug.payload.Metric;
import io.selvedge.sparkplug.payload.Payload;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/** A host application: hears all of the group, says whether it is online, sends commands. */
final class TestHost implements AutoCloseable {

  private final Connection connection;
  final List<ConnectionListener.Incoming> heard = new CopyOnWriteArrayList<>();

  TestHost(int port) throws Exception {
    connection =
        Connection.open(
            ConnectionOptions.of(
                "host", URI.create("tcp://127.0.0.1:" + port), "host-" + System.nanoTime()),
            new ConnectionListener() {
              @Override
              public void arrived(Incoming message) {
                heard.add(message);
              }

              @Override
              public void lost(String reason) {
                // the test ends it
              }
            });
    connection.subscribe("spBv1.0/plant/#", 1);
  }

  void state(String host, boolean online, long timestamp) throws Exception {
    state(host, "{\"online\":" + online + ",\"timestamp\":" + timestamp + "}");
  }

  void state(String host, String json) throws Exception {
    connection.publishAndWait(
        "spBv1.0/STATE/" + host, json.getBytes(StandardCharsets.UTF_8), 1, true);
  }

  void command(String topic, Metric... metrics) throws Exception {
    Payload payload =
        new Payload(
            OptionalLong.of(System.currentTimeMillis()), OptionalInt.empty(), List.of(metrics));
    raw(topic, payload.bytes());
  }

  void raw(String topic, byte[] payload) throws Exception {
    connection.publishAndWait(topic, payload, 0, false);
  }

  long count(String type) {
    return heard.stream().filter(one -> one.topic().split("/", -1)[2].equals(type)).count();
  }

  @Override
  public void close() {
    connection.close();
  }
}
