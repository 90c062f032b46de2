package io.selvedge.mqtt;

import static io.selvedge.mqtt.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selvedge.api.uplink.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that lets a gateway publish some of its messages, by MQTT 5, which can say so. */
class DeniedTopicTest {

  @TempDir Path directory = Path.of("."); // set before each test

  private MosquittoBroker broker(String... rights) throws Exception {
    assumeTrue(
        MosquittoBroker.program().isPresent(),
        "mosquitto is not installed (Debian: apt-get install mosquitto); not tested with it");
    Path folder = Files.createDirectories(directory.resolve("broker"));
    Files.writeString(folder.resolve("rights"), String.join("\n", rights) + "\n");
    return new MosquittoBroker(
        folder,
        MosquittoBroker.program().orElseThrow(),
        "tcp",
        "allow_anonymous true",
        "acl_file " + folder.resolve("rights"));
  }

  private static void send(TestGateway gateway, String app, int priority) {
    gateway
        .uplink()
        .send(Message.of(app, "office", TestGateway.TIME, new byte[10], priority))
        .toCompletableFuture()
        .join();
  }

  @Test
  void setsAsideWhatIsNotAllowedAndGoesOn() throws Exception {
    MosquittoBroker broker = broker("topic readwrite $EDC/#", "topic write acme/+/DATA-V1/#");
    broker.start();
    try (TestGateway gateway = new TestGateway(directory, broker.uri()).with("mqtt.version", "5")) {
      gateway.start().awaitConnected();
      for (int i = 0; i < 50; i++) { // what is denied goes first
        send(gateway, "DECISION-V1", 3);
        send(gateway, "DATA-V1", 5);
      }
      await("delivery", () -> gateway.uplink().status().pending() == 0);
      assertThat(gateway.uplink().status().delivered()).isEqualTo(50);
      assertThat(gateway.uplink().status().dropped()).isEqualTo(Map.of("refused", 50L));
      assertThat(gateway.events("uplink.disconnected")).isZero();
    } finally {
      broker.stop();
    }
  }

  @Test
  void keepsEverythingWhereNothingIsAllowed() throws Exception {
    MosquittoBroker broker = broker("topic read $EDC/#");
    broker.start();
    try (TestGateway gateway = new TestGateway(directory, broker.uri()).with("mqtt.version", "5")) {
      gateway.start();
      send(gateway, "DATA-V1", 5);
      await("refusal", () -> gateway.events("uplink.disconnected") > 0);
      assertThat(gateway.events.toString()).contains("not authorized, when it was sent the birth");
      assertThat(gateway.uplink().status().pending()).isEqualTo(1);
      assertThat(gateway.uplink().status().dropped()).isEmpty();
    } finally {
      broker.stop();
    }
  }

  @Test
  void keepsWhatWaitsWhereNothingButItsBirthIsAllowed() throws Exception {
    MosquittoBroker broker = broker("topic readwrite $EDC/#");
    try (TestGateway gateway = new TestGateway(directory, broker.uri()).with("mqtt.version", "5")) {
      gateway.start();
      int many = 2 * Denials.MOST;
      List<CompletableFuture<?>> accepted = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        accepted.add(
            gateway
                .uplink()
                .send(Message.of("DATA-V1", "office", TestGateway.TIME, new byte[10], 5))
                .toCompletableFuture());
      }
      accepted.forEach(CompletableFuture::join);
      broker.start();
      await(
          "refusal",
          () ->
              gateway.events.stream()
                  .anyMatch(
                      one ->
                          one.code().equals("uplink.disconnected")
                              && one.message().contains("not authorized")));
      assertThat(gateway.uplink().status().pending())
          .as("what there is no room for among the dead letters")
          .isGreaterThan(many / 4);
      assertThat(gateway.uplink().status().delivered()).isZero();
    } finally {
      broker.stop();
    }
  }
}
