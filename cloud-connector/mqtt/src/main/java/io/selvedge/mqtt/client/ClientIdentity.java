package io.selvedge.mqtt.client;

import io.selvedge.mqtt.client.ConnectionException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A client's certificate with its key, as read from files.
 *
 * @param chain the client's certificate first
 */
record ClientIdentity(List<Certificate> chain, PrivateKey key) {

  private static final byte[] PROOF = "selvedge".getBytes(StandardCharsets.US_ASCII);

  static ClientIdentity read(TlsFiles.Identity files) throws ConnectionException {
    List<Certificate> chain = chain(files.certificate());
    return new ClientIdentity(chain, key(files, chain.get(0).getPublicKey()));
  }

  private static List<Certificate> chain(Path file) throws ConnectionException {
    try (InputStream in = open(file, "certificate")) {
      List<Certificate> chain =
          List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
      if (chain.isEmpty()) {
        throw new CertificateException("it holds no certificate in PEM form");
      }
      return chain;
    } catch (IOException | GeneralSecurityException e) {
      throw wrong("client certificate", file, e, "put the client's certificate (PEM) into it");
    }
  }

  private static PrivateKey key(TlsFiles.Identity files, PublicKey expected)
      throws ConnectionException {
    PrivateKey key;
    try (InputStream in = open(files.key(), "key")) {
      String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      key = Pem.privateKey(text, expected.getAlgorithm());
      if (belongsTogether(key, expected)) {
        return key;
      }
    } catch (IOException | GeneralSecurityException e) {
      throw wrong("client key", files.key(), e, "put the certificate's private key (PEM) into it");
    }
    throw new ConnectionException(
        Kind.FILE,
        "client key ["
            + files.key()
            + "] is not the key of the certificate ["
            + files.certificate()
            + "]; put the two files that belong together there");
  }

  private static InputStream open(Path file, String what) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("there is no such " + what + " file");
    }
    return Files.newInputStream(file);
  }

  private static ConnectionException wrong(String what, Path file, Exception why, String remedy) {
    if (why instanceof ConnectionException known) {
      return known;
    }
    return new ConnectionException(
        Kind.FILE,
        what + " [" + file + "] cannot be used: " + why.getMessage() + "; " + remedy,
        why);
  }

  /** What one signs the other verifies. */
  private static boolean belongsTogether(PrivateKey key, PublicKey expected)
      throws GeneralSecurityException {
    String algorithm =
        switch (expected.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> expected.getAlgorithm();
        };
    Signature sign = Signature.getInstance(algorithm);
    sign.initSign(key);
    sign.update(PROOF);
    byte[] signed = sign.sign();
    Signature verify = Signature.getInstance(algorithm);
    verify.initVerify(expected);
    verify.update(PROOF);
    return verify.verify(signed);
  }

  X509Certificate certificate() {
    return (X509Certificate) chain.get(0);
  }

  X509ExtendedKeyManager manager() throws GeneralSecurityException, IOException {
    char[] secret = new char[0]; // of a store that is only in memory
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setKeyEntry("client", key, secret, chain.toArray(new Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, secret);
    return (X509ExtendedKeyManager) factory.getKeyManagers()[0]; // as of each in the JDK
  }

  /** What may be wrong with the time for which the certificate is valid. */
  Optional<String> outOfTime(Path file, Instant now) {
    X509Certificate certificate = certificate();
    if (now.isAfter(certificate.getNotAfter().toInstant())) {
      return Optional.of(
          "client certificate ["
              + file
              + "] expired at ["
              + certificate.getNotAfter().toInstant()
              + "]; put a renewed one there, it is taken without a restart");
    }
    if (now.isBefore(certificate.getNotBefore().toInstant())) {
      return Optional.of(
          "client certificate ["
              + file
              + "] is not valid before ["
              + certificate.getNotBefore().toInstant()
              + "]; check the clock, which says ["
              + now
              + "]");
    }
    return Optional.empty();
  }
}
