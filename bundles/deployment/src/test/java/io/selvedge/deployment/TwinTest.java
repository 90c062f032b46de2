package io.selvedge.deployment;

import static io.selvedge.api.deployment.DeploymentStatus.State.ACTIVE;
import static io.selvedge.api.deployment.DeploymentStatus.State.FETCHING;
import static io.selvedge.api.deployment.DeploymentStatus.State.NONE;
import static io.selvedge.api.deployment.DeploymentStatus.State.REFUSED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.RuntimeVersion;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.protocol.deployment.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                + "\"message\":\"\"},\"artifacts\":[{\"kind\":\"MODEL\",\"name\":\"occupancy\","
                + "\"version\":\"1\",\"files\":[{\"path\":\"file\",\"sha256\":\""
                + model.files().get(0).sha256()
                + "\",\"size\":11}]}]}");
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
  void whatIsNotSignedByATrustedKeyIsRefusedAndWhatIsLiveGoesOn() throws Exception {
    live(4, hub.model("a", "1"));
    DeploymentDocument document =
        DeploymentDocument.parse(
            SignedEnvelope.parse(hub.deployment(5, hub.model("a", "2"))).payload());
    SignedEnvelope unsigned =
        new SignedEnvelope(DeploymentDocument.PAYLOAD_TYPE, document.toJson(), List.of());

    refused("deployment.unsigned", unsigned.toJson());
    refused("deployment.wrong_key", new FakeHub().sign(document));
    SignedEnvelope good = SignedEnvelope.parse(hub.sign(document));
    byte[] payload = good.payload();
    payload[payload.length / 2] ^= 1;
    refused("deployment.bad_signature", good.toJson());
    refused("deployment.malformed", "{}".getBytes(UTF_8));
    refused(
        "deployment.unknown_format",
        SignedEnvelope.sign("text/plain", document.toJson(), hub.key).toJson());

    twin.work();
    assertThat(rig.models.running).containsExactly(Map.entry("a", "a 1"));
    DeploymentStatus status = twin.status();
    assertThat(status.state()).isEqualTo(REFUSED);
    assertThat(status.code()).isEqualTo("deployment.unknown_format");
    assertThat(status.revision()).isEqualTo(4);
    assertThat(status.newest()).isEqualTo(4);
    assertThat(hub.lastReported()).contains("\"code\":\"deployment.unknown_format\"");
  }

  @Test
  void whatIsNotForThisGatewayOldOrLateIsRefused() throws Exception {
    byte[] first = hub.deployment(4, hub.model("a", "1"));
    twin.offer(first, true);
    twin.work();
    live(5, hub.model("a", "2"));

    refused("deployment.old_revision", first);
    refused("deployment.old_revision", hub.deployment(5, hub.model("a", "3")));
    refused(
        "deployment.not_for_this_gateway",
        hub.sign(
            new DeploymentDocument(
                "gw-2", 6, FakeHub.NOW, FakeHub.NOW.plusSeconds(60), List.of())));
    refused(
        "deployment.expired",
        hub.sign(
            new DeploymentDocument(
                "gw-1", 6, FakeHub.NOW.minusSeconds(60), FakeHub.NOW, List.of())));
    DeploymentDocument group =
        new DeploymentDocument(
            Target.group("line-b"),
            6,
            FakeHub.NOW,
            FakeHub.NOW.plusSeconds(60),
            Optional.of(new RuntimeVersion(0, 2, 0)),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Map.of(),
            Optional.empty());
    refused("deployment.not_for_this_gateway", hub.sign(group));
    refused("deployment.runtime_too_old", hub.sign(group.with(Target.group("line-a"))));
    String next = new String(group.toJson(), UTF_8).replace("\"format\":2", "\"format\":3");
    refused(
        "deployment.unknown_format",
        SignedEnvelope.sign(DeploymentDocument.PAYLOAD_TYPE, next.getBytes(UTF_8), hub.key)
            .toJson());
    assertThat(rig.models.running).containsExactly(Map.entry("a", "a 2"));
  }

  @Test
  void aStrayRefusalIsReportedOnceAndForgottenWhenTheLiveOneComesAgain() throws Exception {
    byte[] good = hub.deployment(4, hub.model("a", "1"));
    twin.offer(good, true);
    twin.work();
    rig.events.clear();

    refusedAny("x".getBytes(UTF_8));
    refusedAny("x".getBytes(UTF_8));
    assertThat(rig.events.codes()).containsExactly("deployment.malformed");
    refusedAny("y".getBytes(UTF_8));
    assertThat(rig.events.codes()).as("another one").hasSize(2);

    twin.offer(good, false);
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(hub.lastReported()).contains("\"state\":\"ACTIVE\"");
  }

  @Test
  void withoutAnyKeyNothingIsTakenAndAKeyThatComesCountsAtOnce() throws Exception {
    Path key = rig.root.resolve("conf/trust/hub.pub");
    Files.delete(key);
    byte[] envelope = hub.deployment(1, hub.model("a", "1"));
    refused("deployment.wrong_key", envelope);

    Files.writeString(key, Keys.publicText(hub.key.getPublic()));
    Files.writeString(key.resolveSibling("broken.pub"), "no key");
    twin.offer(envelope, true);
    twin.work();

    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(rig.events.codes()).contains("deployment.key_unreadable");
  }

  @Test
  void aKeyThatIsTakenAwayDuringTheTransferEndsIt() throws Exception {
    twin.offer(hub.deployment(1, hub.model("a", "1")), true);
    Files.delete(rig.root.resolve("conf/trust/hub.pub"));
    twin.work();
    assertThat(twin.status().code()).isEqualTo("deployment.wrong_key");
    assertThat(rig.models.running).isEmpty();
  }

  @Test
  void oneThatExpiresDuringTheTransferIsNotSwitchedTo() throws Exception {
    hub.blocksUntilGone = 0;
    twin.offer(hub.deployment(1, hub.model("a", "1")), true);
    assertThat(twin.work()).isFalse();

    rig.clock = Clock.fixed(FakeHub.NOW.plus(Duration.ofDays(2)), ZoneOffset.UTC);
    hub.blocksUntilGone = 100;
    twin = rig.start();
    assertThat(twin.work()).isTrue();

    assertThat(twin.status().code()).isEqualTo("deployment.expired");
    assertThat(rig.models.running).isEmpty();
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
        .containsExactly("fake.damaged", "deployment.repairing", "deployment.repaired");
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
    rig.events.clear();

    twin = rig.start();
    assertThat(rig.events.codes()).containsExactly("deployment.state_damaged");
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

  private void refused(String code, byte[] envelope) {
    assertThatThrownBy(() -> twin.offer(envelope, true))
        .isInstanceOfSatisfying(
            DeploymentException.class, e -> assertThat(e.code().text()).isEqualTo(code));
  }

  private void refusedAny(byte[] envelope) {
    assertThatThrownBy(() -> twin.offer(envelope, true)).isInstanceOf(DeploymentException.class);
  }
}
