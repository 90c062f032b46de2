package io.selvedge.deployment;

import static io.selvedge.api.deployment.DeploymentStatus.State.ACTIVE;
import static io.selvedge.api.deployment.DeploymentStatus.State.FETCHING;
import static io.selvedge.api.deployment.DeploymentStatus.State.NONE;
import static io.selvedge.api.deployment.DeploymentStatus.State.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwinTest {

  private final FakeHub hub = new FakeHub();
  private Rig rig;
  private Twin twin;

  TwinTest() {}

  @BeforeEach
  void freshGateway(@TempDir Path root) throws IOException {
    rig = new Rig(root, hub);
    twin = rig.start();
  }

  @Test
  void nothingHasComeYet() throws Exception {
    assertThat(twin.work()).isTrue();
    assertThat(twin.status().state()).isEqualTo(NONE);
    assertThat(twin.status().revision()).isZero();
  }

  @Test
  void aDeploymentIsFetchedCheckedSwitchedAndReported() throws Exception {
    Artifact model = hub.model("occupancy", "1");
    twin.offer(hub.deployment(4, model), true);
    assertThat(twin.status().state()).isEqualTo(FETCHING);

    assertThat(twin.work()).isTrue();

    assertThat(rig.models.running).containsExactly(Map.entry("occupancy", "occupancy 1"));
    assertThat(rig.models.calls)
        .containsExactly("check MODEL/occupancy 1", "activate MODEL/occupancy 1");
    assertThat(twin.status().artifacts()).containsExactly(model);
    assertThat(hub.sent).hasSize(3); // FETCHING, VERIFYING, ACTIVE
    assertThat(hub.lastReported())
        .isEqualTo(
            "{\"deployment\":{\"revision\":4,\"state\":\"ACTIVE\",\"newest\":4,\"code\":\"\","
                + "\"message\":\"\"},\"progress\":{\"done_bytes\":11,\"total_bytes\":11,"
                + "\"refetched_bytes\":0},\"artifacts\":[{\"kind\":\"MODEL\",\"name\":\"occupancy\","
                + "\"version\":\"1\",\"files\":[{\"path\":\"file\",\"sha256\":\""
                + model.files().get(0).sha256()
                + "\",\"size\":11}]}],\"store\":{\"bytes\":0,\"unneeded_bytes\":0,\"files\":0,"
                + "\"budget_bytes\":0}}");
    assertThat(rig.events.codes()).containsExactly("deployment.accepted", "deployment.active");
    assertThat(Files.exists(rig.state("journal.json"))).isFalse();
    assertThat(Files.exists(rig.state("pending.json"))).isFalse();
  }

  @Test
  void theNextOneReplacesAddsAndRetires() throws Exception {
    live(1, hub.model("a", "1"), hub.model("b", "1"), hub.model("same", "1"));
    rig.models.calls.clear();

    live(2, hub.model("a", "2"), hub.model("c", "1"), hub.model("same", "1"));

    assertThat(rig.models.running)
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", "a 2", "c", "c 1", "same", "same 1"));
    assertThat(rig.models.calls)
        .containsExactly(
            "check MODEL/a 2",
            "check MODEL/c 1",
            "activate MODEL/a 2",
            "activate MODEL/c 1",
            "retire MODEL/b 1");
  }

  @Test
  void anEmptyDeploymentRetiresAll() throws Exception {
    live(1, hub.model("a", "1"));
    live(2);
    assertThat(rig.models.running).isEmpty();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
  }

  @Test
  void theSameEnvelopeAgainChangesNothing() throws Exception {
    byte[] envelope = hub.deployment(1, hub.model("a", "1"));
    twin.offer(envelope, true);
    twin.work();
    rig.models.calls.clear();

    twin.offer(envelope, true);
    twin.work();

    assertThat(rig.models.calls).isEmpty();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
  }

  @Test
  void aCheckThatFailsLeavesEverythingAsItWas() throws Exception {
    live(1, hub.model("a", "1"), hub.model("b", "1"));
    rig.models.refuseCheck.add("b2");
    rig.models.calls.clear();

    twin.offer(hub.deployment(2, hub.model("a", "2"), hub.model("b", "2")), true);
    twin.work();

    assertThat(rig.models.calls).containsExactly("check MODEL/a 2", "check MODEL/b 2");
    assertThat(rig.models.running)
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", "a 1", "b", "b 1"));
    DeploymentStatus status = twin.status();
    assertThat(status.state()).isEqualTo(REFUSED);
    assertThat(status.code()).isEqualTo("fake.check");
    assertThat(status.revision()).isEqualTo(1);
    assertThat(status.newest()).isEqualTo(2);
    assertThat(status.artifacts()).hasSize(2);
    assertThat(Files.exists(rig.state("journal.json"))).isFalse();
  }

  @Test
  void aSwitchThatFailsHalfWayIsTakenBack() throws Exception {
    live(1, hub.model("a", "1"));
    rig.models.refuseActivate.add("c1");

    twin.offer(
        hub.deployment(2, hub.model("a", "2"), hub.model("b", "1"), hub.model("c", "1")), true);
    twin.work();

    assertThat(rig.models.running).containsExactly(Map.entry("a", "a 1"));
    assertThat(twin.status().code()).isEqualTo("fake.activate");
    assertThat(twin.status().revision()).isEqualTo(1);
    assertThat(Files.exists(rig.state("journal.json"))).isFalse();
  }

  @Test
  void aHandlerWithABugRefusesOnlyItsDeployment() throws Exception {
    rig.models.fail.add("a");
    twin.offer(hub.deployment(1, hub.model("a", "1")), true);
    twin.work();
    assertThat(twin.status().code()).isEqualTo("artifact.handler_failed");

    live(2, hub.model("b", "1"));
    assertThat(rig.models.running).containsKey("b");
  }

  @Test
  void aKindWithoutHandlerIsRefusedAndNothingIsFetchedForIt() throws Exception {
    Artifact bundle = hub.artifact(Artifact.Kind.BUNDLE, "driver", "1", new byte[10]);
    twin.offer(hub.deployment(1, bundle), true);
    twin.work();
    assertThat(twin.status().code()).isEqualTo("artifact.unsupported_kind");
    assertThat(twin.status().message()).contains("[BUNDLE/driver 1]");
    assertThat(hub.offsets).isEmpty();
  }

  @Test
  void afterAStartAHandlerMayComeLate() throws Exception {
    rig.starting = true;
    Activation[] activation = new Activation[1];
    twin = rig.start(a -> activation[0] = a);
    twin.offer(hub.deployment(1, hub.model("a", "1")), true);
    assertThat(twin.work()).isFalse();
    assertThat(twin.status().state()).isEqualTo(FETCHING);

    activation[0].offer(Artifact.Kind.MODEL, rig.models);
    assertThat(twin.work()).isTrue();
    assertThat(rig.models.running).containsKey("a");
  }

  @Test
  void aHandlerThatIsBeingUpdatedIsWaitedFor() throws Exception {
    Activation[] activation = new Activation[1];
    twin =
        rig.start(
            a -> {
              activation[0] = a;
              a.offer(Artifact.Kind.MODEL, rig.models);
            });
    activation[0].withdraw(Artifact.Kind.MODEL, rig.models);
    twin.offer(hub.deployment(1, hub.model("a", "1")), true);
    assertThat(twin.work()).isFalse();

    activation[0].offer(Artifact.Kind.MODEL, rig.models);
    assertThat(twin.work()).isTrue();
    assertThat(rig.models.running).containsKey("a");
  }

  @Test
  void aRefusedOneIsTriedAgainOnlyWhereTheHubSendsItAgain() throws Exception {
    rig.models.refuseCheck.add("a1");
    byte[] envelope = hub.deployment(1, hub.model("a", "1"));
    twin.offer(envelope, true);
    twin.work();
    rig.models.refuseCheck.clear();

    twin.offer(envelope, false);
    twin.work();
    assertThat(twin.status().state()).isEqualTo(REFUSED);

    twin.offer(envelope, true);
    twin.work();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(twin.status().code()).isEmpty();
  }

  @Test
  void aNewerOneTakesThePlaceOfOneThatIsBeingFetched() throws Exception {
    hub.blocksUntilGone = 0;
    twin.offer(hub.deployment(1, hub.model("a", "1")), true);
    assertThat(twin.work()).isFalse();

    hub.blocksUntilGone = 100;
    twin.offer(hub.deployment(2, hub.model("a", "2")), true);
    assertThat(twin.work()).isTrue();

    assertThat(rig.models.running).containsExactly(Map.entry("a", "a 2"));
    assertThat(twin.status().revision()).isEqualTo(2);
  }

  @Test
  void aRestartTakesUpWhatWasLiveWithoutTheHub() throws Exception {
    live(1, hub.model("a", "1"));
    hub.blocksUntilGone = 0;
    rig.models = new FakeHandler();

    twin = rig.start();
    twin.work();

    assertThat(rig.models.running).containsExactly(Map.entry("a", "a 1"));
    assertThat(twin.status().revision()).isEqualTo(1);
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
  }

  @Test
  void aHandlerThatComesBackIsGivenWhatIsLive() throws Exception {
    Activation[] activation = new Activation[1];
    twin =
        rig.start(
            a -> {
              activation[0] = a;
              a.offer(Artifact.Kind.MODEL, rig.models);
            });
    live(1, hub.model("a", "1"));
    activation[0].withdraw(Artifact.Kind.MODEL, rig.models);
    FakeHandler updated = new FakeHandler();
    activation[0].offer(Artifact.Kind.MODEL, updated);

    twin.work();

    assertThat(updated.running).containsExactly(Map.entry("a", "a 1"));
  }

  @Test
  void oldFilesGoAndThoseOfTheLiveAndThePreviousOneStay() throws Exception {
    live(1, hub.model("a", "1"));
    live(2, hub.model("a", "2"));
    live(3, hub.model("a", "3"));

    try (Stream<Path> files = Files.list(rig.blobs())) {
      assertThat(files.map(f -> String.valueOf(f.getFileName())))
          .containsExactlyInAnyOrder(
              hub.model("a", "2").files().get(0).sha256(),
              hub.model("a", "3").files().get(0).sha256());
    }
    try (Stream<Path> versions = Files.list(rig.root.resolve("data/artifacts/model/a"))) {
      assertThat(versions).hasSize(2);
    }
  }

  @Test
  void aLiveFileThatTheDiskHasAlteredIsFetchedAgain() throws Exception {
    live(1, hub.model("a", "1"), hub.model("b", "1"));
    alter(hub.model("a", "1"));
    rig.events.clear();
    rig.models = new FakeHandler();
    hub.blocksUntilGone = 0;

    twin = rig.start();
    assertThat(twin.work()).as("not without the hub").isFalse();
    assertThat(twin.work()).isFalse();
    assertThat(rig.models.running).containsOnlyKeys("b");

    hub.blocksUntilGone = 100;
    assertThat(twin.work()).isTrue();
    assertThat(rig.models.running)
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", "a 1", "b", "b 1"));
    assertThat(rig.events.codes())
        .containsExactly("artifact.damaged", "deployment.repairing", "deployment.repaired");
  }

  @Test
  void aKeptFileThatTheDiskHasAlteredIsFetchedAgainWhenItIsNeeded() throws Exception {
    Artifact first = hub.model("a", "1");
    live(1, first);
    live(2, hub.model("a", "2")); // the first one is kept as the previous
    Files.writeString(rig.blobs().resolve(first.files().get(0).sha256()), "a X");
    twin.offer(hub.deployment(3, first), true);
    assertThat(twin.work()).isFalse();
    assertThat(twin.work()).isTrue();
    assertThat(rig.models.running).containsExactly(Map.entry("a", "a 1"));
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
  }

  @Test
  void liveFilesThatSomebodyHasDeletedAreFetchedAgain() throws Exception {
    live(1, hub.model("a", "1"));
    new QuickDisk().delete(rig.root.resolve("data/artifacts"));
    rig.models = new FakeHandler();

    twin = rig.start();
    assertThat(twin.work()).isTrue();

    assertThat(rig.models.running).containsOnlyKeys("a");
  }

  @Test
  void aDamagedFileThatTheHubNoLongerHasIsGivenUpAndSaid() throws Exception {
    live(1, hub.model("a", "1"));
    alter(hub.model("a", "1"));
    hub.blobs.clear();

    twin = rig.start();
    assertThat(twin.work()).isTrue();
    assertThat(twin.work()).isTrue();

    assertThat(rig.events.codes()).containsOnlyOnce("artifact.not_found");
    live(2, hub.model("a", "2"));
    assertThat(rig.models.running).containsExactly(Map.entry("a", "a 2"));
  }

  @Test
  void aFileThatIsUsedAgainIsVerifiedFirst() throws Exception {
    live(1, hub.model("a", "1"), hub.model("b", "1"));
    alter(hub.model("b", "1"));
    rig.models = new FakeHandler(rig.models.running); // still runs it, from memory

    twin = rig.start();
    live(2, hub.model("a", "2"), hub.model("b", "1"));

    assertThat(rig.models.running).containsEntry("b", "b 1");
  }

  private void alter(Artifact artifact) throws IOException {
    Path blob = rig.blobs().resolve(artifact.files().get(0).sha256());
    byte[] bytes = Files.readAllBytes(blob);
    bytes[0] ^= 1;
    Files.write(blob, bytes);
  }

  @Test
  void damagedStateIsPutAsideAndTheHubMakesItGood() throws Exception {
    byte[] envelope = hub.deployment(4, hub.model("a", "1"));
    twin.offer(envelope, true);
    twin.work();
    Files.write(rig.state("current.json"), new byte[40]);
    Files.write(rig.state("current.copy.json"), new byte[40]);
    rig.events.clear();

    twin = rig.start();
    assertThat(rig.events.codes()).containsOnly("deployment.state_damaged").hasSize(2);
    twin.offer(envelope, false);
    twin.work();

    assertThat(twin.status().revision()).isEqualTo(4);
    assertThat(Files.exists(rig.state("current.json.damaged"))).isTrue();
  }

  private void live(long revision, Artifact... artifacts) throws Exception {
    twin.offer(hub.deployment(revision, artifacts), true);
    assertThat(twin.work()).isTrue();
    assertThat(twin.status().state()).as(twin.status().message()).isEqualTo(ACTIVE);
    assertThat(twin.status().revision()).isEqualTo(revision);
  }
}
