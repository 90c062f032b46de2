package io.selvedge.mqtt;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /** Takes a list of addresses apart. */
  static List<URI> endpoints(String brokers) {
    List<URI> endpoints = new ArrayList<>();
    for (String one : brokers.split(",", -1)) {
      URI uri;
      try {
        uri = URI.create(one.strip());
      } catch (IllegalArgumentException e) {
        throw wrongBroker(one, e);
      }
      boolean known = "tcp".equals(uri.getScheme()) || "ssl".equals(uri.getScheme());
      if (!known || uri.getHost() == null) {
        throw wrongBroker(one, null);
      }
      endpoints.add(uri);
    }
    return endpoints;
  }

  private static IllegalArgumentException wrongBroker(String broker, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "broker ["
            + broker.strip()
            + "] must be tcp://HOST:PORT or ssl://HOST:PORT, for example tcp://127.0.0.1:1883;"
            + " correct broker in io.selvedge.mqtt.cfg",
        cause);
  }

  static int port(URI endpoint) {
    if (endpoint.getPort() > 0) {
      return endpoint.getPort();
    }
    return "ssl".equals(endpoint.getScheme()) ? 8883 : 1883;
  }
}
