package io.selvedge.protocol.deployment;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.EdECKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Ed25519 keys as text: the public one X.509, the private one PKCS #8, both in Base64 on one line.
 * Line breaks, spaces and the {@code -----BEGIN …-----} lines of a PEM file are passed over.
 */
public final class Keys {

  private static final String ALGORITHM = "Ed25519";

  private Keys() {}

  public static KeyPair generate() {
    try {
      return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(ALGORITHM + " is part of every JDK from 15 on", e);
    }
  }

  public static String publicText(PublicKey key) {
    return Base64.getEncoder().encodeToString(key.getEncoded());
  }

  public static String privateText(PrivateKey key) {
    return Base64.getEncoder().encodeToString(key.getEncoded());
  }

  /**
   * Reads a public key.
   *
   * @throws IllegalArgumentException the text is not an Ed25519 public key
   */
  public static PublicKey publicKey(String text) {
    try {
      return ed25519(
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(bytes(text))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "public key must be an Ed25519 key, X.509 in Base64, as the hub shows it", e);
    }
  }

  /**
   * Reads a private key.
   *
   * @throws IllegalArgumentException the text is not an Ed25519 private key; the message does not
   *     hold it
   */
  public static PrivateKey privateKey(String text) {
    try {
      return ed25519(
          KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(bytes(text))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "private key must be an Ed25519 key, PKCS #8 in Base64", e);
    }
  }

  /** First 16 hexadecimal digits of the SHA-256 of the X.509 form. */
  public static String id(PublicKey key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  private static <K> K ed25519(K key) {
    if (key instanceof EdECKey ed
        && NamedParameterSpec.ED25519.getName().equals(ed.getParams().getName())) {
      return key;
    }
    throw new IllegalArgumentException(
        "key [" + key.getClass().getSimpleName() + "] is not Ed25519");
  }

  private static byte[] bytes(String text) {
    String bare = text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    return Base64.getDecoder().decode(bare);
  }
}
