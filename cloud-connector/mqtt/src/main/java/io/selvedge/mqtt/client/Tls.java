package io.selvedge.mqtt.client;

import io.selvedge.mqtt.client.ConnectionException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** From files to a secure connection, and from its failures to words. */
final class Tls {

  private static final String SET_BOTH = "set client.certificate.file and client.key.file";
  private static final String TRUSTED =
      "it must be from a CA that the broker trusts, and not revoked";

  private final TlsFiles files;
  private final Optional<ClientIdentity> identity;
  private final AskedKeys keys;
  private final SSLContext context;

  private Tls(
      TlsFiles files, Optional<ClientIdentity> identity, AskedKeys keys, SSLContext context) {
    this.files = files;
    this.identity = identity;
    this.keys = keys;
    this.context = context;
  }

  /** Reads the files, for one connection. */
  static Tls read(TlsFiles files) throws ConnectionException {
    try {
      Optional<ClientIdentity> identity =
          files.identity().isEmpty()
              ? Optional.empty()
              : Optional.of(ClientIdentity.read(files.identity().get()));
      AskedKeys keys =
          new AskedKeys(
              identity.isEmpty() ? Optional.empty() : Optional.of(identity.get().manager()));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {keys}, files.ca().isPresent() ? trust(files.ca().get()) : null, null);
      return new Tls(files, identity, keys, context);
    } catch (ConnectionException e) {
      throw e;
    } catch (GeneralSecurityException | IOException e) {
      throw new ConnectionException(Kind.TLS, "TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] trust(Path file) throws ConnectionException {
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

  /** Puts TLS over a connection, with the host's name checked. */
  Socket secure(Socket plain, URI endpoint) throws IOException {
    SSLSocket secure =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(plain, endpoint.getHost(), Endpoints.port(endpoint), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    if (!files.alpn().isEmpty()) {
      parameters.setApplicationProtocols(files.alpn().toArray(new String[0]));
    }
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  Optional<X509Certificate> clientCertificate() {
    return identity.map(ClientIdentity::certificate);
  }

  /** Whether a text is that of the broker's objection to a handshake. */
  static boolean isAlert(String text) {
    return text.contains("fatal alert");
  }

  /**
   * What a failed handshake means here: the broker judges certificates, since its clock may be
   * right where ours is not.
   */
  String explain(String text) {
    if (!isAlert(text)) {
      return text;
    }
    if (identity.isEmpty()) {
      return text.contains("certificate_required") || text.contains("bad_certificate")
          ? "the broker wants a client certificate (" + text + "); " + SET_BOTH
          : text;
    }
    return outOfTime()
        .orElse(
            "the broker does not take the client certificate ["
                + files.identity().orElseThrow().certificate()
                + "] ("
                + text
                + "); "
                + TRUSTED);
  }

  /**
   * What it may mean that the broker ended the connection before it said anything: its objection to
   * the certificate is lost where the client was still writing.
   */
  String explainEnd(String text) {
    if (!keys.asked()) {
      return text;
    }
    if (identity.isEmpty()) {
      return text
          + "; the broker had asked for a client certificate, and perhaps wants one: "
          + SET_BOTH;
    }
    return text
        + "; "
        + outOfTime()
            .orElse(
                "the broker had asked for a client certificate, and perhaps does not take ["
                    + files.identity().orElseThrow().certificate()
                    + "]: "
                    + TRUSTED);
  }

  private Optional<String> outOfTime() {
    return identity
        .orElseThrow()
        .outOfTime(files.identity().orElseThrow().certificate(), Instant.now());
  }
}
