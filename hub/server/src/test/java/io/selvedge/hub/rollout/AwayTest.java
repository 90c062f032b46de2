package io.selvedge.hub.rollout;

import static io.selvedge.hub.rollout.RolloutRig.NEW;
import static io.selvedge.hub.rollout.RolloutRig.OLD;
import static io.selvedge.hub.rollout.RolloutRig.TWO_GROUPS;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.Artifact.Kind;
import io.selvedge.hub.rollout.Rollouts.By;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways that go away in the midst of a rollout: none of them holds the fleet for ever. */
class AwayTest {

  private static final By BERT = new By("bert", "we know");

  private RolloutRig rig;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    rig = new RolloutRig(folder).online("gw-1", "gw-2", "gw-3");
    rig.old("gw-1", "gw-2", "gw-3");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private void canaryIsThrough() {
    rig.work();
    rig.active("gw-1");
    rig.work();
  }

  @Test
  void whoGoesAwayBeforeItGotItsRevisionIsNotWaitedForAndFindsTheNewestOnly() throws Exception {
    long first = rig.create(TWO_GROUPS);
    canaryIsThrough();
    assertThat(rig.in(first, TargetState.ISSUED)).containsExactly("gw-2", "gw-3");
    rig.offline("gw-3");
    rig.active("gw-2");
    rig.work();
    assertThat(rig.state(first)).as("it may be back soon").isEqualTo(RolloutState.RUNNING);
    rig.later(Duration.ofMinutes(6));
    rig.work();
    assertThat(rig.state(first)).isEqualTo(RolloutState.FINISHED);
    assertThat(rig.in(first, TargetState.DONE)).as("no success").containsExactly("gw-1", "gw-2");
    assertThat(rig.target(first, "gw-3").state()).isEqualTo(TargetState.SCHEDULED);
    assertThat(rig.desired("gw-3").artifacts()).as("recalled").containsExactly(OLD);
    assertThat(rig.store.events(first, 0, 100).stream().map(RolloutEvent::why))
        .anyMatch(why -> why.startsWith("not connected since [") && why.endsWith("is recalled"));

    long second = rig.create("second", TWO_GROUPS);
    canaryIsThrough();
    rig.online("gw-3");
    rig.work();
    assertThat(rig.desired("gw-3").rollout()).contains("r-" + second);
    assertThat(rig.target(first, "gw-3").state()).isEqualTo(TargetState.SUPERSEDED);
  }

  @Test
  void whoIsBackAfterTheEndGetsIt() throws Exception {
    long id = rig.create(TWO_GROUPS);
    canaryIsThrough();
    rig.offline("gw-2");
    rig.offline("gw-3");
    rig.later(Duration.ofMinutes(6));
    rig.work();
    assertThat(rig.state(id)).as("nobody is left to wait for").isEqualTo(RolloutState.FINISHED);
    rig.online("gw-3");
    rig.work();
    assertThat(rig.desired("gw-3").artifacts()).containsExactly(NEW);
    rig.active("gw-3");
    rig.work();
    assertThat(rig.target(id, "gw-3").state()).isEqualTo(TargetState.DONE);
    assertThat(rig.target(id, "gw-3").former()).containsExactly(OLD);
  }

  @Test
  void whilePausedNothingStaysBehindForWhoIsAway() throws Exception {
    long id = rig.create(TWO_GROUPS);
    rig.work();
    rig.offline("gw-1");
    rig.rollouts.pause(id, BERT);
    rig.later(Duration.ofMinutes(6));
    rig.work();
    assertThat(rig.desired("gw-1").artifacts()).containsExactly(OLD);
    rig.online("gw-1");
    rig.work();
    assertThat(rig.desired("gw-1").artifacts()).as("paused").containsExactly(OLD);
    rig.rollouts.resume(id, false, BERT);
    rig.work();
    assertThat(rig.desired("gw-1").artifacts()).containsExactly(NEW);
  }

  @Test
  void anotherOneStandsInForACanaryThatIsAway() throws Exception {
    long id = rig.create(TWO_GROUPS);
    rig.work();
    rig.offline("gw-1");
    rig.later(Duration.ofMinutes(6));
    rig.work();
    assertThat(rig.target(id, "gw-2").group()).isZero();
    assertThat(rig.target(id, "gw-1").group()).isEqualTo(1);
    assertThat(rig.in(id, TargetState.ISSUED)).containsExactly("gw-2");
    assertThat(rig.group(id, 1)).as("nothing is proved yet").isEqualTo(GroupState.SCHEDULED);
    assertThat(rig.store.events(id, 0, 100).stream().map(RolloutEvent::why))
        .contains("stands in for [gw-1]");
    rig.active("gw-2");
    rig.work();
    assertThat(rig.in(id, TargetState.ISSUED)).containsExactly("gw-3");
  }

  @Test
  void nobodyStandsInForGatewaysThatSomebodyHasNamed() throws Exception {
    long id =
        rig.create(
            "\"fleet\": {}, \"groups\": [{\"name\": \"canary\", \"gateways\": [\"gw-1\"]}, {\"name\":"
                + " \"all\", \"rest\": true}]");
    rig.work();
    rig.offline("gw-1");
    rig.later(Duration.ofMinutes(6));
    rig.work();
    assertThat(rig.group(id, 0)).isEqualTo(GroupState.RUNNING);
    assertThat(rig.in(id, TargetState.SCHEDULED)).containsExactly("gw-1", "gw-2", "gw-3");
    assertThat(rig.rollouts.waits(rig.store.find(id).orElseThrow()).get(0))
        .isEqualTo("[0] of [0] succeeded; not for [gw-1], not connected");
  }

