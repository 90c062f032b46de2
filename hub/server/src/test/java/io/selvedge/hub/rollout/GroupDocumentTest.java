package io.selvedge.hub.rollout;

import static io.selvedge.hub.rollout.RolloutRig.NEW;
import static io.selvedge.hub.rollout.RolloutRig.OLD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.Artifact.Kind;
import io.selvedge.hub.deploy.Deployer;
import io.selvedge.hub.deploy.Terms;
import io.selvedge.hub.store.Deployment;
import io.selvedge.hub.store.Deployment.Delivery;
import io.selvedge.protocol.json.Fields;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a group's document with gateways that took it, and with those that are not. */
class GroupDocumentTest {

  private static final Artifact EXTRA = new Artifact(Kind.CONFIGURATION, "extra", "1", OLD.files());
  private static final Terms TRIAL =
      Terms.parse(
          Fields.parse(
              "terms",
              "{\"trial\": {\"live\": {\"rows\": 100, \"max_error_rate\": 0.02}}}"
                  .getBytes(UTF_8)));
  private static final String STRAY = "deployment.not_for_this_gateway";

  private RolloutRig rig;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    rig = new RolloutRig(folder).online("gw-1", "gw-2", "gw-3");
    for (String one : List.of("gw-1", "gw-2")) {
      rig.deployer.deploy(one, List.of(OLD), List.of());
      rig.active(one);
    }
    rig.deployer.deploy("line-a", List.of("gw-1", "gw-2", "gw-3"), List.of(EXTRA), Terms.NONE);
    for (String one : List.of("gw-1", "gw-2", "gw-3")) {
      rig.deployer.fetch(one);
    }
    rig.active("gw-1");
    rig.report("gw-2", 1, 1, "REFUSED", STRAY, "null");
    rig.report("gw-3", 0, 0, "REFUSED", STRAY, "null"); // it has nothing else
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private List<Artifact> deployed(String gateway) {
    return Deployer.artifacts(rig.deployer.deploy(gateway, List.of(NEW), List.of()));
  }

  @Test
  void whoRefusedItAsNotOfTheGroupNeverGetsItsContentUnderItsOwnName() {
    assertThat(rig.newest("gw-2").delivery()).isEqualTo(Delivery.REFUSED);
    assertThat(rig.newest("gw-2").deliveryMessage()).isEqualTo("so it says");
    assertThat(deployed("gw-2")).containsExactly(NEW);
    assertThat(deployed("gw-3")).containsExactly(NEW);
    assertThat(deployed("gw-1")).as("it is of the group").containsExactlyInAnyOrder(EXTRA, NEW);
  }

  @Test
  void alsoNotWhenItIsIssuedAnewBecauseOfItsAge() {
    rig.later(Duration.ofDays(30));
    assertThat(Deployer.artifacts(rig.deployer.fetch("gw-2").orElseThrow())).containsExactly(OLD);
    assertThat(Deployer.artifacts(rig.deployer.fetch("gw-1").orElseThrow())).containsExactly(EXTRA);
  }

  @Test
  void alsoNotByARolloutThatFailsAndIsFollowedByAnother() throws Exception {
    rig.create("\"gateways\": [\"gw-2\"]");
    rig.work();
    assertThat(rig.desired("gw-2").artifacts()).containsExactly(NEW);
    rig.failed("gw-2", "REVERTED", "trial.latency");
    assertThat(Deployer.artifacts(rig.deployer.deploy("gw-2", List.of(), List.of())))
        .containsExactly(OLD);
  }

  /** A restart with other groups, while the document was being fetched. */
  @Test
  void whoLeavesTheGroupAmidItsWorkDoesNotGetItsContentUnderItsOwnName() {
    long revision =
        rig.deployer
            .deploy("line-a", List.of("gw-2"), List.of(EXTRA), Terms.NONE)
            .get(0)
            .revision();
    rig.report("gw-2", revision, 1, "FETCHING", "", "null");
    rig.report("gw-2", revision, 1, "REFUSED", STRAY, "null");
    Deployment next = rig.deployer.deploy("gw-2", List.of(), List.of());
    assertThat(Deployer.artifacts(next)).containsExactly(OLD);
    assertThat(next.revision()).isEqualTo(revision + 1);
  }

