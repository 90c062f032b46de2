package io.selvedge.hub.security;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;

/**
 * The hub's certificate and its key, for REST and for the embedded broker.
 *
 * @param keyStore a PKCS #12 file
 * @param password of the file and of the key in it; never logged
 */
public record TlsFiles(Path keyStore, String password) {

  /** Its type, as the JDK names it. */
  public static final String TYPE = "PKCS12";

  /** What is spoken. */
  public static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

  /**
   * Refuses at the start what would fail at the first connection.
   *
   * @throws IOException it cannot be read, the password is wrong, or there is no key in it
   */
  public void check() throws IOException {
    try (InputStream in = Files.newInputStream(keyStore)) {
      KeyStore store = KeyStore.getInstance(TYPE);
      store.load(in, password.toCharArray());
      for (String alias : java.util.Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias) && store.getKey(alias, password.toCharArray()) != null) {
          return;
        }
      }
      throw new IOException("there is no private key in it");
    } catch (IOException | GeneralSecurityException e) {
      throw new IOException(
          "certificate file ["
              + keyStore
              + "] cannot be used ("
              + e.getMessage()
              + "); it must be PKCS #12 with a private key, and SELVEDGE_HUB_TLS_PASSWORD its"
              + " password",
          e);
    }
  }

  @Override
  public String toString() {
    return keyStore.toString();
  }
}
