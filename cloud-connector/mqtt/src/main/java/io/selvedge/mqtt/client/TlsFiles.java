package io.selvedge.mqtt.client;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Files in PEM form for connections with TLS. They are read anew for every connection, so that new
 * ones need no restart.
 *
 * @param ca certificates that may vouch for the broker; empty: those of the Java runtime
 */
public record TlsFiles(Optional<Path> ca) {

  /** The Java runtime's certificates vouch for the broker. */
  public static final TlsFiles NONE = new TlsFiles(Optional.empty());

  /** The same with certificates that vouch for the broker. */
  public TlsFiles withCa(Path file) {
    return new TlsFiles(Optional.of(file));
  }
}
