package io.selvedge.protocol.deployment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.protocol.deployment.DeploymentException.Code;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Bytes with signatures: DSSE (Dead Simple Signing Envelope 1.0.2) with Ed25519.
 *
 * @param payloadType what the payload is; signed with it
 * @param payload the bytes that are meant; not looked at before a signature has been verified
 * @param signatures none to a few
 */
public record SignedEnvelope(String payloadType, byte[] payload, List<Signed> signatures) {

  /** More than any deployment needs; what is longer is refused unread. */
  public static final int MOST_BYTES = 1 << 20;

  /**
   * One signature.
   *
   * @param keyId {@link Keys#id} of the key; only a hint where to look
   * @param bytes the signature
   */
  public record Signed(String keyId, byte[] bytes) {}

  public SignedEnvelope {
    signatures = List.copyOf(signatures);
  }

  public static SignedEnvelope sign(String payloadType, byte[] payload, KeyPair key) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key.getPrivate());
      signature.update(signedBytes(payloadType, payload));
      Signed signed = new Signed(Keys.id(key.getPublic()), signature.sign());
      return new SignedEnvelope(payloadType, payload, List.of(signed));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("key must be an Ed25519 key", e);
    }
  }

  /**
   * Reads an envelope; verifies nothing.
   *
   * @throws DeploymentException it is not one
   */
  public static SignedEnvelope parse(byte[] json) throws DeploymentException {
    if (json.length > MOST_BYTES) {
      throw new DeploymentException(
          Code.MALFORMED,
          "envelope of [" + json.length + "] bytes must be at most " + MOST_BYTES + " long");
    }
    try {
      Fields fields = Fields.parse("envelope", json);
      List<Signed> signatures = new ArrayList<>();
      if (fields.has("signatures") && !fields.raw("signatures").isEmpty()) {
        for (Fields one : fields.objects("signatures")) {
          signatures.add(new Signed(one.textOr("keyid", ""), decode("sig", one.text("sig"))));
        }
      }
      return new SignedEnvelope(
          fields.text("payloadType"), decode("payload", fields.text("payload")), signatures);
    } catch (IllegalArgumentException e) {
      throw new DeploymentException(Code.MALFORMED, "envelope: " + e.getMessage(), e);
    }
  }

  /**
   * Returns the trusted key that one of the signatures was made with.
   *
   * @throws DeploymentException unsigned, signed with no trusted key, or altered since
   */
  public PublicKey verify(Collection<PublicKey> trusted) throws DeploymentException {
    if (signatures.isEmpty()) {
      throw new DeploymentException(
          Code.UNSIGNED, "the deployment carries no signature; send it through the hub");
    }
    boolean known = false;
    for (Signed signed : signatures) {
      Optional<PublicKey> key =
          trusted.stream().filter(k -> Keys.id(k).equals(signed.keyId())).findFirst();
      if (key.isPresent() && matches(key.get(), signed)) {
        return key.get();
      }
      known |= key.isPresent();
    }
    if (known) {
      throw new DeploymentException(
          Code.BAD_SIGNATURE,
          "the deployment is not what was signed with key ["
              + signatures.get(0).keyId()
              + "]; it was altered on its way");
    }
    throw new DeploymentException(
        Code.WRONG_KEY,
        "the deployment is signed with key ["
            + signatures.get(0).keyId()
            + "], trusted are "
            + trusted.stream().map(Keys::id).sorted().toList()
            + "; put the hub's public key into conf/trust");
  }

  public byte[] toJson() {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("payloadType", payloadType);
    json.put("payload", Base64.getEncoder().encodeToString(payload));
    ArrayNode list = json.putArray("signatures");
    for (Signed signed : signatures) {
      list.addObject()
          .put("keyid", signed.keyId())
          .put("sig", Base64.getEncoder().encodeToString(signed.bytes()));
    }
    return Json.bytes(json);
  }

  private boolean matches(PublicKey key, Signed signed) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify(key);
      signature.update(signedBytes(payloadType, payload));
      return signature.verify(signed.bytes());
    } catch (GeneralSecurityException e) {
      return false; // a signature of the wrong length is a wrong signature
    }
  }

  /** DSSE's pre-authentication encoding. */
  private static byte[] signedBytes(String type, byte[] payload) {
    byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 128);
    out.writeBytes(("DSSEv1 " + typeBytes.length + " ").getBytes(StandardCharsets.UTF_8));
    out.writeBytes(typeBytes);
    out.writeBytes((" " + payload.length + " ").getBytes(StandardCharsets.UTF_8));
    out.writeBytes(payload);
    return out.toByteArray();
  }

  private static byte[] decode(String name, String base64) {
    try {
      return base64.indexOf('-') >= 0 || base64.indexOf('_') >= 0
          ? Base64.getUrlDecoder().decode(base64)
          : Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " must be Base64", e);
    }
  }
}
