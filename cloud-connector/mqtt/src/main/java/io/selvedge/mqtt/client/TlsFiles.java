package io.selvedge.mqtt.client;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Files in PEM form for connections with TLS. They are read anew for every connection, so that new
 * ones need no restart.
 *
 * @param ca certificates that may vouch for the broker; empty: those of the Java runtime
 * @param identity what this client shows of itself (mutual TLS); empty: nothing
 * @param alpn names of protocols for brokers that tell them apart on one port (RFC 7301)
 */
public record TlsFiles(Optional<Path> ca, Optional<Identity> identity, List<String> alpn) {

  /**
   * A client's certificate and its key.
   *
   * @param certificate the client's certificate first, then those that lead to its CA
   * @param key its private key: PKCS#8, PKCS#1 or SEC 1, not encrypted
   */
  public record Identity(Path certificate, Path key) {}

  /** The Java runtime's certificates vouch for the broker; the client shows none. */
  public static final TlsFiles NONE = new TlsFiles(Optional.empty(), Optional.empty(), List.of());

  public TlsFiles {
    alpn = List.copyOf(alpn);
  }

  /** The same with certificates that vouch for the broker. */
  public TlsFiles withCa(Path file) {
    return new TlsFiles(Optional.of(file), identity, alpn);
  }

  /** The same with a certificate of the client's own. */
  public TlsFiles withIdentity(Path certificate, Path key) {
    return new TlsFiles(ca, Optional.of(new Identity(certificate, key)), alpn);
  }

  /** The same with a name of the protocol. */
  public TlsFiles withAlpn(String protocol) {
    return new TlsFiles(ca, identity, List.of(protocol));
  }

  /**
   * The client's certificate as it is on disk now; empty where none is configured.
   *
   * @throws ConnectionException where a file is missing or wrong, or the key is of another
   *     certificate; the message says which and what to do
   */
  public Optional<X509Certificate> clientCertificate() throws ConnectionException {
    return identity.isEmpty()
        ? Optional.empty()
        : Optional.of(ClientIdentity.read(identity.get()).certificate());
  }
}
