package io.selvedge.protocol.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.protocol.deployment.DeploymentException.Code;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SignedDeploymentTest {

  private static final KeyPair HUB = Keys.generate();
  private static final List<PublicKey> TRUSTED = List.of(HUB.getPublic());
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final Recipient HERE =
      new Recipient("gw-1", Set.of("line-a"), RuntimeVersion.parse("0.1.0-SNAPSHOT"));

  private final DeploymentDocument document =
      new DeploymentDocument(
          "gw-1",
          4,
          NOW,
          NOW.plusSeconds(3600),
          List.of(
              new Artifact(
                  Artifact.Kind.MODEL,
                  "occupancy",
                  "1",
                  List.of(new Artifact.File("model.json", "ab".repeat(32), 812)))));

  @Test
  void aSignedDocumentComesThroughAsItWas() throws Exception {
    byte[] wire = sign(document.toJson()).toJson();

    DeploymentDocument read = DeploymentDocument.verify(SignedEnvelope.parse(wire), TRUSTED);

    assertThat(read).isEqualTo(document);
    read.requireFor(HERE, 3, NOW);
  }

  /** The test vector of the DSSE specification's PAE: type "http://example.com/HelloWorld". */
  @Test
  void signsTheBytesThatTheSpecificationSays() throws Exception {
    SignedEnvelope envelope =
        SignedEnvelope.sign("http://example.com/HelloWorld", "hello world".getBytes(UTF_8), HUB);

    java.security.Signature plain = java.security.Signature.getInstance("Ed25519");
    plain.initVerify(HUB.getPublic());
    plain.update("DSSEv1 29 http://example.com/HelloWorld 11 hello world".getBytes(UTF_8));
    assertThat(plain.verify(envelope.signatures().get(0).bytes())).isTrue();
  }

  @Test
  void anyAlteredByteOfThePayloadIsABadSignature() throws Exception {
    byte[] payload = document.toJson();
    SignedEnvelope good = sign(payload);
    for (int i = 0; i < payload.length; i++) {
      byte[] altered = payload.clone();
      altered[i] ^= 1;
      SignedEnvelope bad = new SignedEnvelope(good.payloadType(), altered, good.signatures());
      refused(Code.BAD_SIGNATURE, () -> bad.verify(TRUSTED));
    }
  }

  @Test
  void anotherPayloadTypeIsABadSignature() {
    SignedEnvelope good = sign(document.toJson());
    SignedEnvelope bad = new SignedEnvelope("text/plain", good.payload(), good.signatures());
    refused(Code.BAD_SIGNATURE, () -> bad.verify(TRUSTED));
  }

  @Test
  void aSignatureOfTheWrongLengthIsABadSignature() {
    SignedEnvelope good = sign(document.toJson());
    SignedEnvelope.Signed cut =
        new SignedEnvelope.Signed(good.signatures().get(0).keyId(), new byte[3]);
    SignedEnvelope bad = new SignedEnvelope(good.payloadType(), good.payload(), List.of(cut));
    refused(Code.BAD_SIGNATURE, () -> bad.verify(TRUSTED));
  }

  @Test
  void anUnknownKeyIsNamedTogetherWithTheTrustedOnes() {
    SignedEnvelope foreign =
        SignedEnvelope.sign(DeploymentDocument.PAYLOAD_TYPE, document.toJson(), Keys.generate());
    refused(Code.WRONG_KEY, () -> foreign.verify(TRUSTED))
        .hasMessageContaining(Keys.id(HUB.getPublic()))
        .hasMessageContaining("conf/trust");
  }

  @Test
  void aForeignKeyUnderATrustedIdIsABadSignature() {
    SignedEnvelope foreign =
        SignedEnvelope.sign(DeploymentDocument.PAYLOAD_TYPE, document.toJson(), Keys.generate());
    SignedEnvelope posing =
        new SignedEnvelope(
            foreign.payloadType(),
            foreign.payload(),
            List.of(
                new SignedEnvelope.Signed(
                    Keys.id(HUB.getPublic()), foreign.signatures().get(0).bytes())));
    refused(Code.BAD_SIGNATURE, () -> posing.verify(TRUSTED));
  }

  @Test
  void withoutAnyTrustedKeyNothingIsTaken() {
    refused(Code.WRONG_KEY, () -> sign(document.toJson()).verify(List.of()));
  }

  @Test
  void noSignatureIsUnsigned() {
    SignedEnvelope bare =
        new SignedEnvelope(DeploymentDocument.PAYLOAD_TYPE, document.toJson(), List.of());
    refused(Code.UNSIGNED, () -> SignedEnvelope.parse(bare.toJson()).verify(TRUSTED));
  }

  @Test
  void aSignedPayloadOfAnotherTypeIsAnUnknownFormat() {
    SignedEnvelope other = SignedEnvelope.sign("text/plain", document.toJson(), HUB);
    refused(Code.UNKNOWN_FORMAT, () -> DeploymentDocument.verify(other, TRUSTED));
  }

  @Test
  void anotherFormatNumberIsAnUnknownFormat() {
    refused(Code.UNKNOWN_FORMAT, () -> DeploymentDocument.parse("{\"format\":3}".getBytes(UTF_8)))
        .hasMessageContaining("[3]");
  }

  @Test
  void saysWhichFieldIsMalformed() {
    malformed("[]", "must be a JSON object");
    malformed("{\"format\":1", "not JSON");
    malformed("{\"format\":1}", "gateway is missing");
    malformed(with("\"revision\":4", "\"revision\":\"4\""), "revision [4] must be a whole number");
    malformed(with("\"revision\":4", "\"revision\":0"), "revision [0]");
    malformed(with("2026-03-01T01:00:00Z", "tomorrow"), "expires [tomorrow]");
    malformed(with("\"MODEL\"", "\"MODELS\""), "artifacts[0].kind [MODELS]");
    malformed(with("model.json", "../model.json"), "[../model.json]");
    malformed(with("\"version\":\"1\"", "\"version\":\"../1\""), "[../1]");
    malformed(with("\"size\":812", "\"size\":-1"), "artifacts[0].files[0].size [-1]");
    malformed(with("ab".repeat(32), "AB".repeat(32)), "sha256");
    malformed(with("\"artifacts\":[", "\"artifacts\":[" + one() + ","), "MODEL/occupancy");
  }

  @Test
  void saysWhatIsWrongWithAnEnvelope() {
    refused(Code.MALFORMED, () -> SignedEnvelope.parse("hello".getBytes(UTF_8)));
    refused(Code.MALFORMED, () -> SignedEnvelope.parse("{}".getBytes(UTF_8)));
    refused(
            Code.MALFORMED,
            () ->
                SignedEnvelope.parse("{\"payloadType\":\"x\",\"payload\":\"%%\"}".getBytes(UTF_8)))
        .hasMessageContaining("payload must be Base64");
    refused(Code.MALFORMED, () -> SignedEnvelope.parse(new byte[SignedEnvelope.MOST_BYTES + 1]));
  }

  @Test
  void isForOneGatewayNewAndInTime() {
    Recipient other = new Recipient("gw-2", Set.of("gw-1"), HERE.runtime());
    refused(Code.NOT_FOR_THIS_GATEWAY, () -> document.requireFor(other, 3, NOW));
    refused(Code.OLD_REVISION, () -> document.requireFor(HERE, 4, NOW)).hasMessageContaining("[4]");
    refused(Code.EXPIRED, () -> document.requireFor(HERE, 3, NOW.plusSeconds(3600)));
  }

  @Test
  void codesAreThoseOfTheProtocol() {
    assertThat(List.of(Code.values()).stream().map(Code::text))
        .containsExactlyInAnyOrder(
            "deployment.unsigned",
            "deployment.wrong_key",
            "deployment.bad_signature",
            "deployment.not_for_this_gateway",
            "deployment.old_revision",
            "deployment.expired",
            "deployment.unknown_format",
            "deployment.runtime_too_old",
            "deployment.malformed");
  }

  @Test
  void keysSurviveAsText() {
    assertThat(Keys.publicKey(Keys.publicText(HUB.getPublic()))).isEqualTo(HUB.getPublic());
    assertThat(Keys.privateKey(Keys.privateText(HUB.getPrivate()))).isEqualTo(HUB.getPrivate());
    assertThat(
            Keys.publicKey(
                "-----BEGIN PUBLIC KEY-----\n"
                    + Keys.publicText(HUB.getPublic())
                    + "\n-----END PUBLIC KEY-----\n"))
        .isEqualTo(HUB.getPublic());
    assertThat(Keys.id(HUB.getPublic())).matches("[0-9a-f]{16}");
  }

  @Test
  void aTextThatIsNoKeyIsRefused() {
    assertThatThrownBy(() -> Keys.publicKey("hello"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Ed25519");
    String cut = Keys.publicText(HUB.getPublic()).substring(0, 40);
    assertThatThrownBy(() -> Keys.publicKey(cut)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Keys.privateKey(Base64.getEncoder().encodeToString("secret".getBytes(UTF_8))))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("secret");
  }

  private static SignedEnvelope sign(byte[] payload) {
    return SignedEnvelope.sign(DeploymentDocument.PAYLOAD_TYPE, payload, HUB);
  }

  private String with(String what, String instead) {
    String json = new String(document.toJson(), UTF_8);
    assertThat(json).contains(what);
    return json.replace(what, instead);
  }

  private String one() {
    String json = new String(document.toJson(), UTF_8);
    return json.substring(json.indexOf("[{") + 1, json.lastIndexOf(']'));
  }

  private static void malformed(String json, String says) {
    refused(Code.MALFORMED, () -> DeploymentDocument.parse(json.getBytes(UTF_8)))
        .hasMessageContaining(says);
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(
      Code code, ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DeploymentException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
