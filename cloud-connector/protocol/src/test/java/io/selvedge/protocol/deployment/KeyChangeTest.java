package io.selvedge.protocol.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.protocol.deployment.DeploymentException.Code;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class KeyChangeTest {

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  private final KeyPair old = Keys.generate();
  private final KeyPair fresh = Keys.generate();
  private final KeyPair stranger = Keys.generate();

  @Test
  void theOldKeyNamesTheNewOne() throws Exception {
    byte[] wire = KeyChange.sign(old, fresh.getPublic(), NOW).toJson();

    KeyChange change =
        KeyChange.verify(
            SignedEnvelope.parse(wire), List.of(stranger.getPublic(), old.getPublic()));

    assertThat(change).isEqualTo(new KeyChange(NOW, fresh.getPublic(), Keys.id(old.getPublic())));
  }

  @Test
  void nobodyElseCan() throws Exception {
    SignedEnvelope change = KeyChange.sign(stranger, fresh.getPublic(), NOW);
    refused(Code.WRONG_KEY, () -> KeyChange.verify(change, List.of(old.getPublic())));

    // Not even another key that is trusted, too.
    byte[] payload = KeyChange.sign(old, fresh.getPublic(), NOW).payload();
    SignedEnvelope foreign = SignedEnvelope.sign(KeyChange.PAYLOAD_TYPE, payload, stranger);
    refused(
        Code.WRONG_KEY,
        () -> KeyChange.verify(foreign, List.of(old.getPublic(), stranger.getPublic())));
  }

  @Test
  void anyAlteredByteIsABadSignature() {
    for (int i = 0; i < KeyChange.sign(old, fresh.getPublic(), NOW).payload().length; i += 7) {
      SignedEnvelope change = KeyChange.sign(old, fresh.getPublic(), NOW);
      change.payload()[i] ^= 1;
      refused(Code.BAD_SIGNATURE, () -> KeyChange.verify(change, List.of(old.getPublic())));
    }
  }

  @Test
  void aDeploymentIsNoKeyChangeAndTheOtherWayRound() {
    SignedEnvelope change = KeyChange.sign(old, fresh.getPublic(), NOW);
    refused(Code.UNKNOWN_FORMAT, () -> DeploymentDocument.verify(change, List.of(old.getPublic())));
    SignedEnvelope other =
        SignedEnvelope.sign(DeploymentDocument.PAYLOAD_TYPE, change.payload(), old);
    refused(Code.UNKNOWN_FORMAT, () -> KeyChange.verify(other, List.of(old.getPublic())));
  }

  @Test
  void saysWhatIsWrong() {
    String good = new String(KeyChange.sign(old, fresh.getPublic(), NOW).payload(), UTF_8);
    malformed(good.replace("\"format\":1", "\"format\":\"1\""), "format [1]");
    malformed(good.replace("\"trust\"", "\"thrust\""), "thrust is not known");
    malformed(good.replace(Keys.id(old.getPublic()), "zz"), "revoke [zz]");
    malformed(good.replace(Keys.publicText(fresh.getPublic()), "AAAA"), "Ed25519");
    malformed(
        good.replace(Keys.publicText(fresh.getPublic()), Keys.publicText(old.getPublic())),
        "cannot replace itself");
    SignedEnvelope next = signed(good.replace("\"format\":1", "\"format\":2"));
    refused(Code.UNKNOWN_FORMAT, () -> KeyChange.verify(next, List.of(old.getPublic())));
  }

  private SignedEnvelope signed(String payload) {
    return SignedEnvelope.sign(KeyChange.PAYLOAD_TYPE, payload.getBytes(UTF_8), old);
  }

  private void malformed(String payload, String says) {
    SignedEnvelope change = signed(payload);
    assertThatThrownBy(() -> KeyChange.verify(change, List.of(old.getPublic())))
        .isInstanceOfSatisfying(
            DeploymentException.class, e -> assertThat(e.code()).isEqualTo(Code.MALFORMED))
        .hasMessageContaining(says);
  }

  private static void refused(Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DeploymentException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
