package io.selvedge.console.rest;

import static io.selvedge.console.Bench.json;
import static io.selvedge.console.Bench.refusal;
import static io.selvedge.console.Bench.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.Value;
import io.selvedge.api.event.Event;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.flow.FlowStatus;
import io.selvedge.console.Bench;
import io.selvedge.console.FakeServices;
import io.selvedge.console.http.Answer;
import io.selvedge.console.service.Readiness;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {

  @TempDir Path data;

  @SuppressWarnings("NullAway.Init") // made anew before each test
  Bench bench;

  @BeforeEach
  void make() throws Exception {
    bench = new Bench(data).signedIn();
  }

  @Test
  void readyNeedsAllChecksToHold() throws Exception {
    Readiness.Check good = new Readiness.Check("devices", true, "all up");
    Readiness.Check bad = new Readiness.Check("uplink", false, "no [uplink] yet");

    bench.services.checks(List.of(good));
    assertThat(bench.get("/health/ready").status()).isEqualTo(200);

    bench.services.checks(List.of(good, bad));
    Answer answer = bench.get("/health/ready");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(json(answer).path("ready").booleanValue()).isFalse();
    assertThat(json(answer).path("checks").path(1).path("message").asText())
        .isEqualTo("no [uplink] yet");
  }

  @Test
  void whereNothingIsCheckedNothingIsReady() throws Exception {
    bench.services.checks(List.of());
    assertThat(bench.get("/health/ready").status()).isEqualTo(503);

    bench.services.takeAway();
    assertThat(bench.get("/health/ready").status()).isEqualTo(503);
  }

  @Test
  void theStatusTellsOfUplinkAndDeployment() throws Exception {
    JsonNode status = json(bench.get("/api/status"));

    assertThat(status.path("id").asText()).isEqualTo("gw-1");
    assertThat(status.path("uplink").path("pending").longValue()).isEqualTo(10);
    assertThat(status.path("uplink").path("dropped").path("expired").longValue()).isEqualTo(3);
    assertThat(status.path("deployment").path("revision").longValue()).isEqualTo(3);
    assertThat(status.path("deployment").path("artifacts").path(0).path("name").asText())
        .isEqualTo("occupancy");
  }

  @Test
  void theStatusLeavesOutWhatIsNotThere() throws Exception {
    bench.services.takeAway();

    JsonNode status = json(bench.get("/api/status"));

    assertThat(status.has("uplink")).isFalse();
    assertThat(status.has("deployment")).isFalse();
    assertThat(status.path("ready").booleanValue()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "/api/devices, devices.absent", "/api/devices/office, devices.absent",
    "/api/flows, flows.absent", "/api/decisions, flows.absent",
    "/api/schemas/flow.json, flows.absent", "/api/models, models.absent",
    "/api/events, events.absent"
  })
  void aPartThatIsNotRunningAnswers503(String path, String code) throws Exception {
    bench.services.takeAway();

    assertThat(refusal(bench.get(path))).isEqualTo("503 " + code);
  }

  @Test
  void aMachineWithoutModelsIsToldWhatTheyNeed() throws Exception {
    bench.services.takeAway();

    assertThat(json(bench.get("/api/models")).path("message").textValue())
        .contains("rules decide alone", "[io.selvedge.inference]", "x86-64 or aarch64");
  }

  @Test
  void aDecisionIsTraceable() throws Exception {
    Decision decision = decision("office", 0);
    bench.services.flows(
        new FlowStatus(
            "office",
            "1",
            "file",
            Instant.EPOCH,
            9,
            8,
            1,
            0,
            16,
            0,
            "",
            "",
            Optional.of(decision)));
    bench.services.decided(decision);

    JsonNode one = json(bench.get("/api/decisions")).path("decisions").path(0);
    JsonNode flow = json(bench.get("/api/flows")).path("flows").path(0);

    assertThat(flow.path("last")).isEqualTo(one);
    assertThat(flow.path("uploaded").longValue()).isEqualTo(16);
    assertThat(one.path("model").path("sha256").asText()).isEqualTo("ab".repeat(32));
    assertThat(one.path("outputs").path("occupied").doubleValue()).isEqualTo(0.75);
    assertThat(one.path("commands")).hasToString("[{\"target\":\"office/fan\",\"value\":true}]");
    assertThat(one.path("trace").path("edge").longValue()).isEqualTo(210_000);
  }

  @Test
  void decisionsAreBoundedAndMayBeOfOneFlow() throws Exception {
    for (int i = 0; i < 6; i++) {
      bench.services.decided(decision(i % 2 == 0 ? "office" : "cellar", i));
    }

    assertThat(json(bench.get("/api/decisions?most=4")).path("decisions")).hasSize(4);
    JsonNode cellar = json(bench.get("/api/decisions?most=2&flow=cellar")).path("decisions");
    assertThat(cellar.findValuesAsText("flow")).containsExactly("cellar", "cellar");
  }

  @Test
  void decisionsThatSentACommandAreFoundAmongManyThatDidNot() throws Exception {
    bench.services.decided(decision("office", 0));
    for (int i = 1; i < 500; i++) {
      bench.services.decided(idle(i));
    }

    JsonNode acted = json(bench.get("/api/decisions?most=1&acted=true")).path("decisions");

    assertThat(acted.findValuesAsText("time")).containsExactly("1970-01-01T00:00:00Z");
    assertThat(refusal(bench.get("/api/decisions?acted=maybe"))).isEqualTo("400 query.not_a_flag");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "-1", "ten", "", "1e2"})
  void anAmountOutOfRangeIsRefused(String most) throws Exception {
    assertThat(refusal(bench.get("/api/decisions?most=" + most)))
        .isEqualTo("400 query.out_of_range");
    assertThat(refusal(bench.get("/api/events?most=" + most))).isEqualTo("400 query.out_of_range");
  }

  @Test
  void theDiaryIsFilteredBySeverity() throws Exception {
    for (Event.Severity severity : Event.Severity.values()) {
      bench.services.report(severity, "test", "about [" + severity + "]");
    }

    assertThat(json(bench.get("/api/events?severity=WARNING")).findValuesAsText("severity"))
        .containsExactly("ERROR", "WARNING");
    assertThat(json(bench.get("/api/events?most=1")).path("events")).hasSize(1);
    assertThat(refusal(bench.get("/api/events?severity=BAD")))
        .isEqualTo("400 query.unknown_severity");
  }

  @Test
  void theSchemaOfFlowsIsTheFlowEngines() throws Exception {
    Answer schema = bench.get("/api/schemas/flow.json");

    assertThat(schema.type()).isEqualTo("application/schema+json");
    assertThat(text(schema)).isEqualTo("{\"title\":\"flow\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/res/../openapi.json",
        "/res/..%2fopenapi.json",
        "/res/%2e%2e",
        "/res/index.html",
        "/res/",
        "/res/app.js/",
        "/res/APP.JS",
        "/res/nothing.js",
        "/res/.app.js"
      })
  void onlyResourcesOfThePagesAreServed(String path) throws Exception {
    assertThat(bench.get(path).status()).isEqualTo(404);
  }

  @Test
  void everythingThatThePagesAskForIsThere() throws Exception {
    Bench stranger = new Bench(data.resolve("stranger"));
    Deque<Answer> pages = new ArrayDeque<>(List.of(bench.get("/"), stranger.get("/sign-in")));
    pages.add(stranger.get("/sign-in?code=" + stranger.code()));
    Pattern asked = Pattern.compile("\"(?:/res/|\\./)([a-z-]+\\.[a-z]+)\"");
    Set<String> seen = new TreeSet<>();
    while (!pages.isEmpty()) {
      Matcher names = asked.matcher(text(pages.remove()));
      while (names.find()) {
        String path = "/res/" + names.group(1);
        if (seen.add(path)) {
          Answer answer = bench.get(path);
          assertThat(answer.status()).as(path).isEqualTo(200);
          pages.add(answer);
        }
      }
    }

    assertThat(seen).contains("/res/app.js", "/res/chart.js", "/res/parts.css", "/res/mark.svg");
  }

  @Test
  void resourcesHaveTheirTypes() throws Exception {
    assertThat(bench.get("/res/app.js").type()).startsWith("text/javascript");
    assertThat(bench.get("/res/base.css").type()).startsWith("text/css");
    assertThat(bench.get("/res/mark.svg").type()).isEqualTo("image/svg+xml");
  }

  @Test
  void theConsoleIsAPageWithoutScriptOrStyleOfItsOwn() throws Exception {
    String page = text(bench.get("/"));

    assertThat(page).contains("gw-1").doesNotContain("${");
    // Anything inline would be stopped by the content security policy.
    assertThat(page).doesNotContain("<style", " style=", " onclick=").doesNotContain("<script>");
    assertThat(page).as("works without the internet").doesNotContain("http://", "https://", "//");
  }

  @Test
  void otherVerbsAreToldWhichThereAre() throws Exception {
    Answer wrong = bench.call("PUT", "/api/devices", Map.of(), "");
    assertThat(refusal(wrong)).isEqualTo("405 method.not_allowed");
    assertThat(wrong.headers()).containsEntry("Allow", "GET, HEAD, OPTIONS");

    Answer options = bench.call("OPTIONS", "/api/sessions", Map.of(), "");
    assertThat(options.status()).isEqualTo(204);
    assertThat(options.headers()).containsEntry("Allow", "DELETE, OPTIONS, POST");
    assertThat(options.headers()).doesNotContainKey("Access-Control-Allow-Origin");
  }

  @Test
  void anUnknownPathSaysSo() throws Exception {
    assertThat(refusal(bench.get("/api/nothing"))).isEqualTo("404 path.unknown");
    assertThat(refusal(bench.get("/api/devices//history"))).isEqualTo("404 path.unknown");
    assertThat(refusal(bench.get("/api/devices/"))).isEqualTo("404 path.unknown");
  }

  private static Decision decision(String flow, int second) {
    Command fan = new Command(new ChannelAddress("office", "fan"), Value.of(true), flow);
    return decision(flow, second, List.of(fan));
  }

  private static Decision idle(int second) {
    return decision("office", second, List.of());
  }

  private static Decision decision(String flow, int second, List<Command> commands) {
    return new Decision(
        flow,
        "1",
        Instant.ofEpochSecond(second),
        Optional.of(FakeServices.OCCUPANCY),
        Map.of("temperature", 21.5),
        Map.of("empty", 0.25, "occupied", 0.75),
        new ArrayList<>(List.of("occupied")),
        commands,
        Decision.Placement.EDGE,
        Map.of("queue", 21_000L, "edge", 210_000L));
  }
}
