package io.selvedge.driver.opcua;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Period;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateBuilder;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateGenerator;

/**
 * Who this gateway is to servers: a key and a certificate that it signed itself, made at the first
 * use and kept in a file that only its user can read. A server's operator trusts it once.
 */
record ClientKey(KeyPair pair, X509Certificate certificate) {

  static final String APPLICATION = "urn:selvedge:gateway";

  private static final int BITS = 2048;
  private static final Period VALID = Period.ofYears(20);
  private static final String NAME = "client";
  private static final char[] NO_PASSWORD = "selvedge".toCharArray(); // the file's mode protects it
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** The key in this folder; made where there is none. */
  static ClientKey in(Path folder) {
    Path file = folder.resolve("client.p12");
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      if (Files.exists(file)) {
        try (InputStream in = Files.newInputStream(file)) {
          store.load(in, NO_PASSWORD);
        }
      } else {
        create(store, file);
      }
      X509Certificate certificate = (X509Certificate) store.getCertificate(NAME);
      PrivateKey key = (PrivateKey) store.getKey(NAME, NO_PASSWORD);
      return new ClientKey(new KeyPair(certificate.getPublicKey(), key), certificate);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(
          "key [" + file + "] cannot be used: " + e + "; delete it and a new one is made", e);
    }
  }

  private static void create(KeyStore store, Path file)
      throws IOException, GeneralSecurityException {
    KeyPair pair = SelfSignedCertificateGenerator.generateRsaKeyPair(BITS);
    X509Certificate certificate = certificate(pair);
    store.load(null, NO_PASSWORD);
    store.setKeyEntry(NAME, pair.getPrivate(), NO_PASSWORD, new Certificate[] {certificate});
    Files.createDirectories(file.getParent());
    Path fresh = Files.createTempFile(file.getParent(), "client", ".new", OWNER_ONLY);
    try (OutputStream out = Files.newOutputStream(fresh)) {
      store.store(out, NO_PASSWORD);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static X509Certificate certificate(KeyPair pair) throws GeneralSecurityException {
    try {
      return new SelfSignedCertificateBuilder(pair)
          .setCommonName("Selvedge gateway")
          .setApplicationUri(APPLICATION)
          .setValidityPeriod(VALID)
          .build();
    } catch (Exception e) { // so the library declares it
      throw new GeneralSecurityException(e);
    }
  }
}
