package io.selvedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.uplink.Message;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL that is there and says nothing, while a gateway sends more than the heap holds. */
class HangingStoreTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final int MESSAGES = 450;
  private static final int HEAP = 192; // MB, of which the broker may use 64
  private static final int BYTES = 400_000; // 180 MB in all

  @Test
  void whatComesMeanwhileWaitsOnDiskAndIsStoredAfterwards(@TempDir Path folder) throws Exception {
    assumeThat(Debian.program("initdb")).as("needs the package postgresql").isPresent();
    try (Debian postgres = Debian.postgres();
        HubProcess hub =
            new HubProcess(
                    folder.resolve("hub"),
                    HEAP,
                    "--mqtt",
                    "127.0.0.1:0",
                    "--store",
                    "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres",
                    "--store-user",
                    "hub")
                .awaitReady()) {
      String password = hub.post("/api/v1/gateways", "{\"id\": \"gw\"}").get("password").asText();
      try (FakeGateway gateway = FakeGateway.born(hub.mqtt(), "gw", password)) {
        AtomicInteger sent = new AtomicInteger();
        send(gateway, sent, 10);
        hub.await("/api/v1/gateways/gw", HangingStoreTest::stored10);

        postgres.pause(true);
        try {
          send(gateway, sent, MESSAGES); // each is acknowledged, whatever the store does
        } catch (MqttException e) {
          throw new AssertionError("after " + sent + " messages: " + hub.said(), e);
        }
        assertThat(hub.running()).isTrue();
        postgres.pause(false);
      }
      JsonNode after =
          hub.await("/api/v1/gateways/gw", g -> g.at("/counts/BULK-V1/stored").asInt() >= MESSAGES);
      assertThat(after.at("/counts/BULK-V1/stored").asInt()).isEqualTo(MESSAGES);
      assertThat(after.at("/counts/BULK-V1/refused").asInt()).isZero();
      hub.await("/health/ready", ready -> ready.get("ready").asBoolean());
    }
  }

  private static boolean stored10(JsonNode gateway) {
    return gateway.at("/counts/BULK-V1/stored").asInt() == 10;
  }

  private static void send(FakeGateway gateway, AtomicInteger sent, int until) throws Exception {
    byte[] body = new byte[BYTES];
    while (sent.get() < until) {
      int number = sent.getAndIncrement();
      new Random(number).nextBytes(body);
      gateway.send(Message.of("BULK-V1", "x", NOON, body, 5), "box", number);
    }
  }
}
