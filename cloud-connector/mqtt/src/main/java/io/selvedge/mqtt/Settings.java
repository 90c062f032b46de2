package io.selvedge.mqtt;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a connection needs, checked.
 *
 * @param endpoints brokers, tried in turn; none where what is configured is wrong
 * @param gateway id of this gateway, part of topics
 * @param clientId name of this client at the broker
 * @param account first part of topics
 * @param user empty: no user and no password
 * @param password where the password is
 * @param caFile certificates that may vouch for the broker; empty: those of the Java runtime
 * @param window messages under way
 * @param largestMessage bytes of a payload; what is larger becomes a dead letter
 */
record Settings(
    List<URI> endpoints,
    String gateway,
    String clientId,
    String account,
    String user,
    Password password,
    Optional<Path> caFile,
    Duration keepAlive,
    Duration connectionTimeout,
    Duration longestPause,
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
     * @throws java.io.IOException where it cannot be read
     */
    char[] read() throws java.io.IOException;
  }
}
