package io.selvedge.deployment;

import static io.selvedge.api.deployment.DeploymentStatus.State.ACTIVE;
import static io.selvedge.api.deployment.DeploymentStatus.State.REFUSED;
import static io.selvedge.api.deployment.DeploymentStatus.State.REVERTED;
import static io.selvedge.api.deployment.DeploymentStatus.State.SHADOW;
import static io.selvedge.api.deployment.DeploymentStatus.State.TRIAL;
import static io.selvedge.api.deployment.DeploymentStatus.State.VERIFYING;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import io.selvedge.api.deployment.AskedStop;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is stopped by somebody amid its work: that says nothing about a deployment. */
class TwinStopTest {

  private final FakeHub hub = new FakeHub();
  private Rig rig;
  private Twin twin;

  TwinStopTest() {}

  @BeforeEach
  void oneIsLive(@TempDir Path root) throws Exception {
    rig = new Rig(root, hub);
    twin = rig.startWithOneLive();
  }

  /** The gateway is stopped while it is told something; then it fails at it. */
  private final class Stopped extends FakeHandler {
    private final String at;

    Stopped(String at) {
      this.at = at;
    }

    private void pass(String call) throws ArtifactException {
      if (call.equals(at)) {
        rig.stopping = true;
        throw new ArtifactException("fake.gone", "what it needs was stopped before it");
      }
    }

    @Override
    public void check(Artifact artifact, Path directory) throws ArtifactException {
      pass("check " + artifact.version());
      super.check(artifact, directory);
    }

    @Override
    public void activate(Artifact artifact, Path directory) throws ArtifactException {
      pass("activate " + artifact.version());
      super.activate(artifact, directory);
    }

    @Override
    public boolean shadow(Artifact artifact, Path directory) throws ArtifactException {
      pass("shadow " + artifact.version());
      return super.shadow(artifact, directory);
    }
  }

  /** A process that is stopped so, as often as it takes to be refused otherwise. */
  private void stopOften(String at) throws Exception {
    stop(at, 2 * Twin.MOST_ATTEMPTS);
  }

  private void stop(String at, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      rig.models = new Stopped(at);
      twin = rig.start();
      assertThat(twin.work()).isFalse();
      assertThat(rig.stopping).as("came so far").isTrue();
      assertThat(twin.status().state()).isEqualTo(VERIFYING);
      twin.stopped();
      rig.stopping = false;
    }
  }

  private void goOn() throws Exception {
    rig.models = new FakeHandler();
    twin = rig.start();
    twin.work();
  }

  @Test
  void amidItsChecksItGoesOnAfterTheNextStart() throws Exception {
    twin.offer(hub.deployment(2, hub.model("a", "2")), true);
    stopOften("check 2");
    goOn();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(rig.models.running).containsValue("a 2");
  }

  @Test
  void amidTheSwitchItGoesOnAfterTheNextStart() throws Exception {
    twin.offer(hub.deployment(2, hub.model("a", "2"), hub.model("b", "2")), true);
    stopOften("activate 2");
    goOn();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(rig.models.running).containsValues("a 2", "b 2");
  }

  @Test
  void amidTheBeginningOfTheShadowItGoesOnAfterTheNextStart() throws Exception {
    twin.offer(hub.onTrial(TwinTrialTest.BOTH, 2, hub.model("a", "2")), true);
    stopOften("shadow 2");
    goOn();
    assertThat(twin.status().state()).isEqualTo(SHADOW);
  }

  @Test
  void stopsAmidTheShadowAreNoAttemptsThatFailed() throws Exception {
    twin.offer(hub.onTrial(TwinTrialTest.BOTH, 2, hub.model("a", "2")), true);
    for (int i = 0; i < 2 * Twin.MOST_ATTEMPTS; i++) {
      goOn();
      assertThat(twin.status().state()).isEqualTo(SHADOW);
      twin.stopped();
    }
  }

  /** Ends by itself, or is killed: nobody asked for it. */
  @Test
  void whatItDidNotAskForCountsAllTheSame() throws Exception {
    twin.offer(hub.deployment(2, hub.model("a", "2")), true);
    stopOften("activate 2");
    for (int i = 0; i < Twin.MOST_ATTEMPTS; i++) {
      rig.models = new Stopped("activate 2");
      twin = rig.start();
      twin.work();
      rig.stopping = false;
    }
    goOn();
    assertThat(twin.status().state()).isEqualTo(REFUSED);
    assertThat(twin.status().code()).isEqualTo("trial.three_failed_starts");
    assertThat(rig.models.running).containsValue("a 1");
  }

  /** What stops it each time may be a watchdog that finds it sick. */
  @Test
  void whatIsStoppedAgainAndAgainIsRefusedInTheEnd() throws Exception {
    twin.offer(hub.deployment(2, hub.model("a", "2")), true);
    stop("activate 2", AskedStop.MOST + Twin.MOST_ATTEMPTS);
    goOn();
    assertThat(twin.status().state()).isEqualTo(REFUSED);
    assertThat(twin.status().code()).isEqualTo("trial.three_failed_starts");
    assertThat(rig.models.running).containsValue("a 1");
  }

  @Test
  void whatIsMeasuredWhileItStopsEndsNoTrial() throws Exception {
    twin.offer(hub.onTrial(TwinTrialTest.LIVE, 2, hub.model("a", "2")), true);
    twin.work();
    assertThat(twin.status().state()).isEqualTo(TRIAL);
    rig.models =
        new FakeHandler() {
          @Override
          public io.selvedge.api.deployment.TrialFigures figures(Artifact artifact) {
            rig.stopping = true; // its devices went while it was asked
            return TwinTrialTest.figures(100, 90, 1);
          }
        };
    twin = rig.start();
    twin.work();
    assertThat(rig.stopping).isTrue();
    assertThat(twin.status().state()).isEqualTo(TRIAL);
    twin.work();
    twin.stopped();
    rig.stopping = false;

    goOn();
    assertThat(twin.status().state()).isEqualTo(TRIAL);
    rig.models.measured.put("a2", TwinTrialTest.figures(100, 90, 1));
    twin.work();
    assertThat(twin.status().state()).as("it fails by its own figures").isEqualTo(REVERTED);
  }

  @Test
  void whatIsNotTakenUpWhileItStopsIsNotTakenBack() throws Exception {
    twin.offer(hub.deployment(2, hub.model("a", "2")), true);
    twin.work();
    rig.models = new Stopped("activate 2");
    twin = rig.start();
    twin.work();
    assertThat(rig.stopping).isTrue();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    twin.stopped();
    rig.stopping = false;

    goOn();
    rig.nanos.addAndGet(Duration.ofMinutes(2).toNanos());
    twin.work();
    assertThat(twin.status().revision()).isEqualTo(2);
    assertThat(rig.models.running).containsValue("a 2");
  }
}
