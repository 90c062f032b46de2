package io.selvedge.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Trust in a broker: certificates of a file, or those of the Java runtime. */
final class Tls {

  private Tls() {}

  /** The file is read anew for every connection, so that a new one needs no restart. */
  static SSLSocketFactory factory(Optional<Path> caFile) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      if (caFile.isEmpty()) {
        context.init(null, null, null);
        return context.getSocketFactory();
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store(caFile.get()));
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "CA file ["
              + caFile.map(Path::toString).orElse("")
              + "] cannot be used: "
              + e.getMessage()
              + "; it must hold certificates in PEM form",
          e);
    }
  }

  private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "CA file ["
              + file
              + "] is not there; put the certificate that vouches for the broker (PEM) into it");
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      int number = 0;
      for (Certificate certificate : all) {
        store.setCertificateEntry("ca-" + number, certificate);
        number++;
      }
    }
    return store;
  }
}
