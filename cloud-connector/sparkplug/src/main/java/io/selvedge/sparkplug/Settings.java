package io.selvedge.sparkplug;

import io.selvedge.mqtt.client.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the connection needs, checked.
 *
 * @param endpoints brokers, in the order in which they are tried; none where what is configured is
 *     wrong
 * @param id group and node
 * @param clientId name of this client at the broker
 * @param user empty: no user and no password
 * @param password where the password is
 * @param tls certificates
 * @param primaryHost the host without which nothing is published; empty: none
 * @param aliases whether data carries numbers in place of names
 * @param complex whether aggregates are sent as templates, and JSON as data sets
 * @param rebirthPause the least time between births that hosts ask for
 * @param window records that may be published and not yet proved
 * @param largestMessage bytes of a payload; what is larger becomes a dead letter
 */
record Settings(
    List<URI> endpoints,
    NodeId id,
    String clientId,
    String user,
    Password password,
    TlsFiles tls,
    Duration keepAlive,
    Duration connectionTimeout,
    Duration longestPause,
    Optional<String> primaryHost,
    boolean aliases,
    boolean complex,
    Duration rebirthPause,
    int window,
    int largestMessage) {

  Settings {
    endpoints = List.copyOf(endpoints);
  }

  /** Gives the password each time a connection is made, so that a new one needs no restart. */
  interface Password {
    /**
     * Reads it.
     *
     * @throws IOException where it cannot be read
     */
    char[] read() throws IOException;
  }
}
