package io.selvedge.hub.rollout;

import static io.selvedge.hub.rollout.RolloutRig.NEW;
import static io.selvedge.hub.rollout.RolloutRig.OLD;
import static io.selvedge.hub.rollout.RolloutRig.TWO_GROUPS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.hub.rollout.Rollouts.By;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloutTest {

  private static final By BERT = new By("bert", "it is night");

  private RolloutRig rig;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    rig = new RolloutRig(folder);
    rig.online("gw-1", "gw-2", "gw-3");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void groupAfterGroupGetsItAndEachMustProveItFirst() throws Exception {
    rig.old("gw-1", "gw-2", "gw-3");
    long id = rig.create(TWO_GROUPS);
    assertThat(rig.state(id)).isEqualTo(RolloutState.CREATING);
    rig.work();
    assertThat(rig.state(id)).isEqualTo(RolloutState.RUNNING);
    assertThat(rig.desired("gw-1").artifacts()).containsExactly(NEW);
    assertThat(rig.desired("gw-1").rollout()).contains("r-" + id);
    assertThat(rig.desired("gw-1").trial()).isPresent();
    assertThat(rig.desired("gw-2").artifacts()).containsExactly(OLD);
    assertThat(rig.sent).endsWith("gw-1");

    rig.report("gw-1", 2, 1, "VERIFYING", "", "null");
    rig.work();
    assertThat(rig.in(id, TargetState.INSTALLING)).containsExactly("gw-1");
    rig.report("gw-1", 2, 2, "TRIAL", "", "{\"rows\": 10}");
    rig.work();
    assertThat(rig.in(id, TargetState.TRIAL)).as("live is not yet good").containsExactly("gw-1");
    String open = "{\"phase\": \"live\", \"rows\": 20, \"verdict\": \"\"}";
    rig.report("gw-1", 2, 2, "REFUSED", "deployment.wrong_key", open);
    rig.work();
    assertThat(rig.in(id, TargetState.TRIAL)).as("refused is another one").contains("gw-1");
    assertThat(rig.desired("gw-2").artifacts()).containsExactly(OLD);

    rig.active("gw-1");
    rig.work();
    assertThat(rig.group(id, 0)).isEqualTo(GroupState.FINISHED);
    assertThat(rig.in(id, TargetState.ISSUED)).containsExactly("gw-2", "gw-3");
    rig.active("gw-2");
    rig.work();
    assertThat(rig.state(id)).isEqualTo(RolloutState.RUNNING);
    rig.active("gw-3");
    rig.work();
    assertThat(rig.state(id)).isEqualTo(RolloutState.FINISHED);
    assertThat(rig.in(id, TargetState.DONE)).containsExactly("gw-1", "gw-2", "gw-3");
    assertThat(rig.path(id, ""))
        .containsExactly(
            ">CREATING",
            "CREATING>READY",
            "READY>STARTING",
            "STARTING>RUNNING",
            "RUNNING>FINISHED");
    assertThat(rig.path(id, "gateway/gw-1"))
        .containsExactly("SCHEDULED>ISSUED", "ISSUED>INSTALLING", "INSTALLING>TRIAL", "TRIAL>DONE");
    assertThat(rig.store.events(id, 0, 100))
        .allSatisfy(one -> assertThat(one.who()).isIn("anna", "HUB"))
        .anySatisfy(one -> assertThat(one.why()).contains("\"agreement\":0.97"));
  }

  @Test
  void whatTheCanaryTakesBackGoesNoFurtherAndIsForgotten() throws Exception {
    rig.old("gw-1", "gw-2", "gw-3");
    long id = rig.create(TWO_GROUPS);
    rig.work();
    rig.failed("gw-1", "REVERTED", "trial.agreement");
    rig.work();
    assertThat(rig.state(id)).isEqualTo(RolloutState.PAUSED);
    assertThat(rig.group(id, 0)).isEqualTo(GroupState.ERROR);
    assertThat(rig.target(id, "gw-1").code()).isEqualTo("trial.agreement");
    assertThat(rig.in(id, TargetState.SCHEDULED)).containsExactly("gw-2", "gw-3");
    assertThat(rig.store.events(id, 0, 100).stream().map(RolloutEvent::why))
        .anyMatch(
            why ->
                why.startsWith("group [canary]: [1] of [1] gateways failed")
                    && why.contains("trial.agreement"));

    // What is ordered next for that gateway is not built on what it took back.
    rig.deployer.deploy("gw-1", List.of(), List.of());
    assertThat(rig.desired("gw-1").artifacts()).containsExactly(OLD);
    assertThat(rig.desired("gw-1").trial()).isEmpty();
  }

  @Test
  void aGatewayThatIsCommittedButDoesTooBadlyHasFailed() throws Exception {
    long id =
        rig.create(
            "\"gateways\": [\"gw-1\", \"gw-2\"], \"groups\": [{\"name\": \"canary\", \"count\": 1,"
                + " \"figures\": {\"min_agreement\": 0.9, \"min_accuracy\": 0.8}}, {\"rest\":"
                + " true}]");
    rig.work();
    rig.active("gw-1", "{\"agreement\": 0.95, \"accuracy\": 0.7}");
    rig.work();
    assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.FAILED);
    assertThat(rig.target(id, "gw-1").code()).isEqualTo("rollout.figures");
    assertThat(rig.target(id, "gw-1").message()).isEqualTo("accuracy [0.7] must be at least 0.8");
    assertThat(rig.state(id)).isEqualTo(RolloutState.PAUSED);

    // Tried again, it does well; an accuracy that is not measured would not do.
    rig.rollouts.resume(id, true, BERT);
    rig.work();
    rig.active("gw-1", "{\"agreement\": 0.95}");
    rig.work();
    assertThat(rig.target(id, "gw-1").message()).contains("accuracy was not measured");
    rig.rollouts.resume(id, true, BERT);
    rig.work();
    rig.active("gw-1", "{\"agreement\": 0.95, \"accuracy\": 0.9}");
    rig.work();
    assertThat(rig.group(id, 0)).isEqualTo(GroupState.FINISHED);
  }

  @Test
  void aRefusedDocumentIsAFailureEvenWithoutAReport() throws Exception {
    long id = rig.create(TWO_GROUPS);
    rig.work();
    rig.database
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "update deployments set delivery = 'REFUSED', delivery_message ="
                        + " 'deployment.runtime_too_old it is' where gateway = 'gw-1'"));
    rig.work();
    assertThat(rig.target(id, "gw-1").code()).isEqualTo("deployment.runtime_too_old");
    assertThat(rig.state(id)).isEqualTo(RolloutState.PAUSED);
  }

  @Test
  void errorsBelowTheThresholdDoNotStopIt() throws Exception {
    rig.online("gw-4", "gw-5");
    long id =
        rig.create("\"fleet\": {}, \"groups\": [{\"rest\": true, \"max_error_percent\": 40}]");
    rig.work();
    rig.failed("gw-1", "REFUSED", "model.golden_mismatch");
    rig.failed("gw-2", "REFUSED", "model.golden_mismatch");
    rig.work();
    assertThat(rig.state(id)).isEqualTo(RolloutState.RUNNING);
    for (String one : List.of("gw-3", "gw-4", "gw-5")) {
      rig.active(one);
    }
    rig.work();
    assertThat(rig.state(id)).isEqualTo(RolloutState.FINISHED);
    assertThat(rig.in(id, TargetState.FAILED)).containsExactly("gw-1", "gw-2");
  }

  @Test
  void pausedItIssuesNothingAndResumedItGoesOnWithTheFailuresAccepted() throws Exception {
    long id = rig.create(TWO_GROUPS);
    rig.work();
    rig.rollouts.pause(id, BERT);
    rig.active("gw-1");
    rig.work();
    assertThat(rig.target(id, "gw-1").state())
        .as("what was issued goes on")
        .isEqualTo(TargetState.DONE);
    assertThat(rig.in(id, TargetState.ISSUED)).isEmpty();
    rig.rollouts.resume(id, false, BERT);
    rig.work();
    rig.failed("gw-2", "REFUSED", "artifact.no_room");
    rig.work();
    assertThat(rig.state(id)).isEqualTo(RolloutState.PAUSED);
    rig.rollouts.resume(id, false, new By("carla", "its disk is full, we know"));
    rig.active("gw-3");
    rig.work();
    assertThat(rig.state(id)).isEqualTo(RolloutState.FINISHED);
    assertThat(rig.store.events(id, 0, 100))
        .anySatisfy(
            one -> {
              assertThat(one.who()).isEqualTo("carla");
              assertThat(one.to()).isEqualTo("RUNNING");
              assertThat(one.why()).isEqualTo("its disk is full, we know");
            });
  }

  @Test
  void abortedItTakesBackWhatHasNotSucceededAndOnDemandEverything() throws Exception {
    rig.old("gw-1", "gw-2", "gw-3");
    long id = rig.create(TWO_GROUPS);
    rig.work();
    rig.active("gw-1");
    rig.work();
    rig.report("gw-2", 2, 2, "TRIAL", "", "{}");
    rig.offline("gw-3");
    rig.rollouts.abort(id, false, BERT);
    rig.work();
    assertThat(rig.state(id)).isEqualTo(RolloutState.STOPPED);
    assertThat(rig.desired("gw-1").artifacts()).as("it has succeeded there").containsExactly(NEW);
    assertThat(rig.desired("gw-2").artifacts()).containsExactly(OLD);
    assertThat(rig.desired("gw-2").trial()).isEmpty();
    assertThat(rig.target(id, "gw-2").state()).isEqualTo(TargetState.TAKING_BACK);
    rig.active("gw-2");
    rig.work();
    assertThat(rig.target(id, "gw-2").state()).isEqualTo(TargetState.TAKEN_BACK);
    assertThatThrownBy(() -> rig.rollouts.abort(id, true, BERT))
        .isInstanceOf(RolloutException.class)
        .hasMessageContaining("is STOPPED and cannot be aborted");
  }

  @Test
  void aFinishedOneCanBeTakenBackAsAWhole() throws Exception {
    rig.old("gw-1", "gw-2");
    long id =
        rig.create("\"gateways\": [\"gw-1\", \"gw-2\", \"gw-3\"], \"groups\": [{\"rest\": true}]");
    rig.work();
    for (String one : List.of("gw-1", "gw-2", "gw-3")) {
      rig.active(one);
    }
    rig.work();
    assertThat(rig.state(id)).isEqualTo(RolloutState.FINISHED);
    rig.deployer.deploy("gw-2", List.of(RolloutRig.model("3")), List.of()); // somebody was faster
    assertThatThrownBy(() -> rig.rollouts.abort(id, false, BERT)).hasMessageContaining("take_back");
    rig.rollouts.abort(id, true, BERT);
    rig.work();
    assertThat(rig.desired("gw-1").artifacts()).containsExactly(OLD);
    assertThat(rig.desired("gw-2").artifacts()).containsExactly(RolloutRig.model("3"));
    assertThat(rig.desired("gw-3").artifacts()).as("it had none before").isEmpty();
    assertThat(rig.target(id, "gw-2").state()).isEqualTo(TargetState.SUPERSEDED);
    rig.active("gw-1");
    rig.active("gw-3");
    rig.work();
    assertThat(rig.in(id, TargetState.TAKEN_BACK)).containsExactly("gw-1", "gw-3");
  }

  @Test
  void whoWasAwayCatchesUpToTheNewestOnly() throws Exception {
    rig.old("gw-1", "gw-2", "gw-3");
    rig.offline("gw-3");
    long first = rig.create(TWO_GROUPS);
    rig.work();
    rig.active("gw-1");
    rig.work();
    rig.active("gw-2");
    rig.work();
    assertThat(rig.state(first)).as("it waits a while for gw-3").isEqualTo(RolloutState.RUNNING);
    rig.later(Duration.ofMinutes(6));
    rig.work();
    assertThat(rig.state(first)).isEqualTo(RolloutState.FINISHED);
    long second = rig.create("second", TWO_GROUPS.replace("all", "others"));
    rig.work();
    rig.active("gw-1");
    rig.work();
    rig.online("gw-3");
    rig.work();
    assertThat(rig.newest("gw-3").revision()).as("one step, not two").isEqualTo(2);
    assertThat(rig.desired("gw-3").rollout()).contains("r-" + second);
    assertThat(rig.target(first, "gw-3").state()).isEqualTo(TargetState.SUPERSEDED);
  }

  @Test
  void lateComersJoinAlsoAfterItsEnd() throws Exception {
    long id = rig.create(TWO_GROUPS);
    rig.work();
    rig.online("gw-4");
    rig.work();
    assertThat(rig.target(id, "gw-4").state())
        .as("the last group's")
        .isEqualTo(TargetState.SCHEDULED);
    for (String one : List.of("gw-1", "gw-2", "gw-3", "gw-4")) {
      rig.work();
      rig.active(one);
    }
    rig.work();
    assertThat(rig.state(id)).isEqualTo(RolloutState.FINISHED);
    rig.online("gw-5");
    rig.work();
    assertThat(rig.desired("gw-5").artifacts()).containsExactly(NEW);
    rig.active("gw-5");
    rig.work();
    assertThat(rig.target(id, "gw-5").state()).isEqualTo(TargetState.DONE);
  }

  @Test
  void theNextGroupWaitsAsLongAsItWasTold() throws Exception {
    long id =
        rig.create(
            "\"fleet\": {}, \"groups\": [{\"count\": 1, \"wait_seconds\": 600}, {\"rest\": true}]");
    rig.work();
    rig.active("gw-1");
    rig.work();
    assertThat(rig.group(id, 1)).isEqualTo(GroupState.SCHEDULED);
    rig.later(Duration.ofMinutes(10));
    rig.work();
    assertThat(rig.group(id, 1)).isEqualTo(GroupState.RUNNING);
  }

  @Test
  void itStartsAtItsTimeOrByHand() throws Exception {
    long timed =
        rig.rollouts.create(
            "timed",
            RolloutRig.plan("\"gateways\": [\"gw-1\"]"),
            Optional.of(rig.now().plus(Duration.ofHours(2))),
            BERT);
    long byHand =
        rig.rollouts.create(
            "by hand", RolloutRig.plan("\"gateways\": [\"gw-2\"]"), Optional.empty(), BERT);
    rig.work();
    assertThat(rig.state(timed)).isEqualTo(RolloutState.READY);
    rig.later(Duration.ofHours(2));
    rig.work();
    assertThat(rig.state(timed)).isEqualTo(RolloutState.RUNNING);
    assertThat(rig.state(byHand)).isEqualTo(RolloutState.READY);
    rig.rollouts.start(byHand, BERT);
    rig.work();
    assertThat(rig.state(byHand)).isEqualTo(RolloutState.RUNNING);
    assertThatThrownBy(() -> rig.rollouts.start(byHand, BERT))
        .isInstanceOf(RolloutException.class)
        .hasMessageContaining("must be [CREATING, READY]");
  }

  @Test
  void twoRolloutsOfTheSameModelDoNotMeetOnAGateway() throws Exception {
    long id = rig.create(TWO_GROUPS);
    assertThatThrownBy(() -> rig.create("\"gateways\": [\"gw-2\"]"))
        .isInstanceOf(RolloutException.class)
        .hasMessageContaining("changes the same on gateway [gw-2]");
    rig.work();
    rig.rollouts.abort(id, false, BERT);
    rig.work();
    assertThat(rig.create("\"gateways\": [\"gw-2\"]")).isGreaterThan(id);
  }

  @Test
  void whereTheCanaryGetsSomethingElseNobodyElseGetsItBeforeSomebodySaysSo() throws Exception {
    rig.old("gw-1", "gw-2");
    long id =
        rig.create(
            "\"gateways\": [\"gw-1\", \"gw-2\"], \"groups\": [{\"count\": 1}, {\"rest\": true}]");
    rig.work();
    rig.deployer.deploy("gw-1", List.of(RolloutRig.model("3")), List.of());
    rig.work();
    assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.SUPERSEDED);
    assertThat(rig.state(id)).isEqualTo(RolloutState.PAUSED);
    assertThat(rig.desired("gw-2").artifacts()).containsExactly(OLD);

    rig.rollouts.resume(id, false, BERT);
    rig.work();
    assertThat(rig.desired("gw-2").artifacts()).containsExactly(NEW);
    rig.active("gw-2");
    rig.work();
    assertThat(rig.state(id)).isEqualTo(RolloutState.FINISHED);
  }

  @Test
  void whatIsOrderedMeanwhileKeepsTheTrialOrSupersedesIt() throws Exception {
    rig.old("gw-1", "gw-2", "gw-3");
    long id = rig.create("\"fleet\": {}, \"groups\": [{\"rest\": true}]");
    rig.work();
    rig.deployer.deploy("gw-1", List.of(), List.of());
    assertThat(rig.desired("gw-1").trial()).as("it has not proved itself yet").isPresent();
    rig.report("gw-1", 2, 1, "REVERTED", "trial.superseded", "{}");
    rig.work();
    assertThat(rig.state(id)).as("the newer revision decides").isEqualTo(RolloutState.RUNNING);
    rig.active("gw-1");
    rig.deployer.deploy("gw-2", List.of(OLD), List.of());
    rig.work();
    assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.DONE);
    assertThat(rig.target(id, "gw-2").state()).isEqualTo(TargetState.SUPERSEDED);
    rig.active("gw-3");
    rig.work();
    assertThat(rig.state(id)).isEqualTo(RolloutState.FINISHED);
  }

  /** Two hubs share the work: what came of one millisecond comes in any order. */
  @Test
  void anEndIsNotOverwrittenByWhatWasSaidInTheSameMillisecond() throws Exception {
    rig.old("gw-1");
    long id = rig.create("\"gateways\": [\"gw-1\"]");
    rig.work();
    rig.active("gw-1");
    rig.report("gw-1", 2, 2, "TRIAL", "", "{}", Map.of());
    rig.work();
    assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.DONE);
  }

  @Test
  void whatWasIssuedAndNeverHeardOfIsSentAgain() throws Exception {
    rig.create("\"gateways\": [\"gw-1\"]");
    rig.work();
    assertThat(rig.sent).containsExactly("gw-1");
    rig.anew(); // the hub was killed before it could send: it cannot know
    rig.work();
    assertThat(rig.sent).containsExactly("gw-1", "gw-1");
    rig.later(Duration.ofSeconds(60));
    rig.work();
    assertThat(rig.sent).hasSize(3);
    rig.deployer.fetch("gw-1");
    rig.later(Duration.ofSeconds(60));
    rig.work();
    assertThat(rig.sent).as("it has it").hasSize(3);
    assertThat(rig.newest("gw-1").revision()).isEqualTo(1);
  }
}
