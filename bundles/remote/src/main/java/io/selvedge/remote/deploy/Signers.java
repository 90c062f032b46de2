package io.selvedge.remote.deploy;

import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.protocol.json.Fields;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Says who vouches for a file. Either every entry of the jar is signed ({@code jarsigner}) by a
 * certificate in {@code conf/trust/packages/*.pem}, or one that such a certificate has issued; or
 * the request carries an envelope (DSSE) that names the file's SHA-256, signed with a key in {@code
 * conf/trust/*.pub}.
 */
final class Signers {

  static final String PAYLOAD_TYPE = "application/vnd.selvedge.package+json";

  /** Bytes of manifest and signatures, which are read whole into memory. */
  private static final int MOST_SIGNATURE = 8 << 20;

  /** Before that, a clock is not set. */
  private static final Instant SET = Instant.parse("2025-01-01T00:00:00Z");

  /** How far the signer's clock may be ahead. */
  private static final Duration AHEAD = Duration.ofDays(1);

  private final Path trust;
  private final Path revoked;
  private final String gateway;
  private final Clock clock;

  /**
   * @param revoked ids of keys that count no more, one a line; may be missing
   */
  Signers(Path trust, Path revoked, String gateway, Clock clock) {
    this.trust = trust;
    this.revoked = revoked;
    this.gateway = gateway;
    this.clock = clock;
  }

  /**
   * Who vouches for a file.
   *
   * @param issued when, where an envelope says it; the signature of a jar has no time
   */
  record Voucher(String name, Optional<Instant> issued) {}

  /**
   * Who vouches for it.
   *
   * @param envelope empty where there is none
   * @param name of the package; an envelope is for one
   * @throws DeployException nobody does
   */
  Voucher require(Path file, byte[] envelope, String name) throws IOException, DeployException {
    return envelope.length > 0
        ? byEnvelope(file, envelope, name)
        : new Voucher(byCertificate(file), Optional.empty());
  }

  private Voucher byEnvelope(Path file, byte[] bytes, String name)
      throws IOException, DeployException {
    try {
      SignedEnvelope envelope = SignedEnvelope.parse(bytes);
      PublicKey key = envelope.verify(keys());
      if (!envelope.payloadType().equals(PAYLOAD_TYPE)) {
        throw new DeployException(
            "the envelope holds ["
                + envelope.payloadType()
                + "]; it must be ["
                + PAYLOAD_TYPE
                + "]");
      }
      Fields fields = Fields.parse("package", envelope.payload());
      fields.whole("format", 1, 1);
      if (!fields.text("gateway").equals(gateway)) {
        throw new DeployException(
            "the envelope is for gateway [" + fields.text("gateway") + "], not for this one");
      }
      if (!fields.text("name").equals(name)) {
        throw new DeployException(
            "the envelope is for package [" + fields.text("name") + "], not for [" + name + "]");
      }
      if (fields.instant("expires").isBefore(clock.instant())) {
        throw new DeployException("the envelope ran out at [" + fields.instant("expires") + "]");
      }
      requirePast(fields.instant("issued"));
      String is = Digest.of(Digest.SHA_256, file).hex();
      if (!fields.text("sha256").equals(is)) {
        throw new DeployException(
            "the envelope vouches for ["
                + fields.text("sha256")
                + "], and the file is ["
                + is
                + "]");
      }
      return new Voucher("key " + Keys.id(key), Optional.of(fields.instant("issued")));
    } catch (DeploymentException | IllegalArgumentException e) {
      throw new DeployException("the envelope does not vouch for it: " + e.getMessage(), e);
    }
  }

  /** One from the future would keep out all that are signed until then. */
  private void requirePast(Instant issued) throws DeployException {
    Instant now = clock.instant();
    if (now.isAfter(SET) && issued.isAfter(now.plus(AHEAD))) {
      throw new DeployException(
          "the envelope was issued at ["
              + issued
              + "], which must not be more than ["
              + AHEAD.toHours()
              + " h] after now ["
              + now
              + "]; set the clocks of the signer and of the gateway, and sign it anew");
    }
  }

  private List<PublicKey> keys() throws IOException {
    List<String> gone =
        Files.exists(revoked)
            ? Files.readAllLines(revoked, StandardCharsets.ISO_8859_1)
            : List.of();
    List<PublicKey> keys = new ArrayList<>();
    for (Path file : files(trust, "*.pub")) {
      try {
        PublicKey key = Keys.publicKey(Files.readString(file));
        if (!gone.contains(Keys.id(key))) {
          keys.add(key);
        }
      } catch (IllegalArgumentException | CharacterCodingException e) {
        // told of by those who read deployments
      }
    }
    return keys;
  }

  private String byCertificate(Path file) throws IOException, DeployException {
    List<X509Certificate> trusted = certificates();
    if (trusted.isEmpty()) {
      throw new DeployException(
          "nobody is trusted to sign packages: put a certificate into conf/trust/packages/NAME.pem"
              + " and sign the file with its key (jarsigner)");
    }
    requireSmallSignature(file);
    X509Certificate by = null;
    try (JarFile jar = new JarFile(file.toFile(), true)) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        if (!entry.isDirectory() && !isSignature(entry.getName())) {
          readWhole(jar, entry);
          by = signer(entry, trusted);
        }
      }
    } catch (SecurityException e) {
      throw new DeployException("the file was altered after it was signed: " + e.getMessage(), e);
    }
    if (by == null) {
      throw new DeployException("the file is empty");
    }
    return by.getSubjectX500Principal().getName();
  }

  /** A few kilobytes may unfold to more than there is memory. */
  private static void requireSmallSignature(Path file) throws IOException, DeployException {
    byte[] buffer = new byte[1 << 14];
    long bytes = 0;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (isSignature(entry.getName())) {
          try (InputStream in = zip.getInputStream(entry)) {
            for (int n = in.read(buffer); n >= 0 && bytes <= MOST_SIGNATURE; n = in.read(buffer)) {
              bytes += n;
            }
          }
        }
      }
    }
    if (bytes > MOST_SIGNATURE) {
      throw new DeployException(
          "manifest and signatures of the file hold more than ["
              + MOST_SIGNATURE
              + "] bytes; build it anew");
    }
  }

  private static boolean isSignature(String entry) {
    return entry
        .toUpperCase(Locale.ROOT)
        .matches("META-INF/(MANIFEST\\.MF|SIG-[^/]*|[^/]*\\.(SF|RSA|DSA|EC))");
  }

  /** Only then does it know its signers. */
  private static void readWhole(JarFile jar, JarEntry entry) throws IOException {
    byte[] buffer = new byte[1 << 14];
    try (InputStream in = jar.getInputStream(entry)) {
      while (in.read(buffer) >= 0) {
        // its digest is what counts
      }
    }
  }

  private X509Certificate signer(JarEntry entry, List<X509Certificate> trusted)
      throws DeployException {
    CodeSigner[] signers = entry.getCodeSigners();
    for (CodeSigner signer : signers == null ? new CodeSigner[0] : signers) {
      List<? extends Certificate> chain = signer.getSignerCertPath().getCertificates();
      if (!chain.isEmpty()
          && chain.get(0) instanceof X509Certificate leaf
          && isTrusted(leaf, trusted)) {
        return leaf;
      }
    }
    throw new DeployException(
        "["
            + entry.getName()
            + "] of the file is "
            + (signers == null ? "not signed" : "signed by nobody who is trusted")
            + "; trusted are "
            + trusted.stream().map(one -> one.getSubjectX500Principal().getName()).toList()
            + ", the certificates in conf/trust/packages. Code that nobody signed is never installed");
  }

  private boolean isTrusted(X509Certificate leaf, List<X509Certificate> trusted) {
    for (X509Certificate one : trusted) {
      try {
        Date now = Date.from(clock.instant());
        if (one.equals(leaf)) {
          leaf.checkValidity(now);
          return true;
        }
        if (one.getBasicConstraints() >= 0
            && one.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
          leaf.verify(one.getPublicKey());
          leaf.checkValidity(now);
          one.checkValidity(now);
          return true;
        }
      } catch (GeneralSecurityException e) {
        // not by this one, or too late
      }
    }
    return false;
  }

  private List<X509Certificate> certificates() throws IOException, DeployException {
    List<X509Certificate> all = new ArrayList<>();
    for (Path file : files(trust.resolve("packages"), "*.pem")) {
      try (InputStream in = Files.newInputStream(file)) {
        for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
          all.add((X509Certificate) one);
        }
      } catch (GeneralSecurityException e) {
        throw new DeployException("[" + file + "] holds no certificate in PEM; mend it", e);
      }
    }
    return all;
  }

  private static List<Path> files(Path directory, String pattern) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, pattern)) {
        found.forEach(files::add);
      }
    }
    return files;
  }
}
