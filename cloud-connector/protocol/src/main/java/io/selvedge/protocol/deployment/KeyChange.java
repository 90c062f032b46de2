package io.selvedge.protocol.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.protocol.deployment.DeploymentException.Code;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Another key takes the place of the one that this is signed with. Whoever trusts the old one
 * trusts the new one from then on, and the old one no more.
 *
 * @param issued when the hub made it, UTC
 * @param trust the new key
 * @param revoke {@link Keys#id} of the old one, with which the change is signed
 */
public record KeyChange(Instant issued, PublicKey trust, String revoke) {

  /** The envelope's {@code payloadType}. */
  public static final String PAYLOAD_TYPE = "application/vnd.selvedge.key-change+json";

  private static final int FORMAT = 1;

  public KeyChange {
    if (!revoke.matches("[0-9a-f]{16}")) {
      throw new IllegalArgumentException(
          "revoke [" + revoke + "] must be a key's id, 16 hexadecimal digits");
    }
    if (Keys.id(trust).equals(revoke)) {
      throw new IllegalArgumentException("a key [" + revoke + "] cannot replace itself");
    }
  }

  /** A change from one key to another, signed with the old one. */
  public static SignedEnvelope sign(KeyPair old, PublicKey fresh, Instant now) {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("format", FORMAT);
    json.put("issued", now.toString());
    json.put("trust", Keys.publicText(fresh));
    json.put("revoke", Keys.id(old.getPublic()));
    return SignedEnvelope.sign(PAYLOAD_TYPE, Json.bytes(json), old);
  }

  /**
   * Verifies and reads one.
   *
   * @param trusted keys that are trusted now
   * @throws DeploymentException not signed with one of them, altered, or no change of the very key
   *     that it is signed with
   */
  public static KeyChange verify(SignedEnvelope envelope, Collection<PublicKey> trusted)
      throws DeploymentException {
    PublicKey signer = envelope.verify(trusted);
    KeyChange change = parse(envelope);
    if (!Keys.id(signer).equals(change.revoke())) {
      throw new DeploymentException(
          Code.WRONG_KEY,
          "change of key ["
              + change.revoke()
              + "] is signed with key ["
              + Keys.id(signer)
              + "]; a key can be replaced by itself only");
    }
    return change;
  }

  /**
   * Reads one; verifies nothing.
   *
   * @throws DeploymentException it is none
   */
  public static KeyChange parse(SignedEnvelope envelope) throws DeploymentException {
    if (!envelope.payloadType().equals(PAYLOAD_TYPE)) {
      throw new DeploymentException(
          Code.UNKNOWN_FORMAT,
          "payload type [" + envelope.payloadType() + "] must be " + PAYLOAD_TYPE);
    }
    try {
      Fields fields = Fields.parse("key change", envelope.payload());
      long format = fields.whole("format", 1, Integer.MAX_VALUE);
      if (format != FORMAT) {
        throw new DeploymentException(
            Code.UNKNOWN_FORMAT,
            "key change of format [" + format + "] is not known here; upgrade the gateway");
      }
      fields.requireOnly(List.of("format", "issued", "trust", "revoke"));
      return new KeyChange(
          fields.instant("issued"), Keys.publicKey(fields.text("trust")), fields.text("revoke"));
    } catch (IllegalArgumentException e) {
      throw new DeploymentException(Code.MALFORMED, "key change: " + e.getMessage(), e);
    }
  }
}
