package io.selvedge.deployment;

import static io.selvedge.api.deployment.DeploymentStatus.State.ACTIVE;
import static io.selvedge.api.deployment.DeploymentStatus.State.FETCHING;
import static io.selvedge.api.deployment.DeploymentStatus.State.REFUSED;
import static io.selvedge.api.deployment.DeploymentStatus.State.REVERTED;
import static io.selvedge.api.deployment.DeploymentStatus.State.TRIAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.Target;
import io.selvedge.protocol.deployment.Trial;
import io.selvedge.protocol.json.Fields;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents for groups beside those for the gateway itself, and a gateway whose groups change. */
class TwinGroupTest {

  private final FakeHub hub = new FakeHub();
  private Rig rig;
  private Twin twin;

  TwinGroupTest() {}

  @BeforeEach
  void oneIsLive(@TempDir Path root) throws Exception {
    rig = new Rig(root, hub);
    twin = rig.startWithOneLive();
  }

  private byte[] group(String group, long revision, Artifact... artifacts) {
    return hub.sign(document(revision, artifacts).with(Target.group(group)));
  }

  private static DeploymentDocument document(long revision, Artifact... artifacts) {
    return new DeploymentDocument(
        "gw-1", revision, FakeHub.NOW, FakeHub.NOW.plus(Duration.ofDays(1)), List.of(artifacts));
  }

  private void refused(String code, byte[] envelope) {
    assertThatThrownBy(() -> twin.offer(envelope, true))
        .isInstanceOfSatisfying(
            DeploymentException.class, e -> assertThat(e.code().text()).isEqualTo(code));
  }

  /** A restart, as after an enrolment with other groups. */
  private void isNowOf(String... groups) throws Exception {
    rig.groups = Set.of(groups);
    rig.models = new FakeHandler();
    twin = rig.start();
    twin.work();
  }

  @Test
  void whoeverTheyAreForRevisionsRiseTogether() throws Exception {
    twin.offer(group("line-a", 2, hub.model("a", "2")), true);
    twin.work();
    assertThat(rig.models.running).containsValue("a 2");
    refused("deployment.old_revision", hub.deployment(2, hub.model("a", "3")));
    twin.offer(hub.deployment(3, hub.model("a", "3")), true);
    twin.work();

    refused("deployment.old_revision", group("line-a", 2, hub.model("a", "2")));
    refused("deployment.old_revision", group("line-a", 3, hub.model("a", "4")));

    twin.work();
    assertThat(twin.status().revision()).isEqualTo(3);
    assertThat(rig.models.running).containsValue("a 3");
  }

  @Test
  void whatIsLiveStaysSoWhenTheGatewayLeavesTheGroup() throws Exception {
    byte[] ofGroup = group("line-a", 2, hub.model("a", "2"));
    twin.offer(ofGroup, true);
    twin.work();

    isNowOf("line-b");
    assertThat(rig.models.running).containsValue("a 2");
    twin.offer(ofGroup, false); // the hub still has nothing newer for it
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    refused("deployment.not_for_this_gateway", group("line-a", 3, hub.model("a", "3")));
    assertThat(rig.models.running).containsValue("a 2");

    twin.offer(group("line-b", 3, hub.model("a", "4")), true);
    twin.work();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(rig.models.running).containsValue("a 4");
  }

  @Test
  void whatIsNotLiveYetIsRefusedWhenTheGatewayLeavesTheGroup() throws Exception {
    hub.blocksUntilGone = 0;
    byte[] ofGroup = group("line-a", 2, hub.model("a", "2"));
    twin.offer(ofGroup, true);
    twin.work();
    assertThat(twin.status().state()).isEqualTo(FETCHING);

    isNowOf();
    assertThat(twin.status().state()).isEqualTo(REFUSED);
    assertThat(twin.status().code()).isEqualTo("deployment.not_for_this_gateway");
    assertThat(hub.lastReported()).contains("\"newest\":2", "not_for_this_gateway");
    assertThat(rig.models.running).containsValue("a 1");

    hub.blocksUntilGone = 100;
    isNowOf("line-a"); // it is back, and the hub sends the same again
    twin.offer(ofGroup, true);
    twin.work();
    assertThat(rig.models.running).containsValue("a 2");
  }

  @Test
  void aTrialGoesOnWhenTheGatewayLeavesTheGroupAndEndsByItsFigures() throws Exception {
    Trial trial =
        Trial.parse(Fields.parse("trial", TwinTrialTest.LIVE.getBytes(StandardCharsets.UTF_8)));
    DeploymentDocument document =
        document(2, hub.model("a", "2")).with(Target.group("line-a")).with(Optional.of(trial));
    twin.offer(hub.sign(document), true);
    twin.work();
    assertThat(twin.status().state()).isEqualTo(TRIAL);

    isNowOf("line-b");
    assertThat(twin.status().state()).isEqualTo(TRIAL);
    rig.models.measured.put("a2", TwinTrialTest.figures(100, 90, 1));
    twin.work();
    assertThat(twin.status().state()).isEqualTo(REVERTED);
    assertThat(rig.models.running).containsValue("a 1");
  }

  @Test
  void oneThatWasTurnedAwayIsTakenOnceTheGatewayIsOfTheGroup() throws Exception {
    byte[] other = group("line-b", 2, hub.model("a", "2"));
    refused("deployment.not_for_this_gateway", other);
    assertThat(twin.status().newest()).isEqualTo(1);

    isNowOf("line-a", "line-b");
    twin.offer(other, false); // as it asks at its connection
    twin.work();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(twin.status().revision()).isEqualTo(2);
  }
}
