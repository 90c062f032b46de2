package io.selvedge.mqtt.client;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The client's key for one connection, or none, with a note of whether the broker asked for a
 * certificate. With TLS 1.3 a broker judges it after the handshake is over for the client (RFC
 * 8446, section 4.4.2.4); its objection is lost where the client was writing when the connection
 * was reset, so that this note is all that is left to explain it by.
 */
final class AskedKeys extends X509ExtendedKeyManager {

  private final Optional<X509ExtendedKeyManager> keys;
  private volatile boolean asked;

  AskedKeys(Optional<X509ExtendedKeyManager> keys) {
    this.keys = keys;
  }

  /** Whether the broker asked for a certificate. */
  boolean asked() {
    return asked;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String @Nullable [] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    asked = true;
    return keys.isEmpty() ? null : keys.get().chooseClientAlias(types, issuers, socket);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String @Nullable [] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    asked = true;
    return keys.isEmpty() ? null : keys.get().chooseEngineClientAlias(types, issuers, engine);
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    return keys.isEmpty() ? null : keys.get().getClientAliases(type, issuers);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return keys.isEmpty() ? null : keys.get().getCertificateChain(alias);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return keys.isEmpty() ? null : keys.get().getPrivateKey(alias);
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
    return null; // it serves nobody
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
