package io.selvedge.deployment;

import static io.selvedge.api.deployment.DeploymentStatus.State.ACTIVE;
import static io.selvedge.api.deployment.DeploymentStatus.State.FETCHING;
import static io.selvedge.api.deployment.DeploymentStatus.State.REFUSED;
import static io.selvedge.api.deployment.DeploymentStatus.State.REVERTED;
import static io.selvedge.api.deployment.DeploymentStatus.State.SHADOW;
import static io.selvedge.api.deployment.DeploymentStatus.State.TRIAL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.api.deployment.TrialStatus.Phase;
import io.selvedge.api.deployment.TrialStatus.Verdict;
import io.selvedge.api.device.DeviceStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trials of a twin whose handler says what was measured. */
class TwinTrialTest {

  static final String BOTH =
      "{\"shadow\":{\"rows\":100,\"min_agreement\":0.8},"
          + "\"live\":{\"rows\":100,\"seconds\":900,\"max_error_rate\":0.02,"
          + "\"max_latency_p99_ms\":50,\"min_accuracy\":0.9,\"min_labels\":10}}";
  static final String LIVE = "{\"live\":{\"rows\":100,\"seconds\":900,\"max_error_rate\":0.02}}";
  private static final OptionalDouble NONE = OptionalDouble.empty();

  private final FakeHub hub = new FakeHub();
  private Rig rig;
  private Twin twin;

  TwinTrialTest() {}

  @BeforeEach
  void oneIsLive(@TempDir Path root) throws Exception {
    rig = new Rig(root, hub);
    twin = rig.startWithOneLive();
    rig.models.calls.clear();
  }

  static TrialFigures figures(long rows, long errors, double agreement) {
    return new TrialFigures(
        rows,
        errors,
        OptionalDouble.of(1),
        NONE,
        OptionalDouble.of(agreement),
        NONE,
        NONE,
        NONE,
        NONE,
        0);
  }

  private void measured(String what, TrialFigures figures) throws Exception {
    rig.models.measured.put(what, figures);
    twin.work();
  }

  @Test
  void goesThroughShadowAndTrialAndIsKept() throws Exception {
    twin.offer(hub.onTrial(BOTH, 2, hub.model("a", "2")), true);
    twin.work();
    assertThat(twin.status().state()).isEqualTo(SHADOW);
    assertThat(twin.status().revision()).isEqualTo(1);
    assertThat(rig.models.running).containsValue("a 1");
    assertThat(twin.isTrying()).isTrue();

    measured("a2", figures(99, 0, 0.9));
    assertThat(twin.status().state()).isEqualTo(SHADOW);
    measured("a2", figures(100, 0, 0.9));

    assertThat(twin.status().state()).isEqualTo(TRIAL);
    assertThat(twin.status().revision()).isEqualTo(2);
    assertThat(rig.models.running).containsValue("a 2");
    TrialStatus live = twin.status().trial().orElseThrow();
    assertThat(live.phase()).isEqualTo(Phase.LIVE);

    measured("a2", figures(100, 0, 0.9));
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(twin.status().trial().orElseThrow().verdict()).isEqualTo(Verdict.PASSED);
    assertThat(rig.models.calls)
        .containsExactly(
            "check MODEL/a 2", "shadow MODEL/a 2", "activate MODEL/a 2", "watch MODEL/a 2 beside");
    assertThat(rig.models.onTrial).isEmpty();
    assertThat(rig.events.codes()).endsWith("deployment.active", "deployment.proved");
    assertThat(twin.isTrying()).isFalse();
    for (String file : new String[] {"journal.json", "pending.json", "trial.json", "unproven"}) {
      assertThat(Files.exists(rig.state(file))).as(file).isFalse();
    }
  }

  /** The hub would take the trial for one that has ended. */
  @Test
  void anEnvelopeThatSomebodyPutOnTheDiskDoesNotHideTheTrial() throws Exception {
    twin.offer(hub.onTrial(LIVE, 2, hub.model("a", "2")), true);
    twin.work();
    assertThat(twin.status().state()).isEqualTo(TRIAL);
    FakeHub other = new FakeHub();
    Files.write(rig.state("pending.json"), other.deployment(900, other.model("a", "666")));
    rig.events.clear();

    twin = rig.start();

    assertThat(twin.status().state()).isEqualTo(TRIAL);
    assertThat(twin.status().newest()).isEqualTo(2);
    assertThat(rig.events.codes()).containsExactly("deployment.wrong_key");
    assertThat(rig.state("pending.json")).doesNotExist();
  }

