package io.selvedge.remote.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * What a file's bytes must come to.
 *
 * @param algorithm {@code SHA-256}, {@code SHA-384} or {@code SHA-512}
 * @param hex lower case
 */
record Digest(String algorithm, String hex) {

  static final String SHA_256 = "SHA-256";

  private static final List<String> ALGORITHMS = List.of(SHA_256, "SHA-384", "SHA-512");

  /** Reads Kura's {@code algorithm:hex}. */
  static Digest parse(String text) {
    String[] parts = text.split(":", 2);
    String algorithm =
        parts[0].strip().toUpperCase(Locale.ROOT).replaceFirst("^SHA(?=\\d)", "SHA-");
    String hex = parts.length == 2 ? parts[1].strip().toLowerCase(Locale.ROOT) : "";
    if (!ALGORITHMS.contains(algorithm)
        || !hex.matches("[0-9a-f]+")
        || hex.length() != Integer.parseInt(algorithm.substring(4)) / 4) {
      throw new IllegalArgumentException(
          "metric [dp.download.hash] is ["
              + text
              + "]; it must be SHA-256:, SHA-384: or SHA-512: and the digest in hexadecimal digits"
              + " (MD5 and SHA-1 can be forged)");
    }
    return new Digest(algorithm, hex);
  }

  /** Of a file as it is. */
  static Digest of(String algorithm, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return new Digest(algorithm, HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(algorithm + " is part of every JDK", e);
    }
  }

  boolean matches(Path file) throws IOException {
    return of(algorithm, file).equals(this);
  }

  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
