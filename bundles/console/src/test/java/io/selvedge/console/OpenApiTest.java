package io.selvedge.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.console.http.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenApiTest {

  private static final Set<String> VERBS = Set.of("get", "post", "put", "delete", "patch");

  @TempDir Path data;

  @SuppressWarnings("NullAway.Init") // made anew before each test
  Bench bench;

  @SuppressWarnings("NullAway.Init") // read anew before each test
  JsonNode described;

  @BeforeEach
  void make() throws Exception {
    bench = new Bench(data);
    described = Bench.json(bench.get("/openapi.json"));
  }

  @Test
  void describesEveryRouteAndNothingElse() {
    Set<String> there = new TreeSet<>();
    bench.router.routes().forEach(route -> there.add(route.method() + " " + route.template()));
    Set<String> told = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : described.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> member : path.getValue().properties()) {
        if (VERBS.contains(member.getKey())) {
          told.add(member.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
        }
      }
    }

    assertThat(told).isEqualTo(there);
  }

  @Test
  void saysWhichRoutesNeedNoSignIn() {
    for (Route route : bench.router.routes()) {
      JsonNode operation = operation(route);
      boolean open = operation.has("security") && operation.path("security").isEmpty();

      assertThat(open)
          .as(route.method() + " " + route.template())
          .isEqualTo(route.access() != Route.Access.SIGNED_IN);
    }
  }

  @Test
  void namesThePartsOfEachPath() {
    for (Map.Entry<String, JsonNode> path : described.path("paths").properties()) {
      Set<String> wanted = new TreeSet<>();
      Pattern.compile("\\{(\\w+)}")
          .matcher(path.getKey())
          .results()
          .forEach(part -> wanted.add(part.group(1)));
      Set<String> told = new TreeSet<>();
      for (JsonNode parameter : path.getValue().path("parameters")) {
        told.add(resolve(parameter).path("name").asText());
      }

      assertThat(told).as(path.getKey()).isEqualTo(wanted);
    }
  }

  @Test
  void everyReferenceLeadsSomewhereAndEveryOperationHasAnIdOfItsOwn() {
    List<String> references = described.findValuesAsText("$ref");
    assertThat(references).isNotEmpty();
    for (String reference : references) {
      assertThat(described.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
    assertThat(described.path("paths").findValuesAsText("operationId"))
        .doesNotHaveDuplicates()
        .hasSize(bench.router.routes().size());
  }

  @Test
  void answersHaveTheMembersThatAreDescribed() throws Exception {
    bench.signedIn();
    check("/api/status", "Status", "");
    check("/api/devices", "Device", "devices");
    check("/api/models", "ModelRef", "models");
    check("/api/events", "Event", "events");
    check("/health/ready", "Check", "checks");
    check("/api/distribution", "Distribution", "");
    check("/api/distribution", "DistributionLine", "flows");
    check("/api/distribution", "UplinkLedger", "uplinks");
    check("/api/distribution/messages", "Delivery", "messages");
    check("/api/outbox", "Outbox", "");
    check("/api/outbox", "OutboxSource", "sources");
    check("/api/outbox/dead-letters", "DeadLetter", "letters");
    check("/api/outbox/dead-letters/17", "DeadLetterContent", "");
    bench.services.deployment.trial(
        TrialStatus.Phase.LIVE, TrialStatus.Verdict.FAILED, "trial.agreement");
    check("/api/deployment", "Deployment", "");
    check("/api/deployment/history", "PastDeployment", "history");
    check("/api/deployment/keys", "TrustedKey", "keys");
    check("/api/snapshots", "Snapshot", "snapshots");
    long id = Bench.json(bench.get("/api/snapshots")).path("snapshots").path(1).path("id").asLong();
    check("/api/snapshots/" + id + "/diff", "SnapshotDiff", "");
  }

  private void check(String path, String schema, String list) throws Exception {
    JsonNode answer = Bench.json(bench.get(path));
    JsonNode one = list.isEmpty() ? answer : answer.path(list).path(0);
    JsonNode wanted = described.path("components").path("schemas").path(schema);

    assertThat(one.isObject()).as(path).isTrue();
    for (JsonNode name : wanted.path("required")) {
      assertThat(one.has(name.asText())).as(path + " " + name).isTrue();
    }
    if (!schema.equals("ModelRef")) {
      one.fieldNames()
          .forEachRemaining(
              name ->
                  assertThat(wanted.path("properties").has(name)).as(path + " " + name).isTrue());
    }
  }

  private JsonNode operation(Route route) {
    return described
        .path("paths")
        .path(route.template())
        .path(route.method().toLowerCase(Locale.ROOT));
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? described.at(node.path("$ref").asText().substring(1)) : node;
  }
}