  @Test
  void whatItNoLongerNamesEndsWithTheSwitchNotWithTheShadow() throws Exception {
    twin.offer(hub.deployment(2, hub.model("a", "1"), hub.model("old", "1")), true);
    twin.work();
    twin.offer(hub.onTrial(BOTH, 3, hub.model("a", "2")), true);
    twin.work();
    twin.work();
    assertThat(rig.models.running).containsOnlyKeys("a", "old");

    measured("a2", figures(100, 0, 0.9));

    assertThat(rig.models.running).containsOnlyKeys("a").containsValue("a 2");
  }

  @Test
  void whatDiffersTooMuchInTheShadowIsRefusedAndWasNeverLive() throws Exception {
    twin.offer(hub.onTrial(BOTH, 2, hub.model("a", "2")), true);
    twin.work();
    measured("a2", figures(100, 0, 0.5));

    assertThat(twin.status().state()).isEqualTo(REFUSED);
    assertThat(twin.status().code()).isEqualTo("trial.agreement");
    assertThat(twin.status().message())
        .isEqualTo("trial.agreement [0.5000] must be at least 0.8000");
    assertThat(twin.status().trial().orElseThrow().figures().agreement()).hasValue(0.5);
    assertThat(rig.models.calls).doesNotContain("activate MODEL/a 2");
    assertThat(rig.models.onTrial).isEmpty();
    assertThat(hub.lastReported())
        .contains("\"state\":\"REFUSED\"", "\"verdict\":\"failed\"", "\"agreement\":0.5");
  }

  @Test
  void whatFailsWhileItIsLiveIsTakenBackWithoutTheHub() throws Exception {
    twin.offer(hub.onTrial(LIVE, 2, hub.model("a", "2"), hub.model("b", "1")), true);
    twin.work();
    hub.blocksUntilGone = 0;
    assertThat(twin.status().state()).isEqualTo(TRIAL);

    measured("a2", figures(50, 20, 1));

    assertThat(twin.status().state()).isEqualTo(REVERTED);
    assertThat(twin.status().revision()).isEqualTo(1);
    assertThat(twin.status().newest()).isEqualTo(2);
    assertThat(twin.status().code()).isEqualTo("trial.error_rate");
    assertThat(rig.models.running).containsOnlyKeys("a").containsValue("a 1");
    assertThat(hub.lastReported()).contains("\"state\":\"REVERTED\"", "\"error_rate\":0.4");
    assertThat(rig.events.codes()).endsWith("trial.error_rate");

    // And it stays so.
    twin = rig.start();
    twin.work();
    assertThat(twin.status().state()).isEqualTo(REVERTED);
    assertThat(twin.status().trial().orElseThrow().reason()).startsWith("trial.error_rate [0.4");
    assertThat(rig.models.running).containsOnlyKeys("a").containsValue("a 1");
    assertThat(twin.isTrying()).isFalse();
  }

  @Test
  void aTrialGoesOnAfterARestartWithWhatItHadMeasured() throws Exception {
    twin.offer(hub.onTrial(LIVE, 2, hub.model("a", "2")), true);
    twin.work();
    pass(Duration.ofSeconds(40));
    measured("a2", figures(60, 1, 1));

    rig.models = new FakeHandler();
    twin = rig.start();
    twin.work();
    assertThat(twin.status().state()).isEqualTo(TRIAL);
    assertThat(twin.status().trial().orElseThrow().figures().rows()).isEqualTo(60);
    assertThat(rig.models.calls).containsExactly("activate MODEL/a 2", "watch MODEL/a 2 beside");

    measured("a2", figures(40, 0, 1));
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(twin.status().trial().orElseThrow().figures().errors()).isEqualTo(1);
  }

  @Test
  void timeIsCountedOverRestartsAndNotByTheClock() throws Exception {
    String time = "{\"live\":{\"seconds\":100,\"max_error_rate\":0.5}}";
    twin.offer(hub.onTrial(time, 2, hub.model("a", "2")), true);
    twin.work();
    pass(Duration.ofMinutes(1));
    measured("a2", figures(10, 0, 1));
    rig.nanos.set(7); // a new process, with a steady clock of its own
    twin = rig.start();
    measured("a2", figures(10, 0, 1));
    pass(Duration.ofSeconds(39));
    twin.work();
    assertThat(twin.status().state()).isEqualTo(TRIAL);
    pass(Duration.ofSeconds(1));
    twin.work();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
  }

