package io.selvedge.mqtt;

import static io.selvedge.mqtt.TestGateway.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.uplink.Downloads;
import io.selvedge.protocol.kura.KuraTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDownloadsTest {

  @TempDir Path directory = Path.of("."); // set before each test

  @Test
  void aSessionHearsItsOwnBlocksAndNeitherThoseBeforeNorTheMessages() throws Exception {
    Path folder = Files.createDirectories(directory.resolve("broker"));
    TestBroker broker = new ArtemisBroker(folder);
    broker.start();
    try (TestGateway gateway =
        new TestGateway(directory, broker.uri())
            .with("user", TestBroker.USER)
            .with(".password", TestBroker.PASSWORD)
            .start()) {
      gateway.awaitConnected();
      Downloads downloads = gateway.uplink().downloads().orElseThrow();
      List<String> first = Collections.synchronizedList(new ArrayList<>());
      List<String> second = Collections.synchronizedList(new ArrayList<>());
      String before;
      try (Downloads.Session session = downloads.open(bytes -> first.add(text(bytes)))) {
        before = session.name();
        publish(broker, KuraTopic.files("acme", "gw-1", before), "one");
        await("block", () -> first.size() == 1);
        assertThat(session.ended()).isEmpty();
      }
      try (Downloads.Session session = downloads.open(bytes -> second.add(text(bytes)))) {
        assertThat(session.name()).isNotEqualTo(before);
        publish(broker, KuraTopic.files("acme", "gw-1", before), "late");
        publish(broker, KuraTopic.files("acme", "gw-1", session.name()), "two");
        await("block", () -> !second.isEmpty());
      }
      assertThat(second).containsExactly("two");
      assertThat(first).containsExactly("one");
      assertThat(gateway.uplink().status().connected()).isTrue();
    } finally {
      broker.stop();
    }
  }

  @Test
  void withoutAConnectionForMessagesThereIsNoneForFiles() {
    try (TestGateway gateway = new TestGateway(directory, "tcp://127.0.0.1:1").start()) {
      assertThatThrownBy(() -> gateway.uplink().downloads().orElseThrow().open(bytes -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no connection to the hub");
    }
  }

  @Test
  void someBrokersAllowOneConnectionOnly() {
    for (Map.Entry<String, Boolean> profile :
        Map.of("plain", true, "aws-iot-core", false, "azure-iot-hub", false).entrySet()) {
      Path own = directory.resolve(profile.getKey());
      try (TestGateway gateway =
          new TestGateway(own, "tcp://127.0.0.1:1").with("profile", profile.getKey()).start()) {
        assertThat(gateway.uplink().downloads().isPresent())
            .as(profile.getKey())
            .isEqualTo(profile.getValue());
      }
    }
    try (TestGateway gateway =
        new TestGateway(directory.resolve("shared"), "tcp://127.0.0.1:1")
            .with("files.connection", "shared")
            .start()) {
      assertThat(gateway.uplink().downloads()).isEmpty();
    }
    try (TestGateway gateway =
        new TestGateway(directory.resolve("wrong"), "tcp://127.0.0.1:1")
            .with("files.connection", "two")
            .start()) {
      assertThat(gateway.uplink().downloads()).as("the default counts").isPresent();
      assertThat(gateway.events)
          .anySatisfy(e -> assertThat(e.message()).contains("files.connection [two]"));
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private static void publish(TestBroker broker, String topic, String text) throws Exception {
    MqttAsyncClient hub = new MqttAsyncClient(broker.uri(), "hub-blocks", new MemoryPersistence());
    MqttConnectOptions options = new MqttConnectOptions();
    options.setUserName(TestBroker.USER);
    options.setPassword(TestBroker.PASSWORD.toCharArray());
    hub.connect(options).waitForCompletion();
    hub.publish(topic, text.getBytes(UTF_8), 0, false).waitForCompletion();
    hub.disconnect().waitForCompletion();
    hub.close();
  }
}
