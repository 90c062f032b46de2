package io.selvedge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FleetCommandsTest {

  private static final String ONE = "GET /api/v1/rollouts/7";
  private static final String EVENTS = "GET /api/v1/rollouts/7/events";
  @TempDir Path folder;
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final InputStream in = System.in;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private FakeHub hub;
  private Path token;

  @BeforeEach
  void start() throws Exception {
    hub = new FakeHub();
    token = Files.writeString(folder.resolve("token"), FakeHub.TOKEN + "\n");
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void stop() {
    System.setOut(out);
    System.setErr(err);
    System.setIn(in);
    hub.close();
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--hub", hub.address(), "--token-file", token.toString()));
    return SelvedgeMain.run(all.toArray(new String[0]));
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private static String rollout(String state, int done) {
    return String.format(
        "200 {\"id\": 7, \"name\": \"to 2\", \"state\": \"%s\", \"groups\": [{\"name\":"
            + " \"canary\", \"state\": \"RUNNING\", \"counts\": {\"DONE\": %d, \"TRIAL\": %d}}]}",
        state, done, 2 - done);
  }

  private static String event(String state) {
    return "200 {\"events\": [{\"id\": 1, \"at\": \"2026-01-31T12:00:00Z\", \"who\": \"HUB\","
        + " \"subject\": \"\", \"from\": \"RUNNING\", \"to\": \""
        + (state.equals("STOPPED") ? "STOPPING" : state)
        + "\", \"why\": \"it is so\"}]}";
  }

  @ParameterizedTest
  @CsvSource({"FINISHED,0", "PAUSED,1", "STOPPED,3"})
  void watchEndsWithTheRolloutAndTellsHowInItsExitCode(String end, int code) {
    hub.answers(ONE, rollout("RUNNING", 0), rollout("RUNNING", 0), rollout(end, 2))
        .answers(EVENTS, event(end));
    assertThat(run("rollout", "watch", "7")).isEqualTo(code);
    assertThat(said().lines())
        .containsExactly(
            "Rollout 7 [to 2] RUNNING",
            "canary       ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ 0 of 2 done, 2 in trial  RUNNING",
            "Rollout 7 [to 2] " + end,
            "canary       ██████████████████████████████ 2 of 2 done  RUNNING",
            end + " by HUB: it is so");
  }

  @Test
  void statusNamesTheGatewaysThatItHangsOn() {
    hub.answers(ONE, rollout("RUNNING", 0))
        .answers(
            "GET /api/v1/rollouts/7/gateways",
            "200 {\"gateways\": [{\"gateway\": \"gw-1\", \"state\": \"DONE\"}, {\"gateway\":"
                + " \"gw-2\", \"state\": \"SCHEDULED\", \"absentSince\":"
                + " \"2026-01-31T12:00:00Z\"}, {\"gateway\": \"gw-3\", \"state\": \"INSTALLING\","
                + " \"revision\": 4, \"progress\": {\"done_bytes\": 50, \"total_bytes\": 200}},"
                + " {\"gateway\": \"gw-4\", \"state\": \"FAILED\", \"revision\": 4, \"code\":"
                + " \"trial.latency\", \"message\": \"too slow\"}]}");
    assertThat(run("rollout", "status", "7")).isZero();
    assertThat(said().lines().skip(2))
        .containsExactly(
            "  gw-2                 SCHEDULED    not connected since 2026-01-31T12:00:00Z",
            "  gw-3                 INSTALLING   revision 4  25 % fetched",
            "  gw-4                 FAILED       revision 4  trial.latency too slow");
  }

  @Test
  void watchForProgramsPrintsAnObjectAChange() {
    hub.answers(ONE, rollout("RUNNING", 0), rollout("RUNNING", 1), rollout("FINISHED", 2));
    assertThat(run("rollout", "watch", "7", "--json")).isZero();
    assertThat(said().lines()).hasSize(3).allMatch(line -> line.startsWith("{\"id\":7"));
  }

  @Test
  void watchOutlivesRepliesThatAreLost() {
    hub.answers(
            ONE,
            rollout("RUNNING", 0),
            "000",
            "503 {}",
            rollout("RUNNING", 1),
            rollout("PAUSED", 1))
        .answers(EVENTS, event("PAUSED"));
    assertThat(run("rollout", "watch", "7")).isEqualTo(1);
    assertThat(said())
        .containsOnlyOnce("it is asked again for [120] s")
        .contains("selvedge: the hub answers again")
        .contains("PAUSED by HUB: it is so");
  }

  /** It is the reply that is waited for, which may take a minute to be given up. */
  @Test
  void patienceBeginsWithTheLossOfAReplyAndNotWithItsRequest() {
    hub.answers(ONE, rollout("RUNNING", 0), "late 503 {}", rollout("FINISHED", 2))
        .answers(EVENTS, event("FINISHED"));
    assertThat(run("rollout", "watch", "7", "--patience", "1s")).isZero();
    assertThat(said()).contains("it is asked again for [1] s");
  }

  @Test
  void watchGivesUpWhenItsPatienceIsAtAnEnd() {
    hub.answers(ONE, rollout("RUNNING", 0), "000");
    assertThat(run("rollout", "watch", "7", "--patience", "1s")).isEqualTo(4);
    assertThat(said()).contains("it is asked again for [1] s");
    said.reset();
    hub.answers(ONE, "000");
    assertThat(run("rollout", "watch", "7")).as("it never answered").isEqualTo(4);
    assertThat(said()).doesNotContain("asked again");
  }

  @Test
  void itIsNotPatientBeyondTheTimeThatItIsGiven() {
    hub.answers(ONE, rollout("PAUSED", 0), rollout("RUNNING", 0), "000")
        .answers(EVENTS, event("PAUSED"));
    assertThat(run("rollout", "watch", "7")).as("all classes are loaded then").isEqualTo(1);
    long begun = System.nanoTime();
    assertThat(run("rollout", "watch", "7", "--timeout", "5s")).isEqualTo(5);
    assertThat(said())
        .contains("it is asked again for [")
        .doesNotContain("for [120] s")
        .contains("time is up after [5] s: hub [");
    said.reset();
    hub.answers("POST /api/v1/deployments", "201 {\"revision\": 4}")
        .answers(
            "GET /api/v1/gateways/gw-1/deployment",
            "200 {\"desired\": {\"delivery\": \"TAKEN\"}}",
            "503 {}");
    assertThat(run("deploy", "gw-1", "occupancy", "--wait", "5s")).isEqualTo(5);
    assertThat(said()).contains("time is up after [5] s: hub [");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
  }

  @ParameterizedTest
  @CsvSource({"500,1", "502,4", "503,4", "504,4"})
  void aHubThatCannotBeReachedIsNoPausedRollout(int status, int code) {
    hub.answers(ONE, status + " {}");
    assertThat(run("rollout", "watch", "7")).isEqualTo(code);
  }

  @Test
  void statusSaysWhomAGroupWaitsFor() {
    hub.answers(
            ONE,
            "200 {\"id\": 7, \"name\": \"to 2\", \"state\": \"RUNNING\", \"groups\": [{\"name\":"
                + " \"canary\", \"state\": \"RUNNING\", \"waits\": \"[0] of [1] succeeded; waits"
                + " for [gw-1]\", \"counts\": {\"TRIAL\": 1}}]}")
        .answers("GET /api/v1/rollouts/7/gateways", "200 {\"gateways\": []}");
    assertThat(run("rollout", "show", "7")).isZero();
    assertThat(said()).contains("  [0] of [1] succeeded; waits for [gw-1]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rollout", "keys"})
  void withoutASubcommandItsUsageIsShownAndTheExitCodeIsTwo(String command) {
    assertThat(SelvedgeMain.run(command)).isEqualTo(2);
    assertThat(said())
        .contains("Usage: selvedge " + command)
        .contains("Missing required subcommand");
  }

  @Test
  void theKeyIsListedAndReplacedOnlyWhenThatIsConfirmed() {
    hub.answers(
            "GET /api/v1/keys",
            "200 {\"id\": \"aa\", \"publicKey\": \"MCow\", \"changes\": [{\"issued\":"
                + " \"2026-01-31T12:00:00Z\", \"from\": \"99\", \"to\": \"aa\"}]}")
        .answers(
            "POST /api/v1/keys/rotate",
            "201 {\"id\": \"bb\"}",
            "409 {\"code\": \"keys.shared\", \"message\": \"stop all but one\"}");
    assertThat(run("keys", "list")).isZero();
    assertThat(said()).contains("Key aa  MCow").contains("2026-01-31T12:00:00Z  99 → aa");
    System.setIn(new ByteArrayInputStream(new byte[0]));
    assertThat(run("keys", "rotate")).as("nobody is there to confirm it").isEqualTo(2);
    assertThat(hub.asked()).noneMatch(one -> one.startsWith("POST"));
    assertThat(run("keys", "rotate", "--yes")).isZero();
    assertThat(said()).contains("Key aa is replaced by bb; back up");
    assertThat(run("keys", "rotate", "--yes")).isEqualTo(1);
    assertThat(said()).contains("keys.shared: stop all but one");
  }

  @Test
  void aRefusedDeploymentIsNoSuccessWhateverRunsThere() {
    hub.answers("POST /api/v1/deployments", "201 {\"revision\": 4}")
        .answers(
            "GET /api/v1/gateways/gw-1/deployment",
            "200 {\"desired\": {\"delivery\": \"REFUSED\"}, \"reported\": {\"deployment\":"
                + " {\"newest\": 3, \"state\": \"ACTIVE\"}}}");
    assertThat(run("deploy", "gw-1", "occupancy", "--wait", "20s")).isEqualTo(1);
  }

  @Test
  void eachWayNotToSucceedHasAnExitCodeOfItsOwn() throws Exception {
    hub.answers(ONE, rollout("RUNNING", 0));
    assertThat(run("rollout", "watch", "7", "--timeout", "1s")).isEqualTo(5);
    assertThat(said()).contains("rollout [7] is still RUNNING after [1] s");
    assertThat(run("rollout", "status", "8")).isEqualTo(1);
    assertThat(said()).contains("rollout.unknown: is not known here");
    assertThat(run("rollout", "watch", "seven")).isEqualTo(2);
    assertThat(run("rollout", "watch", "7", "--timeout", "soon")).isEqualTo(2);
    assertThat(run("rollout", "dance", "7")).isEqualTo(2);
    Files.writeString(token, "wrong");
    assertThat(run("rollout", "status", "7")).isEqualTo(4);
    hub.close();
    assertThat(run("rollout", "status", "7")).isEqualTo(4);
    assertThat(said()).contains("does not answer").contains("is --hub right?");
    Files.delete(token);
    assertThat(run("rollout", "list")).isEqualTo(2);
  }

  @Test
  void createAsksForWhatTheOptionsSay() {
    hub.answers("POST /api/v1/rollouts", "201" + rollout("CREATING", 0).substring(3));
    assertThat(
            run(
                "rollout",
                "create",
                "occupancy@7",
                "flow/office",
                "--remove",
                "bundle/old",
                "--fleet",
                "line-*",
                "--birth",
                "os_arch=aarch64",
                "--group",
                "canary:gw-1+gw-2,wait=1h,errors=10,min_agreement=0.9",
                "--group",
                "tenth:10%",
                "--group",
                "all:rest,timeout=2d,success=90",
                "--window",
                "22:00-05:00",
                "--by",
                "anna",
                "--reason",
                "retrained"))
        .isZero();
    assertThat(said()).isEqualTo("Rollout 7 [to 2] CREATING" + System.lineSeparator());
    assertThat(hub.body().toString())
        .isEqualTo(
            "{\"artifacts\":[{\"kind\":\"MODEL\",\"name\":\"occupancy\",\"version\":\"7\"},"
                + "{\"kind\":\"FLOW\",\"name\":\"office\"}],"
                + "\"remove\":[{\"kind\":\"BUNDLE\",\"name\":\"old\"}],"
                + "\"fleet\":{\"id\":\"line-*\",\"birth\":{\"os_arch\":\"aarch64\"}},"
                + "\"groups\":[{\"name\":\"canary\",\"gateways\":[\"gw-1\",\"gw-2\"],"
                + "\"wait_seconds\":3600,\"max_error_percent\":10.0,"
                + "\"figures\":{\"min_agreement\":0.9}},"
                + "{\"name\":\"tenth\",\"percent\":10.0},"
                + "{\"name\":\"all\",\"rest\":true,\"timeout_seconds\":172800,"
                + "\"min_success_percent\":90.0}],"
                + "\"window\":{\"from\":\"22:00\",\"to\":\"05:00\"},"
                + "\"name\":\"occupancy 7\",\"by\":\"anna\",\"reason\":\"retrained\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rollout create",
        "rollout create Occupancy@7",
        "rollout create toy/x@7",
        "rollout create m --gateway a --fleet b",
        "rollout create m --group canary",
        "rollout create m --group canary:1,often=2",
        "rollout create m --group canary:1,wait=long",
        "rollout create m --window 22:00",
        "rollout create m --trial /no/such/file",
        "register m /no/such/file",
        "deploy"
      })
  void wrongUseIsSaidBeforeAnythingIsAsked(String line) {
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(hub.asked()).isEmpty();
    assertThat(said()).isNotBlank().doesNotContain("Exception");
  }

  @Test
  void whatIsDoneToARolloutCarriesWhoAndWhy() {
    for (String action : List.of("start", "pause", "resume", "abort")) {
      hub.answers("POST /api/v1/rollouts/7/" + action, rollout("RUNNING", 0));
    }
    for (String action : List.of("start", "pause")) {
      assertThat(run("rollout", action, "7", "--by", "anna", "--reason", "so")).isZero();
      assertThat(hub.body().toString()).isEqualTo("{\"by\":\"anna\",\"reason\":\"so\"}");
    }
    assertThat(run("rollout", "resume", "7", "--retry", "--by", "anna")).isZero();
    assertThat(hub.body().toString()).isEqualTo("{\"retry\":true,\"by\":\"anna\"}");
    assertThat(run("rollout", "abort", "7", "--take-back", "--by", "anna")).isZero();
    assertThat(hub.body().toString()).isEqualTo("{\"take_back\":true,\"by\":\"anna\"}");
  }

  @Test
  void anArtifactIsRegisteredFromADirectory() throws Exception {
    Path model = Files.createDirectories(folder.resolve("m"));
    Files.writeString(model.resolve("model.json"), "{}");
    Files.writeString(model.resolve("model.onnx"), "x");
    hub.answers("POST /api/v1/files", "201 {\"sha256\": \"ab\", \"size\": 2}")
        .answers("POST /api/v1/artifacts", "201 {}");
    assertThat(run("register", "occupancy@8", model.toString())).isZero();
    assertThat(hub.body().toString())
        .isEqualTo(
            "{\"kind\":\"MODEL\",\"name\":\"occupancy\",\"version\":\"8\",\"files\":["
                + "{\"path\":\"model.json\",\"sha256\":\"ab\"},"
                + "{\"path\":\"model.onnx\",\"sha256\":\"ab\"}]}");
  }

  @Test
  void deployWaitsForWhatBecomesOfIt() {
    String reported =
        "200 {\"desired\": {\"delivery\": \"TAKEN\"}, \"reported\": {\"deployment\": {\"newest\":"
            + " 4, \"state\": \"%s\", \"code\": \"%s\", \"message\": \"\"}}}";
    hub.answers("POST /api/v1/deployments", "201 {\"revision\": 4}")
        .answers(
            "GET /api/v1/gateways/gw-1/deployment",
            String.format(reported, "FETCHING", ""),
            String.format(reported, "ACTIVE", ""));
    assertThat(run("deploy", "gw-1", "occupancy", "--wait", "20s")).isZero();
    assertThat(said().lines())
        .containsExactly("Revision 4 is issued for gw-1", "FETCHING", "ACTIVE");
    hub.answers(
        "GET /api/v1/gateways/gw-1/deployment",
        String.format(reported, "REVERTED", "trial.latency"));
    assertThat(run("deploy", "gw-1", "occupancy", "--wait", "20s")).isEqualTo(1);
    assertThat(said()).contains("REVERTED trial.latency");
  }

  @Test
  void gatewaysArePutIntoGroupsAndAGroupGetsOneDocument() {
    hub.answers("PUT /api/v1/gateways/gw-1/groups", "200 {\"groups\": [\"line-a\", \"north\"]}")
        .answers(
            "POST /api/v1/deployments",
            "201 {\"revision\": 9, \"gateways\": [\"gw-1\"], \"envelope\": \"{signed}\"}")
        .answers("POST /api/v1/rollouts", "201" + rollout("CREATING", 0).substring(3));
    assertThat(run("groups", "gw-1", "line-a", "north")).isZero();
    assertThat(hub.body().toString()).isEqualTo("{\"groups\":[\"line-a\",\"north\"]}");
    assertThat(run("groups", "gw-1", "--none")).isZero();
    assertThat(hub.body().toString()).isEqualTo("{\"groups\":[]}");
    assertThat(run("groups", "gw-1", "x", "--none")).isEqualTo(2);
    assertThat(run("deploy-group", "line-a", "m@2")).isZero();
    assertThat(hub.body().toString())
        .isEqualTo(
            "{\"group\":\"line-a\",\"exactly\":true,\"artifacts\":[{\"kind\":\"MODEL\",\"name\":"
                + "\"m\",\"version\":\"2\"}]}");
    assertThat(said()).contains("Revision 9 is issued for group line-a: 1 gateways");
    assertThat(run("deploy-group", "line-a", "m@2", "--envelope")).isZero();
    assertThat(said()).endsWith("{signed}" + System.lineSeparator());
    assertThat(run("rollout", "create", "m@2", "--in", "line-a", "--by", "anna")).isZero();
    assertThat(hub.body().at("/fleet/group").asText()).isEqualTo("line-a");
  }

  @Test
  void theFleetIsListed() {
    hub.answers(
        "GET /api/v1/gateways",
        "200 {\"gateways\": [{\"id\": \"gw-1\", \"state\": \"ONLINE\", \"reported\":"
            + " {\"deployment\": {\"revision\": 3, \"state\": \"ACTIVE\"}, \"artifacts\":"
            + " [{\"kind\": \"MODEL\", \"name\": \"m\", \"version\": \"2\"}]}}]}");
    assertThat(run("fleet")).isZero();
    assertThat(said())
        .isEqualTo(
            "gw-1                 ONLINE   revision 3    ACTIVE     model/m@2"
                + System.lineSeparator());
  }
}