  @Test
  void norDoesOneStandInThatSomebodyHasNamedForLater() throws Exception {
    long id =
        rig.create(
            "\"fleet\": {}, \"groups\": [{\"name\": \"canary\", \"count\": 1}, {\"name\":"
                + " \"last\", \"gateways\": [\"gw-2\"]}, {\"name\": \"all\", \"rest\": true}]");
    rig.work();
    rig.offline("gw-1");
    rig.later(Duration.ofMinutes(6));
    rig.work();
    assertThat(rig.target(id, "gw-2").group()).as("named").isEqualTo(1);
    assertThat(rig.in(id, TargetState.ISSUED)).as("not named").containsExactly("gw-3");
    assertThat(rig.target(id, "gw-3").group()).isZero();
  }

  @Test
  void whatSomebodyDeployedBesidesIsKeptWhereARevisionIsRecalled() throws Exception {
    long id = rig.create(TWO_GROUPS);
    canaryIsThrough();
    rig.active("gw-2");
    rig.offline("gw-3");
    Artifact besides = new Artifact(Kind.FLOW, "f", "1", OLD.files());
    rig.deployer.deploy("gw-3", List.of(besides), List.of());
    rig.work();
    rig.later(Duration.ofMinutes(6));
    rig.work();
    assertThat(rig.target(id, "gw-3").state()).isEqualTo(TargetState.SCHEDULED);
    assertThat(rig.state(id)).isEqualTo(RolloutState.FINISHED);
    assertThat(rig.desired("gw-3").artifacts()).containsExactlyInAnyOrder(OLD, besides);
  }

  @Test
  void whoHasTakenItHasBegunWhateverCameOnTop() throws Exception {
    long id = rig.create(TWO_GROUPS);
    rig.work();
    rig.deployer.fetch("gw-1");
    rig.offline("gw-1");
    rig.deployer.deploy("gw-1", List.of(new Artifact(Kind.FLOW, "f", "1", OLD.files())), List.of());
    rig.later(Duration.ofMinutes(30));
    rig.work();
    assertThat(rig.desired("gw-1").artifacts()).contains(NEW);
    rig.later(Duration.ofMinutes(40));
    rig.work();
    assertThat(rig.target(id, "gw-1").code()).isEqualTo("rollout.lost");
  }

  @Test
  void whoVanishesWithTheNewModelHasFailedAfterAnHourAndWhatItSaysLaterCounts() throws Exception {
    long id = rig.create(TWO_GROUPS);
    rig.work();
    rig.report("gw-1", 2, 2, "TRIAL", "", "{}");
    rig.work();
    rig.offline("gw-1");
    rig.later(Duration.ofMinutes(50));
    rig.work();
    assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.TRIAL);
    assertThat(rig.rollouts.waits(rig.store.find(id).orElseThrow()).get(0))
        .isEqualTo("[0] of [1] succeeded; waits for [gw-1]");
    rig.later(Duration.ofMinutes(15));
    rig.work();
    assertThat(rig.target(id, "gw-1").code()).isEqualTo("rollout.lost");
    assertThat(rig.state(id)).as("it may have been broken by it").isEqualTo(RolloutState.PAUSED);
    rig.work();
    assertThat(rig.path(id, "gateway/gw-1"))
        .as("told once")
        .containsExactly("SCHEDULED>ISSUED", "ISSUED>TRIAL", "TRIAL>FAILED");

    rig.online("gw-1");
    rig.work();
    assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.TRIAL);
    rig.active("gw-1");
    rig.work();
    assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.DONE);
    rig.rollouts.resume(id, false, BERT);
    rig.work();
    assertThat(rig.in(id, TargetState.ISSUED)).containsExactly("gw-2", "gw-3");
  }

  @Test
  void whoHasTakenItIsNotGivenTheFormerOne() throws Exception {
    long id = rig.create(TWO_GROUPS);
    rig.work();
    rig.deployer.fetch("gw-1"); // it has asked, and got it
    rig.offline("gw-1");
    rig.later(Duration.ofMinutes(30));
    rig.work();
    assertThat(rig.newest("gw-1").revision()).isEqualTo(2);
    assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.ISSUED);
    rig.later(Duration.ofMinutes(40));
    rig.work();
    assertThat(rig.target(id, "gw-1").code()).isEqualTo("rollout.lost");
  }

  @Test
  void whoIsThereAndNeverEndsHasFailedWhenItsTimeIsUp() throws Exception {
    long id = rig.create(TWO_GROUPS);
    rig.work();
    rig.later(Duration.ofHours(23));
    rig.work();
    assertThat(rig.state(id)).isEqualTo(RolloutState.RUNNING);
    rig.later(Duration.ofMinutes(75));
    rig.work();
    assertThat(rig.target(id, "gw-1").code()).isEqualTo("rollout.timeout");
    assertThat(rig.state(id)).isEqualTo(RolloutState.PAUSED);
    rig.report("gw-1", 2, 1, "FETCHING", "", "null");
    rig.work();
    assertThat(rig.target(id, "gw-1").state()).as("too late").isEqualTo(TargetState.FAILED);
    rig.active("gw-1");
    rig.work();
    assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.DONE);
  }
}
