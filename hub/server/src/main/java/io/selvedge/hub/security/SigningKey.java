package io.selvedge.hub.security;

import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;

/** The Ed25519 key that deployments are signed with: made once, never leaves the hub. */
public final class SigningKey {

  private SigningKey() {}

  /**
   * Reads the pair from {@code deployment.key} (mode 0600) and {@code deployment.pub}; makes it
   * where neither is there.
   *
   * @throws IOException only one of the two is there, they do not belong together, or one cannot be
   *     read: gateways pin the key, so a new one is never made in the place of a lost one
   */
  public static KeyPair readOrCreate(Path directory) throws IOException {
    Path secret = directory.resolve("deployment.key");
    Path open = directory.resolve("deployment.pub");
    if (Files.exists(secret) != Files.exists(open)) {
      throw new IOException(
          "signing key ["
              + secret
              + "] and ["
              + open
              + "] belong together and one is missing; restore both from a backup, or remove both"
              + " and enrol every gateway anew");
    }
    KeyPair fresh = Keys.generate();
    // The public half first: killed between the two, the next start names what is missing.
    String publicText = Secrets.readOrCreate(open, () -> Keys.publicText(fresh.getPublic()));
    String secretText = Secrets.readOrCreate(secret, () -> Keys.privateText(fresh.getPrivate()));
    try {
      return pair(publicText, secretText);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "signing key in ["
              + directory
              + "], deployment.key and deployment.pub: "
              + e.getMessage()
              + "; restore both from a backup",
          e);
    }
  }

  /**
   * The pair of which these are the halves. A bit that has turned over in either leaves a key, and
   * no gateway takes what it signs.
   *
   * @throws IllegalArgumentException they do not belong together, or one cannot be read
   */
  static KeyPair pair(String publicText, String secretText) {
    KeyPair pair = new KeyPair(Keys.publicKey(publicText), Keys.privateKey(secretText));
    try {
      SignedEnvelope signed = SignedEnvelope.sign("text/plain", new byte[] {1}, pair);
      PublicKey unused = signed.verify(List.of(pair.getPublic()));
      return pair;
    } catch (DeploymentException e) {
      throw new IllegalArgumentException(
          "its public and its secret half are not two halves of one key", e);
    }
  }
}
