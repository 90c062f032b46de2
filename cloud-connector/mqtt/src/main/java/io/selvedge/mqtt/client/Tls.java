package io.selvedge.mqtt.client;

import io.selvedge.mqtt.client.ConnectionException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** From files to what the Java runtime needs for a secure connection. */
final class Tls {

  private Tls() {}

  static SSLSocketFactory factory(TlsFiles files) throws ConnectionException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, files.ca().isPresent() ? trust(files.ca().get()) : null, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new ConnectionException(Kind.TLS, "TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static TrustManager @Nullable [] trust(Path file) throws ConnectionException {
    if (!Files.isRegularFile(file)) {
      throw new ConnectionException(
          Kind.FILE,
          "CA file ["
              + file
              + "] is not there; put the certificate that vouches for the broker (PEM) into it");
    }
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      int number = 0;
      for (Certificate certificate : all) {
        store.setCertificateEntry("ca-" + number, certificate);
        number++;
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      return trust.getTrustManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw new ConnectionException(
          Kind.FILE,
          "CA file ["
              + file
              + "] cannot be used: "
              + e.getMessage()
              + "; it must hold certificates in PEM form",
          e);
    }
  }
}
