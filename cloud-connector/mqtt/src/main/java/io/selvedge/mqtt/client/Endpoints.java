package io.selvedge.mqtt.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The brokers of one connection, in the order in which they are preferred. For one thread.
 *
 * <pre>
 *   first ──failed──▶ second ──failed──▶ third ──failed──▶ first …     restart(): from the first
 * </pre>
 */
public final class Endpoints {

  private static final Set<String> SCHEMES = Set.of("tcp", "ssl", "ws", "wss");

  private final List<URI> all;
  private int index;

  /**
   * Begins with the first.
   *
   * @param all at least one
   */
  public Endpoints(List<URI> all) {
    if (all.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one endpoint");
    }
    this.all = List.copyOf(all);
  }

  /** The one to try now. */
  public URI current() {
    return all.get(index);
  }

  /**
   * The current one did not take the connection: the next one is tried, after the last the first.
   */
  public void failed() {
    index = (index + 1) % all.size();
  }

  /** Begins with the first again, after a connection that had been made. */
  public void restart() {
    index = 0;
  }

  /** Whether the current one is the first, before which a round may pause. */
  public boolean isFirst() {
    return index == 0;
  }

  /**
   * Takes a list of addresses apart.
   *
   * @param brokers addresses with commas between
   * @throws IllegalArgumentException where one is no address; the message says which and what it
   *     must be
   */
  public static List<URI> parse(String brokers) {
    List<URI> endpoints = new ArrayList<>();
    for (String one : brokers.split(",", -1)) {
      URI uri;
      try {
        uri = URI.create(one.strip());
      } catch (IllegalArgumentException e) {
        throw wrong(one, e);
      }
      boolean known = SCHEMES.contains(String.valueOf(uri.getScheme()));
      if (!known || uri.getHost() == null) {
        throw wrong(one, null);
      }
      endpoints.add(uri);
    }
    return endpoints;
  }

  /** Whether somebody takes connections at an address. Waits, so long at most. */
  public static boolean isReachable(URI endpoint, Duration patience) {
    try (Socket socket = new Socket()) {
      InetSocketAddress address = new InetSocketAddress(endpoint.getHost(), port(endpoint));
      socket.connect(address, (int) patience.toMillis());
      return true;
    } catch (IOException | UnresolvedAddressException e) {
      return false;
    }
  }

  private static IllegalArgumentException wrong(String broker, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "broker ["
            + broker.strip()
            + "] must be tcp://HOST:PORT or ssl://HOST:PORT, for example tcp://127.0.0.1:1883; over"
            + " WebSocket ws://HOST:PORT/PATH or wss://HOST:PORT/PATH",
        cause);
  }

  static int port(URI endpoint) {
    if (endpoint.getPort() > 0) {
      return endpoint.getPort();
    }
    if (isWebSocket(endpoint)) {
      return isSecure(endpoint) ? 443 : 80;
    }
    return isSecure(endpoint) ? 8883 : 1883;
  }

  static boolean isSecure(URI endpoint) {
    return "ssl".equals(endpoint.getScheme()) || "wss".equals(endpoint.getScheme());
  }

  static boolean isWebSocket(URI endpoint) {
    return "ws".equals(endpoint.getScheme()) || "wss".equals(endpoint.getScheme());
  }
}
