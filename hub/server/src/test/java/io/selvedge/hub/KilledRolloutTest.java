package io.selvedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.testkit.Ports;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hubs that are killed at any point of rollouts: nothing is issued twice, and nothing forgotten.
 */
class KilledRolloutTest {

  private static final int GATEWAYS = 6;
  private static final String END = "FINISHED|PAUSED|STOPPED";

  private final Map<String, FakeInstaller> fleet = new LinkedHashMap<>();
  private final Random random = new Random(11);

  private static String fault(Artifact artifact) {
    return artifact.version().equals("bad") ? "trial.agreement" : "";
  }

  private void connect(HubProcess hub, String broker) throws Exception {
    for (int i = 1; i <= GATEWAYS; i++) {
      String id = "gw-" + i;
      String password =
          hub.post("/api/v1/gateways", "{\"id\": \"" + id + "\"}").get("password").asText();
      fleet.put(id, new FakeInstaller(broker, id, password, KilledRolloutTest::fault));
    }
    hub.await(
        "/api/v1/gateways",
        all ->
            StreamSupport.stream(all.get("gateways").spliterator(), false)
                .allMatch(one -> one.get("state").asText().equals("ONLINE")));
    for (String version : List.of("1", "2", "bad")) {
      byte[] bytes = ("flow " + version).getBytes(StandardCharsets.UTF_8);
      String sha256 = hub.send("/api/v1/files", bytes).get("sha256").asText();
      hub.post(
          "/api/v1/artifacts",
          String.format(
              "{\"kind\": \"FLOW\", \"name\": \"f\", \"version\": \"%s\", \"files\": [{\"path\":"
                  + " \"flow.json\", \"sha256\": \"%s\"}]}",
              version, sha256));
    }
  }

  private static long rollout(HubProcess hub, String version) throws Exception {
    return hub.post(
            "/api/v1/rollouts",
            String.format(
                "{\"name\": \"to %s\", \"fleet\": {}, \"artifacts\": [{\"kind\": \"FLOW\", \"name\":"
                    + " \"f\", \"version\": \"%s\"}], \"groups\": [{\"name\": \"canary\","
                    + " \"count\": 1, \"figures\": {\"min_agreement\": 0.9}}, {\"count\": 2},"
                    + " {\"rest\": true}]}",
                version, version))
        .get("id")
        .asLong();
  }

  /** Kills one of the hubs after any time while the rollout goes on; its last state. */
  private String killUntilItEnds(long id, List<HubProcess> hubs, int kills) throws Exception {
    for (int kill = 0; kill < kills; kill++) {
      HubProcess victim = hubs.get(kill % hubs.size());
      TimeUnit.MILLISECONDS.sleep(random.nextInt(700));
      victim.kill();
      victim.restart();
      victim.awaitReady();
    }
    return hubs.get(0)
        .await("/api/v1/rollouts/" + id, one -> one.get("state").asText().matches(END))
        .get("state")
        .asText();
  }

  private static List<String> path(HubProcess hub, long id, String subject) throws Exception {
    List<String> path = new ArrayList<>();
    for (JsonNode one : hub.get("/api/v1/rollouts/" + id + "/events").get("events")) {
      if (one.get("subject").asText().equals(subject)) {
        path.add(one.get("to").asText());
      }
    }
    return path;
  }

  /** A good one, a bad one and the way back, each with so many kills. */
  private void survives(List<HubProcess> hubs, int kills) throws Exception {
    HubProcess hub = hubs.get(0);
    long good = rollout(hub, "1");
    assertThat(killUntilItEnds(good, hubs, kills)).isEqualTo("FINISHED");
    assertThat(path(hub, good, ""))
        .containsExactly("CREATING", "READY", "STARTING", "RUNNING", "FINISHED");
    for (Map.Entry<String, FakeInstaller> one : fleet.entrySet()) {
      assertThat(path(hub, good, "gateway/" + one.getKey()))
          .as(one.getKey())
          .startsWith("ISSUED")
          .endsWith("DONE")
          .doesNotHaveDuplicates();
      assertThat(one.getValue().revisions()).as(one.getKey()).containsExactly(1L);
    }

    long bad = rollout(hub, "bad");
    assertThat(killUntilItEnds(bad, hubs, kills / 2)).isEqualTo("PAUSED");
    assertThat(path(hub, bad, "gateway/gw-1")).endsWith("FAILED");
    fleet.forEach(
        (id, one) -> {
          List<Long> seen = id.equals("gw-1") ? List.of(1L, 2L) : List.of(1L);
          assertThat(one.revisions()).as("not past the canary: " + id).isEqualTo(seen);
        });
    hub.post("/api/v1/rollouts/" + bad + "/abort", "{\"by\": \"anna\"}");
    assertThat(killUntilItEnds(bad, hubs, 1)).isEqualTo("STOPPED");

    long next = rollout(hub, "2");
    assertThat(killUntilItEnds(next, hubs, 1)).isEqualTo("FINISHED");
    hub.post("/api/v1/rollouts/" + next + "/abort", "{\"take_back\": true}");
    assertThat(killUntilItEnds(next, hubs, kills / 2)).isEqualTo("STOPPED");
    hub.await("/api/v1/rollouts/" + next, one -> one.at("/counts/TAKEN_BACK").asInt() == GATEWAYS);
    for (FakeInstaller one : fleet.values()) {
      assertThat(one.broken()).isEmpty();
    }
    for (JsonNode one : hub.get("/api/v1/gateways").get("gateways")) {
      assertThat(one.at("/reported/artifacts/0/version").asText()).isEqualTo("1");
    }
  }

  private void disconnect() {
    fleet.values().forEach(FakeInstaller::close);
  }

  @Test
  void oneHubWithEverythingEmbedded(@TempDir Path folder) throws Exception {
    int port = Ports.free();
    try (HubProcess hub =
        new HubProcess(folder.resolve("hub"), "--mqtt", "127.0.0.1:" + port).awaitReady()) {
      connect(hub, "tcp://127.0.0.1:" + port);
      survives(List.of(hub), 6);
    } finally {
      disconnect();
    }
  }

  @Test
  void twoHubsOnOneBrokerAndOneDatabase(@TempDir Path folder) throws Exception {
    assumeThat(Debian.program("initdb")).as("needs the package postgresql").isPresent();
    assumeThat(Debian.program("mosquitto")).as("needs the package mosquitto").isPresent();
    try (Debian postgres = Debian.postgres();
        Debian mosquitto = Debian.mosquitto("max_queued_messages 0");
        HubProcess a = HubProcess.sharing(folder.resolve("a"), mosquitto, postgres).awaitReady()) {
      for (String directory : List.of("auth", "keys")) {
        Path target = Files.createDirectories(folder.resolve("b").resolve(directory));
        try (Stream<Path> files = Files.list(folder.resolve("a").resolve(directory))) {
          for (Path file : files.toList()) {
            Files.copy(file, target.resolve(file.getFileName()));
          }
        }
      }
      try (HubProcess b =
          HubProcess.sharing(folder.resolve("b"), mosquitto, postgres).awaitReady()) {
        connect(a, "tcp://127.0.0.1:" + mosquitto.port());
        survives(List.of(a, b), 4);
        TreeSet<String> who = new TreeSet<>();
        for (JsonNode one : a.get("/api/v1/rollouts/1/events").get("events")) {
          who.add(one.get("who").asText());
        }
        assertThat(who).contains("administrator").hasSizeGreaterThanOrEqualTo(2);
      } finally {
        disconnect();
      }
    }
  }
}