  @Test
  void whatSawNoRowHasNotProvedItself() throws Exception {
    twin.offer(hub.onTrial(LIVE, 2, hub.model("a", "2")), true);
    twin.work();
    pass(Duration.ofMinutes(15));
    twin.work();
    assertThat(twin.status().state()).isEqualTo(REVERTED);
    assertThat(twin.status().message()).contains("not one row came");
  }

  @Test
  void aProcessThatGrowsTooMuchIsTakenBackAtOnce() throws Exception {
    String memory = "{\"live\":{\"rows\":100,\"max_memory_mb\":50}}";
    twin.offer(hub.onTrial(memory, 2, hub.model("a", "2")), true);
    twin.work();
    rig.memory += 51;
    twin.work();
    assertThat(twin.status().code()).isEqualTo("trial.memory");
  }

  @Test
  void aNewerOneIsTriedAgainstTheLastGoodOne() throws Exception {
    twin.offer(hub.onTrial(LIVE, 2, hub.model("a", "2")), true);
    twin.work();
    twin.offer(hub.onTrial(LIVE, 3, hub.model("a", "3")), true);
    twin.work();

    assertThat(twin.status().state()).isEqualTo(TRIAL);
    assertThat(rig.models.running).containsValue("a 3");
    assertThat(rig.models.calls).contains("activate MODEL/a 1");
    assertThat(rig.events.codes()).contains("trial.superseded");
    measured("a3", figures(100, 50, 1));
    assertThat(twin.status().state()).isEqualTo(REVERTED);
    assertThat(rig.models.running).containsValue("a 1");
  }

  @Test
  void aNewerOneWithoutATrialReplacesOneOnTrialAndTheGoodOneStaysThePrevious() throws Exception {
    twin.offer(hub.onTrial(LIVE, 2, hub.model("a", "2")), true);
    twin.work();
    twin.offer(hub.deployment(3, hub.model("a", "3")), true);
    twin.work();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(rig.models.running).containsValue("a 3");
    assertThat(Files.readString(rig.state("current.json")))
        .contains("\"previous\":{\"revision\":1");
  }

  @Test
  void aNewerOneEndsAShadow() throws Exception {
    twin.offer(hub.onTrial(BOTH, 2, hub.model("a", "2")), true);
    twin.work();
    assertThat(rig.models.onTrial).containsExactly("a2");
    twin.offer(hub.onTrial(BOTH, 3, hub.model("a", "3")), true);
    twin.work();
    assertThat(twin.status().state()).isEqualTo(SHADOW);
    assertThat(twin.status().newest()).isEqualTo(3);
    assertThat(rig.models.onTrial).containsExactly("a3");
  }

  @Test
  void aShadowGoesOnAfterARestart() throws Exception {
    twin.offer(hub.onTrial(BOTH, 2, hub.model("a", "2")), true);
    twin.work();
    pass(Duration.ofSeconds(40));
    measured("a2", figures(60, 0, 1));
    rig.models = new FakeHandler();
    twin = rig.start();
    twin.work();
    assertThat(twin.status().state()).isEqualTo(SHADOW);
    measured("a2", figures(40, 0, 1));
    assertThat(twin.status().state()).isEqualTo(TRIAL);
  }

  @Test
  void aFirstModelHasNothingToRunBeside() throws Exception {
    twin.offer(hub.onTrial(BOTH, 2, hub.model("a", "1"), hub.model("new", "1")), true);
    twin.work();
    assertThat(twin.status().state()).isEqualTo(TRIAL);
    assertThat(rig.models.calls).contains("shadow MODEL/new 1", "watch MODEL/new 1");
  }

  @Test
  void threeStartsThatDidNotLastTakeItBack() throws Exception {
    twin.offer(hub.onTrial(LIVE, 2, hub.model("a", "2")), true);
    twin.work();
    for (int i = 0; i < 3; i++) {
      launch();
      assertThat(twin.status().state()).as("start " + i).isEqualTo(TRIAL);
    }
    launch();
    assertThat(twin.status().state()).isEqualTo(REVERTED);
    assertThat(twin.status().code()).isEqualTo("trial.three_failed_starts");
    assertThat(rig.models.running).containsValue("a 1");
    assertThat(Files.exists(rig.state("unproven"))).isFalse();
  }

  @Test
  void soDoTheyWithoutATrial() throws Exception {
    twin.offer(hub.deployment(2, hub.model("a", "2")), true);
    twin.work();
    for (int i = 0; i < 4; i++) {
      launch();
    }
    assertThat(twin.status().state()).isEqualTo(REVERTED);
    assertThat(twin.status().revision()).isEqualTo(1);
  }

