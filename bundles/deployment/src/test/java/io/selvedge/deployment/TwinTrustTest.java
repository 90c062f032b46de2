package io.selvedge.deployment;

import static io.selvedge.api.deployment.DeploymentStatus.State.ACTIVE;
import static io.selvedge.api.deployment.DeploymentStatus.State.REFUSED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.KeyChange;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.RuntimeVersion;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.protocol.deployment.Target;
import io.selvedge.protocol.deployment.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the twin believes, and what it refuses before it fetches anything. */
class TwinTrustTest {

  private final FakeHub hub = new FakeHub();
  private Rig rig;
  private Twin twin;

  TwinTrustTest() {}

  @BeforeEach
  void freshGateway(@TempDir Path root) throws IOException {
    rig = new Rig(root, hub);
    twin = rig.start();
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

  /** The hub changed its key while this one was on its way, and signs it anew. */
  @Test
  void whatWasRefusedForItsKeyIsTakenWhenItComesWithAGoodOne() throws Exception {
    KeyPair next = Keys.generate();
    hub.blocksUntilGone = 0;
    byte[] envelope = hub.deployment(7, hub.model("a", "1"));
    twin.offer(envelope, false);
    assertThat(twin.work()).isFalse();
    rig.keys().change(KeyChange.sign(hub.key, next.getPublic(), FakeHub.NOW).toJson());
    hub.blocksUntilGone = 100;
    twin.work();
    assertThat(twin.status().code()).isEqualTo("deployment.wrong_key");

    SignedEnvelope signed = SignedEnvelope.parse(envelope);
    twin.offer(SignedEnvelope.sign(signed.payloadType(), signed.payload(), next).toJson(), false);
    assertThat(twin.work()).isTrue();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
  }

  /** As if it had been put there, or altered, while the gateway was down. */
  @Test
  void whatLiesOnTheDiskUnsignedIsRefusedAndNoRevisionIsSpentOnIt() throws Exception {
    live(4, hub.model("a", "1"));
    FakeHub other = new FakeHub();
    byte[] altered = hub.deployment(900, hub.model("a", "2"));
    altered[altered.length / 2] ^= 1;
    byte[] foreign =
        hub.sign(
            new DeploymentDocument(
                "gw-2", 900, FakeHub.NOW, FakeHub.NOW.plusSeconds(60), List.of()));
    byte[] late =
        hub.sign(
            new DeploymentDocument(
                "gw-1", 900, FakeHub.NOW.minusSeconds(60), FakeHub.NOW, List.of()));
    byte[] unknown = other.deployment(1005, other.model("a", "666"));
    for (byte[] forged : List.of(unknown, altered, foreign, late)) {
      Files.write(rig.state("pending.json"), forged);
      rig.events.clear();
      twin = rig.start();
      twin.work();

      assertThat(rig.models.running).containsExactly(Map.entry("a", "a 1"));
      assertThat(rig.events.codes()).hasSize(1);
      assertThat(twin.status().state()).isEqualTo(REFUSED);
      assertThat(twin.status().code()).isEqualTo(rig.events.codes().get(0));
      assertThat(twin.status().newest()).isEqualTo(4);
      assertThat(rig.state("pending.json")).doesNotExist();
    }

    live(5, hub.model("a", "3"));
  }

  @Test
  void whatTheDiskHasDamagedOfTheOneThatIsWorkedOnComesAgainFromTheHub() throws Exception {
    live(4, hub.model("a", "1"));
    byte[] envelope = hub.deployment(5, hub.model("a", "2"));
    String text = new String(envelope, UTF_8);
    List<String> damaged =
        List.of("{", text.replaceFirst("\"sig\":\"....", "\"sig\":\"AAAA"), text.substring(40));
    for (String one : damaged) {
      hub.blocksUntilGone = 0;
      twin.offer(envelope, false);
      assertThat(twin.work()).isFalse();
      Files.writeString(rig.state("pending.json"), one);
      twin = rig.start();
      assertThat(twin.work()).isTrue();
      assertThat(twin.status().state()).isEqualTo(State.FETCHING);
    }

    hub.blocksUntilGone = 100;
    twin.offer(envelope, false);
    assertThat(twin.work()).isTrue();

    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(rig.models.running).containsExactly(Map.entry("a", "a 2"));
  }

  @Test
  void itIsSwitchedToInItsPartOfTheDayOnly() throws Exception {
    live(1, hub.model("a", "1"));
    Window window = new Window(LocalTime.of(2, 0), LocalTime.of(4, 0));
    DeploymentDocument document =
        new DeploymentDocument(
            Target.gateway("gw-1"),
            2,
            FakeHub.NOW,
            FakeHub.NOW.plus(Duration.ofDays(1)),
            Optional.empty(),
            Optional.empty(),
            Optional.of(window),
            List.of(hub.model("a", "2")),
            Map.of(),
            Optional.empty());
    twin.offer(hub.sign(document), true);
    assertThat(twin.work()).isFalse();
    assertThat(twin.work()).isFalse();
    assertThat(rig.models.running).containsValue("a 1");
    assertThat(twin.status().state()).isEqualTo(State.FETCHING);
    assertThat(rig.events.codes()).containsOnlyOnce("deployment.waits");

    // 00:00 in UTC is 03:00 there
    rig.clock = Clock.fixed(FakeHub.NOW, ZoneOffset.ofHours(3));
    twin = rig.start();
    assertThat(twin.work()).isTrue();
    assertThat(rig.models.running).containsValue("a 2");
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
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
