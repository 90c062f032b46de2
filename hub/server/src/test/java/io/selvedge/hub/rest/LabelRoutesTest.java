package io.selvedge.hub.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.uplink.Reply;
import io.selvedge.hub.FakeGateway;
import io.selvedge.hub.FakeGateway.Heard;
import io.selvedge.hub.TestHub;
import io.selvedge.hub.TestHub.Answer;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraTopic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelRoutesTest {

  private static final String LABELS =
      "{\"labels\":[{\"flow\":\"f\",\"time\":\"2026-01-31T12:00:00Z\",\"label\":\"full\"}]}";
  private static final String PATH = "/api/v1/gateways/gw-1/labels";

  private static String answered(FakeGateway gateway, Reply reply) throws Exception {
    Heard heard = gateway.hear();
    while (!heard.topic().endsWith("/labels")) {
      heard = gateway.hear(); // its own birth
    }
    Calls.Correlation who = Calls.correlation(heard.payload()).orElseThrow();
    gateway.publish(
        new KuraTopic.Answer(FakeGateway.ACCOUNT, who.requester(), "MODEL-V1", who.requestId())
            .topic(),
        Calls.payload(reply, Instant.now()));
    return heard.topic() + " " + new String(heard.payload().body(), StandardCharsets.UTF_8);
  }

  @Test
  void labelsGoToTheGatewayAndItsAnswerComesBack(@TempDir Path data) throws Exception {
    try (TestHub hub = new TestHub(data)) {
      String password = hub.enrol("gw-1");
      try (FakeGateway gateway = FakeGateway.born(hub.mqtt(), "gw-1", password)) {
        hub.await("/api/v1/gateways/gw-1", one -> one.get("state").asText().equals("ONLINE"));
        CompletableFuture<Answer> asked = asked(hub);
        assertThat(answered(gateway, Reply.ok("{\"taken\": 1, \"unknown\": 0}")))
            .isEqualTo("$EDC/selvedge/gw-1/MODEL-V1/PUT/labels " + LABELS);
        assertThat(asked.get().json().get("taken").asInt()).isEqualTo(1);

        asked = asked(hub);
        String unused = answered(gateway, Reply.error(404, "no models here"));
        assertThat(asked.get().status()).isEqualTo(404);
        assertThat(asked.get().json().get("message").asText()).isEqualTo("no models here");
      }
      assertThat(hub.post(PATH, "{\"labels\": [{\"flow\": \"f\"}]}").status()).isEqualTo(400);
      assertThat(hub.post(PATH.replace("gw-1", "gw-2"), LABELS).status()).isEqualTo(404);
    }
  }

  private static CompletableFuture<Answer> asked(TestHub hub) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return hub.post(PATH, LABELS);
          } catch (Exception e) { // told by the future
            throw new IllegalStateException(e);
          }
        });
  }
}