  @Test
  void whatBreaksIsNotWaitedFor() throws Exception {
    rig.models.broken.add("a2");
    twin.offer(hub.onTrial(BOTH, 2, hub.model("a", "2")), true);
    twin.work();
    assertThat(twin.status().state()).as("in the shadow").isEqualTo(REFUSED);
    assertThat(twin.status().code()).isEqualTo("trial.broken");

    rig.models.broken.add("a3");
    twin.offer(hub.onTrial(LIVE, 3, hub.model("a", "3")), true);
    twin.work();
    assertThat(twin.status().state()).as("live").isEqualTo(REVERTED);
    assertThat(twin.status().message()).contains("it ended its run with [an error]");
    assertThat(rig.models.running).containsValue("a 1");
  }

  /** Ran once and does not start again: nobody has to wait for three more starts. */
  @Test
  void whatIsNotTakenUpAgainIsTakenBackWithoutATrialToo() throws Exception {
    twin.offer(hub.deployment(2, hub.model("a", "2")), true);
    twin.work();
    rig.models = new FakeHandler();
    rig.models.refuseActivate.add("a2");
    launch();
    assertThat(twin.status().state()).isEqualTo(REVERTED);
    assertThat(twin.status().code()).isEqualTo("trial.not_taken_up");
    assertThat(rig.models.running).containsValue("a 1");
  }

  /** The remedy that is on its way when the gateway starts for the fourth time. */
  @Test
  void aNewerOneIsNotToBlameForThem() throws Exception {
    twin.offer(hub.deployment(2, hub.model("a", "2")), true);
    twin.work();
    hub.blocksUntilGone = 0;
    twin.offer(hub.deployment(3, hub.model("a", "3")), true);
    for (int i = 0; i < 4; i++) {
      launch();
    }
    assertThat(rig.events.codes()).contains("trial.three_failed_starts");
    assertThat(twin.status().revision()).isEqualTo(1);
    assertThat(twin.status().newest()).isEqualTo(3);
    assertThat(twin.status().state()).isEqualTo(FETCHING);

    hub.blocksUntilGone = 100;
    twin = rig.start();
    twin.work();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(twin.status().revision()).isEqualTo(3);
  }

  @Test
  void aStartThatLastsIsNoFailedOne() throws Exception {
    twin.offer(hub.onTrial(LIVE, 2, hub.model("a", "2")), true);
    twin.work();
    for (int i = 0; i < 8; i++) {
      launch();
      pass(Proof.LASTING);
      twin.work();
    }
    assertThat(twin.status().state()).isEqualTo(TRIAL);
    twin.offer(hub.deployment(3, hub.model("a", "3")), true);
    twin.work();
    launch();
    pass(Proof.LASTING);
    twin.work();
    assertThat(Files.exists(rig.state("unproven"))).as("proved by lasting").isFalse();
    assertThat(twin.isTrying()).isFalse();
  }

  @Test
  void aBundleThatLosesDevicesIsTakenBack() throws Exception {
    rig.devices = List.of(DeviceHealthTest.device("hall", State.UP, 100, 0));
    FakeHandler bundles = new FakeHandler();
    twin = rig.start(a -> a.offer(Artifact.Kind.BUNDLE, bundles));
    String seconds = "{\"live\":{\"seconds\":60,\"max_error_rate\":0.1}}";
    Artifact driver = hub.artifact(Artifact.Kind.BUNDLE, "driver", "1", "driver 1".getBytes(UTF_8));
    twin.offer(hub.onTrial(seconds, 2, driver), true);
    twin.work();
    assertThat(twin.status().state()).isEqualTo(TRIAL);

    rig.devices = List.of(DeviceHealthTest.device("hall", State.DOWN, 0, 4));
    pass(Duration.ofMinutes(1));
    twin.work();

    assertThat(twin.status().state()).isEqualTo(REVERTED);
    assertThat(twin.status().code()).isEqualTo("trial.error_rate");
    assertThat(bundles.running).isEmpty();
  }

  /** What the launcher does, and a process that ends soon after. */
  private void launch() throws Exception {
    Path unproven = rig.state("unproven");
    int count = Integer.parseInt(Files.readString(unproven).strip());
    Files.writeString(unproven, count + 1 + "\n");
    twin = rig.start();
    twin.work();
  }

  private void pass(Duration time) throws IOException {
    rig.nanos.addAndGet(time.toNanos());
  }
}