  @Test
  void whoLeavesTheGroupWhenItIsLiveKeepsWhatItRuns() {
    long revision =
        rig.deployer
            .deploy("line-a", List.of("gw-2"), List.of(EXTRA), Terms.NONE)
            .get(0)
            .revision();
    rig.active("gw-2");
    rig.deployer.deploy("line-a", List.of("gw-2"), List.of(OLD, EXTRA), Terms.NONE);
    rig.report("gw-2", revision, revision, "REFUSED", STRAY, "null"); // of the second one
    assertThat(deployed("gw-2")).containsExactlyInAnyOrder(EXTRA, NEW);
  }

  @Test
  void whatFailsForAnotherReasonStaysDesired() {
    rig.deployer.deploy("line-a", List.of("gw-2"), List.of(EXTRA), Terms.NONE);
    rig.failed("gw-2", "REFUSED", "bundle.unresolved");
    assertThat(deployed("gw-2")).containsExactlyInAnyOrder(EXTRA, NEW);
  }

  /** A group's document of an older revision, handed over by hand after the gateway's own. */
  @ParameterizedTest
  @ValueSource(strings = {"deployment.old_revision", STRAY})
  void whatIsProvedStaysProvedWhereAnotherDocumentIsTurnedAwayAfterwards(String code) {
    rig.deployer.deploy("gw-1", new Deployer.Change(List.of(NEW), List.of(), Optional.of(TRIAL)));
    long revision = rig.newest("gw-1").revision();
    rig.active("gw-1", "{\"phase\": \"live\", \"verdict\": \"passed\"}");
    rig.report(
        "gw-1",
        revision,
        revision,
        "REFUSED",
        code,
        "{\"phase\": \"live\", \"verdict\": \"passed\"}");
    rig.deployer.deploy("gw-1", List.of(OLD), List.of());
    assertThat(rig.desired("gw-1").trial()).as("of what has proved itself").isEmpty();
  }

  @Test
  void whatIsOnTrialStaysSoWhereAnotherDocumentIsTurnedAwayMeanwhile() {
    rig.deployer.deploy("gw-1", new Deployer.Change(List.of(NEW), List.of(), Optional.of(TRIAL)));
    long revision = rig.newest("gw-1").revision();
    rig.report(
        "gw-1",
        revision,
        revision,
        "REFUSED",
        "deployment.old_revision",
        "{\"phase\": \"live\", \"verdict\": \"\"}");
    rig.deployer.deploy("gw-1", List.of(OLD), List.of());
    assertThat(rig.desired("gw-1").trial()).isPresent();
  }

  @Test
  void whoSaysTheSameOnceMoreAndThenTakesAnotherOneUpKeepsThat() {
    rig.deployer.deploy("line-a", List.of("gw-2"), List.of(EXTRA), Terms.NONE);
    rig.report("gw-2", 1, 1, "REFUSED", STRAY, "null"); // has not heard of it yet
    rig.active("gw-2");
    assertThat(deployed("gw-2")).containsExactlyInAnyOrder(EXTRA, NEW);
  }

