package io.selvedge.hub;

import static io.selvedge.hub.FakeGateway.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.hub.link.Endpoint;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What outlives a hub. */
class RestartTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final String TRAIN =
      """
      {"model": "%s", "gateway": "gw-1", "inputs": {"t": "hall/temperature"},
       "label": "hall/door", "outputs": ["shut", "open"],
       "features": [{"name": "t", "of": "t", "op": "last"}]}""";

  @Test
  void everythingButTheRunThatWasCutOff(@TempDir Path data) throws Exception {
    try (TestHub hub = new TestHub(FakeTraining.in(HubOptions.embedded(data, 0, 0)))) {
      outlives(hub, gateway -> hub.restart());
    }
  }

  @Test
  void theSameWithPostgres(@TempDir Path data) throws Exception {
    assumeThat(Debian.program("initdb")).as("needs the package postgresql").isPresent();
    try (Debian postgres = Debian.postgres()) {
      try (TestHub hub = new TestHub(FakeTraining.in(with(data, postgres)))) {
        outlives(hub, gateway -> hub.restart());
      }
    }
  }

  @Test
  void whileTheDatabaseIsAwayTheBrokerKeepsWhatArrives(@TempDir Path data) throws Exception {
    assumeThat(Debian.program("initdb")).as("needs the package postgresql").isPresent();
    try (Debian postgres = Debian.postgres()) {
      try (TestHub hub = new TestHub(with(data, postgres))) {
        FakeGateway gateway = FakeGateway.born(hub.mqtt(), "gw-1", hub.enrol("gw-1"));
        gateway.send(row("hall", NOON, 0), "box", 0);
        hub.await("/api/v1/measurements/count", c -> c.get("rows").asInt() == 1);

        postgres.kill();
        for (int i = 1; i <= 20; i++) {
          gateway.send(row("hall", NOON.plusSeconds(i), i), "box", i); // taken all the same
        }
        hub.await("/health/ready", h -> !h.get("ready").asBoolean());
        postgres.restart();

        hub.await("/health/ready", h -> h.get("ready").asBoolean());
        hub.await("/api/v1/measurements/count", c -> c.path("rows").asInt() == 21);
        gateway.close();
      }
    }
  }

  @Test
  void theSameWithAnotherBroker(@TempDir Path data) throws Exception {
    assumeThat(Debian.program("mosquitto")).as("needs the package mosquitto").isPresent();
    try (Debian mosquitto = Debian.mosquitto()) {
      HubOptions usual = HubOptions.embedded(data, 0, 0);
      HubOptions.Broker broker =
          new HubOptions.Broker.External(
              new Endpoint("tcp://127.0.0.1:" + mosquitto.port(), "", ""));
      try (TestHub hub =
          new TestHub(
              FakeTraining.in(
                  new HubOptions(
                      data,
                      usual.http(),
                      broker,
                      usual.store(),
                      "selvedge",
                      Optional.empty(),
                      List.of())))) {
        hub.await("/health/ready", h -> h.get("ready").asBoolean());
        outlives(
            hub,
            gateway -> {
              // Its broker goes on, and tells of this end only where the hub is there to hear it.
              gateway.vanish();
              hub.await("/api/v1/gateways/gw-1", g -> g.get("state").asText().equals("LOST"));
              hub.restart();
            });
      }
    }
  }

  /** With its own broker, the hub's end is what cuts the gateway off. */
  private interface Restart {
    void run(FakeGateway gateway) throws Exception;
  }

  private static void outlives(TestHub hub, Restart restart) throws Exception {
    JsonNode enrolled = hub.post("/api/v1/gateways", "{\"id\": \"gw-1\"}").json();
    String password = enrolled.get("password").asText();
    FakeGateway gateway = FakeGateway.born(hub.mqtt(), "gw-1", password);
    for (int i = 0; i < 100; i++) {
      gateway.send(row("hall", NOON.plusSeconds(i), i), "box", i);
    }
    String token = hub.token();
    hub.await("/api/v1/measurements/count", c -> c.get("rows").asInt() > 0);
    long done = hub.post("/train", TRAIN.formatted("m")).json().get("id").asLong();
    hub.await("/api/v1/trainings/" + done, t -> t.get("state").asText().equals("DONE"));
    hub.post(
        "/api/v1/deployments",
        "{\"gateway\": \"gw-1\", \"artifacts\": [{\"kind\": \"MODEL\", \"name\": \"m\"}]}");
    long cut = hub.post("/train", TRAIN.formatted("endless")).json().get("id").asLong();
    hub.await("/api/v1/trainings/" + cut, t -> t.get("progress").asDouble() == 0.5);
    long waiting = hub.post("/train", TRAIN.formatted("m")).json().get("id").asLong();

    restart.run(gateway);

    assertThat(hub.token()).isEqualTo(token);
    assertThat(hub.get("/api/v1/gateways/gw-1").json().get("state").asText())
        .isNotEqualTo("ONLINE");
    // The last rows were taken by the broker, perhaps not yet by the store: none is lost.
    hub.await("/api/v1/measurements/count", c -> c.get("rows").asInt() == 100);
    assertThat(hub.get("/api/v1/trainings/" + cut).json().get("code").asText())
        .isEqualTo("training.interrupted");
    hub.await("/api/v1/trainings/" + waiting, t -> t.get("state").asText().equals("DONE"));
    try (FakeGateway again = FakeGateway.born(hub.mqtt(), "gw-1", password)) {
      again.send(row("hall", NOON.plusSeconds(99), 99), "box", 99); // came already
      again.send(row("hall", NOON.plusSeconds(100), 100), "box", 100);
      hub.await("/api/v1/measurements/count", c -> c.get("rows").asInt() == 101);
      Request get = new Request(Method.GET, "desired", Map.of(), new byte[0]);
      SignedEnvelope envelope = SignedEnvelope.parse(again.ask("TWIN-V1", get).body());
      assertThat(
              DeploymentDocument.verify(
                      envelope, List.of(Keys.publicKey(enrolled.get("publicKey").asText())))
                  .revision())
          .isEqualTo(1);
    }
    gateway.close();
  }

  @Test
  void oneDirectoryIsForOneHub(@TempDir Path data) throws Exception {
    try (TestHub first = new TestHub(data)) {
      assertThatThrownBy(() -> Hub.start(HubOptions.embedded(data, 0, 0), Clock.systemUTC()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use by another hub");
      assertThat(first.get("/health/ready").status()).isEqualTo(200);

      int taken = java.net.URI.create(first.mqtt()).getPort();
      Path other = Files.createDirectory(data.resolve("other"));
      assertThatThrownBy(() -> Hub.start(HubOptions.embedded(other, 0, taken), Clock.systemUTC()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("--mqtt");
      int http = java.net.URI.create(first.http()).getPort();
      assertThatThrownBy(() -> Hub.start(HubOptions.embedded(other, http, 0), Clock.systemUTC()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("--http");
    }
  }

  private static HubOptions with(Path data, Debian postgres) {
    HubOptions usual = HubOptions.embedded(data, 0, 0);
    HubOptions.Store store =
        new HubOptions.Store.External(
            "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres",
            Optional.of("hub"),
            Optional.empty());
    return new HubOptions(
        data, usual.http(), usual.broker(), store, "selvedge", Optional.empty(), List.of());
  }
}
