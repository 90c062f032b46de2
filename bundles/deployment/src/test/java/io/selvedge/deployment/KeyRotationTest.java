package io.selvedge.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.deployment.StoreFigures;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.DeploymentException.Code;
import io.selvedge.protocol.deployment.KeyChange;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the keys in {@code conf/trust} when the hub changes its own. */
class KeyRotationTest {

  private final FakeHub hub = new FakeHub();
  private final KeyPair first = hub.key;
  private final KeyPair second = Keys.generate();
  private final KeyPair third = Keys.generate();
  private Rig rig;

  /** The process ends here. */
  private static final class PowerCut extends Error {
    private static final long serialVersionUID = 1;
  }

  KeyRotationTest() {}

  @BeforeEach
  void gateway(@TempDir Path root) throws IOException {
    rig = new Rig(root, hub);
  }

  private static byte[] change(KeyPair from, KeyPair to) {
    return KeyChange.sign(from, to.getPublic(), FakeHub.NOW).toJson();
  }

  private List<String> trusted() {
    return rig.keys().read().stream().map(Keys::id).toList();
  }

  private static String id(KeyPair key) {
    return Keys.id(key.getPublic());
  }

  @Test
  void theNewKeyCountsAndTheOldOneNoMore() throws Exception {
    assertThat(rig.keys().change(change(first, second))).isTrue();

    assertThat(trusted()).containsExactly(id(second));
    assertThat(rig.root.resolve("conf/trust/hub.pub")).doesNotExist();
    assertThat(rig.events.codes()).containsExactly("deployment.key_changed");
  }

  @Test
  void theSameAgainChangesNothing() throws Exception {
    rig.keys().change(change(first, second));
    assertThat(rig.keys().change(change(first, second))).isFalse();
    assertThat(rig.events.codes()).hasSize(1);
  }

  /** A gateway that was away for long is given all changes, the oldest first. */
  @Test
  void severalChangesAreMadeInTheirOrder() throws Exception {
    rig.keys().change(change(first, second));
    rig.keys().change(change(second, third));
    assertThat(rig.keys().change(change(first, second))).isFalse();
    assertThat(trusted()).containsExactly(id(third));
  }

  @Test
  void aRevokedKeyDoesNotComeBackWithItsFile() throws Exception {
    rig.keys().change(change(first, second));
    Files.writeString(rig.root.resolve("conf/trust/hub.pub"), Keys.publicText(first.getPublic()));
    assertThat(trusted()).containsExactly(id(second));
    refused(Code.WRONG_KEY, change(first, third));
    refused(Code.WRONG_KEY, change(second, first));
    assertThat(trusted()).containsExactly(id(second));
  }

  @Test
  void whereRevokedKeysCannotBeReadNoneCountsAndNoneIsChanged() throws Exception {
    rig.keys().change(change(first, second));
    Path revoked = rig.root.resolve("data/deployment/revoked-keys");
    Path aside = rig.root.resolve("aside");
    Files.move(revoked, aside);
    Files.createDirectory(revoked); // what cannot be read as a file, by root neither
    assertThat(trusted()).isEmpty();
    assertThatThrownBy(() -> rig.keys().change(change(second, third)))
        .isInstanceOf(IOException.class);
    assertThat(rig.events.codes()).contains("deployment.key_unreadable");

    Files.delete(revoked);
    Files.move(aside, revoked);
    assertThat(trusted()).containsExactly(id(second));
  }

  @Test
  void whatIsNotSignedWithTheOldKeyIsRefused() {
    refused(Code.WRONG_KEY, change(second, third));
    byte[] altered = change(first, second);
    String text = new String(altered, UTF_8);
    int at = text.indexOf("\"sig\":\"") + 10;
    altered[at] = (byte) (altered[at] == 'A' ? 'B' : 'A');
    refused(Code.BAD_SIGNATURE, altered);
    refused(Code.UNKNOWN_FORMAT, hub.deployment(1));
    refused(Code.MALFORMED, new byte[3]);
    assertThat(trusted()).containsExactly(id(first));
  }

  private void refused(Code code, byte[] envelope) {
    assertThatThrownBy(() -> rig.keys().change(envelope))
        .isInstanceOfSatisfying(
            DeploymentException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /** Before every change to the disk the process ends; the hub offers the change again. */
  @Test
  void aPowerCutAtAnyStepLeavesAKeyThatCountsAndTheNextStartDoesTheRest(@TempDir Path root)
      throws Exception {
    for (int cut = 0; ; cut++) {
      rig = new Rig(root.resolve("cut-" + cut), hub);
      int[] left = {cut};
      rig.disk =
          new QuickDisk() {
            @Override
            void before(String step) {
              if (left[0]-- == 0) {
                throw new PowerCut();
              }
            }
          };
      boolean through = false;
      try {
        through = rig.keys().change(change(first, second));
      } catch (PowerCut e) {
        // goes on below
      }
      rig.disk = new QuickDisk();
      assertThat(trusted()).as("cut " + cut).isNotEmpty();
      rig.keys().change(change(first, second));
      assertThat(trusted()).as("cut " + cut).containsExactly(id(second));
      assertThat(rig.root.resolve("conf/trust/hub.pub")).as("cut " + cut).doesNotExist();
      if (through) {
        assertThat(cut).isGreaterThan(4);
        return;
      }
    }
  }

  @Test
  void atEachConnectionTheGatewayLearnsOfChangesBeforeItAsksForItsDeployment() throws Exception {
    hub.keyChanges.add(new String(change(first, second), UTF_8));
    hub.desired =
        Optional.of(
            SignedEnvelope.sign(
                    DeploymentDocument.PAYLOAD_TYPE,
                    SignedEnvelope.parse(hub.deployment(1, hub.model("a", "1"))).payload(),
                    second)
                .toJson());
    Twin twin = rig.start();
    DeploymentLoop loop =
        new DeploymentLoop(
            twin,
            new HubLink(() -> Optional.of(hub), () -> new StoreFigures(0, 0, 0, 0), rig.clock),
            rig.keys(),
            rig.events);
    loop.start();
    loop.connected();
    String state = "";
    while (!state.equals("ACTIVE")) {
      state = hub.states.poll(20, TimeUnit.SECONDS);
      assertThat(state).as("a report of ACTIVE").isNotNull();
    }
    loop.close();
    assertThat(trusted()).containsExactly(id(second));
  }
}