  @Test
  void whatIsForTheGatewayItselfIsNotTakenForRefused() {
    Deployment own = rig.deployer.deploy("gw-2", List.of(NEW), List.of());
    rig.report("gw-2", 1, 1, "REFUSED", STRAY, "null"); // still of the one before
    assertThat(rig.newest("gw-2").revision()).isEqualTo(own.revision());
    assertThat(rig.newest("gw-2").delivery()).isEqualTo(Delivery.ISSUED);
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 1L << 40})
  void whatAGatewayCameByInAnotherWayIsBelowTheNext(long handedOver) {
    rig.report("gw-1", handedOver, handedOver, "ACTIVE", "", "null");
    assertThat(rig.deployer.deploy("gw-1", List.of(NEW), List.of()).revision())
        .isEqualTo(handedOver + 1);
    rig.report("gw-2", handedOver + 5, handedOver + 5, "ACTIVE", "", "null");
    assertThat(rig.deployer.deploy("line-a", List.of("gw-1", "gw-2"), List.of(EXTRA), Terms.NONE))
        .extracting(Deployment::revision)
        .containsOnly(handedOver + 6);
  }

  /** Of the group, as its own settings say, which the hub has not been told. */
  @Test
  void whatWasSignedForAGroupAndHandedOverIsListedOnceItRuns() {
    Deployment signed = issue(List.of(OLD, EXTRA));
    rig.runs("gw-2", signed.revision(), OLD, EXTRA);
    Deployment listed = rig.newest("gw-2");
    assertThat(listed.document()).isEqualTo(signed.document());
    assertThat(listed.delivery()).isEqualTo(Delivery.TAKEN);
    assertThat(listed.deliveryMessage()).contains("handed over");
    assertThat(rig.deployer.fetch("gw-2")).as("nothing older when it asks").contains(listed);
    rig.runs("gw-2", signed.revision(), OLD, EXTRA); // says it again
    assertThat(deployed("gw-2")).containsExactlyInAnyOrder(NEW, EXTRA);
    assertThat(rig.newest("gw-2").revision()).isEqualTo(signed.revision() + 1);
  }

  @Test
  void whatOnlyHasTheRevisionOfAGroupsDocumentIsNotTakenForIt() {
    Deployment signed = issue(List.of(OLD, EXTRA));
    rig.runs("gw-2", signed.revision(), EXTRA);
    assertThat(rig.newest("gw-2").revision()).isLessThan(signed.revision());
    assertThat(deployed("gw-2")).containsExactly(NEW);
  }

  private Deployment issue(List<Artifact> artifacts) {
    rig.deployer.deploy("gw-1", List.of(NEW), List.of());
    return rig.deployer.deploy("line-a", List.of("gw-1"), artifacts, Terms.NONE).get(0);
  }

  @Test
  void aRolloutDoesNotSucceedByWhatWasHandedOverInstead() throws Exception {
    long id = rig.create("\"gateways\": [\"gw-2\"], \"groups\": [{\"rest\": true}]");
    rig.work();
    long revision = rig.newest("gw-2").revision();
    rig.report("gw-2", revision, 1, "FETCHING", "", "null");
    rig.work();
    assertThat(rig.target(id, "gw-2").state()).isEqualTo(TargetState.INSTALLING);
    Deployment signed = issue(List.of(OLD, EXTRA));
    rig.runs("gw-2", signed.revision(), OLD, EXTRA);
    rig.work();
    assertThat(rig.target(id, "gw-2").state()).isEqualTo(TargetState.SUPERSEDED);
  }

  @Test
  void aRolloutSucceedsByWhatWasHandedOverWhereThatHasItsArtifacts() throws Exception {
    long id = rig.create("\"gateways\": [\"gw-2\"], \"groups\": [{\"rest\": true}]");
    rig.work();
    Deployment signed = issue(List.of(NEW, EXTRA));
    rig.runs("gw-2", signed.revision(), NEW, EXTRA);
    rig.work();
    assertThat(rig.target(id, "gw-2").state()).isEqualTo(TargetState.DONE);
  }

  @Test
  void aRolloutDoesNotSucceedByWhatThisHubNeverIssued() throws Exception {
    long id = rig.create("\"gateways\": [\"gw-2\"], \"groups\": [{\"rest\": true}]");
    rig.work();
    rig.report("gw-2", 70, 70, "ACTIVE", "", "{\"rows\": 100}");
    rig.work();
    assertThat(rig.target(id, "gw-2").state()).isEqualTo(TargetState.SUPERSEDED);
  }

  /** A hub whose store is an older copy, for example. */
  @Test
  void whereARolloutsRevisionIsTooOldTheNextIsAboveWhatRuns() throws Exception {
    long id = rig.create("\"gateways\": [\"gw-2\"], \"groups\": [{\"rest\": true}]");
    rig.work();
    rig.report("gw-2", 70, 70, "REFUSED", "deployment.old_revision", "null");
    rig.work();
    assertThat(rig.newest("gw-2").revision()).isEqualTo(71);
    assertThat(rig.target(id, "gw-2").state()).isEqualTo(TargetState.ISSUED);
    rig.active("gw-2");
    rig.work();
    assertThat(rig.target(id, "gw-2").state()).isEqualTo(TargetState.DONE);
    assertThat(rig.state(id)).isEqualTo(RolloutState.FINISHED);
  }

  @Test
  void aRevisionThatNoHubHasGivenIsNotBelieved() {
    rig.report("gw-1", Long.MAX_VALUE, 2, "ACTIVE", "", "null");
    assertThat(rig.deployer.deploy("gw-1", List.of(NEW), List.of()).revision()).isEqualTo(3);
  }
}
