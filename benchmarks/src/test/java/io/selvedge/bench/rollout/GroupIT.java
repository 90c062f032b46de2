package io.selvedge.bench.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.bench.BenchGateway;
import io.selvedge.bench.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A document for a group, from a shipped hub to shipped gateways that were enrolled as people do.
 */
class GroupIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path work = Path.of("."); // set before each test

  private final Path source = Path.of(System.getProperty("selvedge.test.source", ""));

  @Test
  void aGroupsDocumentIsTakenByAMemberAndRefusedByWhoIsNone() throws Exception {
    try (FleetHub hub = new FleetHub(source, work)) {
      Path member = enrolled(hub, "gw-1", "line-a");
      Path other = enrolled(hub, "gw-2", "line-b");
      try (BenchGateway first = BenchGateway.start(source, member, "");
          BenchGateway second = BenchGateway.start(source, other, "")) {
        assertThat(first.port()).isNotEqualTo(second.port());
        // The hub takes it for a member; the gateway knows better.
        JsonNode moved =
            hub.put("/api/v1/gateways/gw-2/groups", groups(FleetHub.object(), "line-a"));
        assertThat(moved.path("groups").toString()).isEqualTo("[\"line-a\"]");
        hub.register(
            "CONFIGURATION",
            "extra",
            "1",
            Map.of("org.example.extra.cfg", "x = 1\n".getBytes(StandardCharsets.UTF_8)));
        ObjectNode body = FleetHub.object().put("group", "line-a").put("exactly", true);
        body.putArray("artifacts").addObject().put("kind", "CONFIGURATION").put("name", "extra");
        JsonNode issued = hub.post("/api/v1/deployments", body);
        assertThat(issued.path("gateways").toString()).isEqualTo("[\"gw-1\",\"gw-2\"]");

        JsonNode taken = ended(hub, "gw-1");
        assertThat(taken.at("/reported/deployment/state").asText()).isEqualTo("ACTIVE");
        assertThat(member.resolve("conf/org.example.extra.cfg")).hasContent("x = 1");
        JsonNode refused = ended(hub, "gw-2");
        assertThat(refused.at("/reported/deployment/state").asText()).isEqualTo("REFUSED");
        assertThat(refused.at("/reported/deployment/code").asText())
            .isEqualTo("deployment.not_for_this_gateway");
        assertThat(other.resolve("conf/org.example.extra.cfg")).doesNotExist();

        hub.register(
            "CONFIGURATION",
            "own",
            "1",
            Map.of("org.example.own.cfg", "y = 2\n".getBytes(StandardCharsets.UTF_8)));
        ObjectNode alone = FleetHub.object().put("gateway", "gw-2");
        alone.putArray("artifacts").addObject().put("kind", "CONFIGURATION").put("name", "own");
        hub.post("/api/v1/deployments", alone);
        Waiting.until(
            PATIENCE,
            "gw-2 runs its own",
            () -> {
              Thread.sleep(200);
              return Files.exists(other.resolve("conf/org.example.own.cfg"));
            });
        assertThat(other.resolve("conf/org.example.extra.cfg"))
            .as("the group's content under its own name")
            .doesNotExist();
      }
    }
  }

  private static JsonNode ended(FleetHub hub, String gateway)
      throws IOException, InterruptedException {
    Waiting.until(
        PATIENCE,
        gateway + " said what became of it",
        () -> {
          Thread.sleep(200);
          return hub.get("/api/v1/gateways/" + gateway + "/deployment")
              .at("/reported/deployment/state")
              .asText()
              .matches("ACTIVE|REFUSED|REVERTED");
        });
    return hub.get("/api/v1/gateways/" + gateway + "/deployment");
  }

  private static ObjectNode groups(ObjectNode body, String group) {
    body.putArray("groups").add(group);
    return body;
  }

  private Path enrolled(FleetHub hub, String id, String group)
      throws IOException, InterruptedException {
    Path instance = work.resolve(id);
    BenchGateway.prepare(source, instance);
    JsonNode answer = hub.post("/api/v1/gateways", groups(FleetHub.object().put("id", id), group));
    Enrolment.enrol(
        source.resolve("distribution/gateway/target/selvedge-gateway/bin/selvedge"),
        instance,
        answer);
    return instance;
  }
}
