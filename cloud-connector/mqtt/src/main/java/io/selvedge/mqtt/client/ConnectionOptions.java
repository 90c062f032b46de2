package io.selvedge.mqtt.client;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * What a connection is made with.
 *
 * @param name of the connection in thread names, for example {@code selvedge-uplink}
 * @param endpoint {@code tcp://HOST:PORT}, or {@code ssl://HOST:PORT} for TLS, without a port 1883
 *     and 8883; over WebSocket {@code ws://HOST:PORT/PATH} or {@code wss://HOST:PORT/PATH}, without
 *     a port 80 and 443, without a path {@code /mqtt}
 * @param version of the protocol
 * @param clientId name of this client at the broker
 * @param credentials empty: without user and password
 * @param will empty: without a last will
 * @param cleanSession false: the broker keeps subscriptions and messages for this client id
 * @param keepAlive a connection on which nothing comes for one and a half times as long is lost; 1
 *     s to 65535 s
 * @param reachTimeout the longest for the way to the broker, and for its first answer
 * @param answerTimeout the longest for each of the broker's answers after that
 * @param inFlight the most messages of QoS 1 and 2 that may be under way, 1 to 65535
 * @param tls files for TLS
 */
public record ConnectionOptions(
    String name,
    URI endpoint,
    MqttVersion version,
    String clientId,
    Optional<Credentials> credentials,
    Optional<Will> will,
    boolean cleanSession,
    Duration keepAlive,
    Duration reachTimeout,
    Duration answerTimeout,
    int inFlight,
    TlsFiles tls) {

  private static final int MOST = 65_535;

  public ConnectionOptions {
    if (endpoint.getHost() == null) {
      throw new IllegalArgumentException("endpoint [" + endpoint + "] must have a host");
    }
    if (keepAlive.toSeconds() < 1 || keepAlive.toSeconds() > MOST) {
      throw new IllegalArgumentException("keep-alive [" + keepAlive + "] must be 1 to 65535 s");
    }
    if (inFlight < 1 || inFlight > MOST) {
      throw new IllegalArgumentException(
          "messages in flight [" + inFlight + "] must be 1 to 65535");
    }
  }

  /**
   * MQTT 3.1.1, clean session, no user, no will, keep-alive 30 s, 10 s for the way and for answers,
   * 1000 messages in flight, the Java runtime's certificates.
   */
  public static ConnectionOptions of(String name, URI endpoint, String clientId) {
    return new ConnectionOptions(
        name,
        endpoint,
        MqttVersion.V3_1_1,
        clientId,
        Optional.empty(),
        Optional.empty(),
        true,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        1000,
        TlsFiles.NONE);
  }

  /** The same with another version of the protocol. */
  public ConnectionOptions withVersion(MqttVersion other) {
    return new ConnectionOptions(
        name,
        endpoint,
        other,
        clientId,
        credentials,
        will,
        cleanSession,
        keepAlive,
        reachTimeout,
        answerTimeout,
        inFlight,
        tls);
  }

  /** The same with user and password. */
  public ConnectionOptions withCredentials(Credentials other) {
    return new ConnectionOptions(
        name,
        endpoint,
        version,
        clientId,
        Optional.of(other),
        will,
        cleanSession,
        keepAlive,
        reachTimeout,
        answerTimeout,
        inFlight,
        tls);
  }

  /** The same with a last will. */
  public ConnectionOptions withWill(Will other) {
    return new ConnectionOptions(
        name,
        endpoint,
        version,
        clientId,
        credentials,
        Optional.of(other),
        cleanSession,
        keepAlive,
        reachTimeout,
        answerTimeout,
        inFlight,
        tls);
  }

  /** The same with a session that the broker keeps, or not. */
  public ConnectionOptions withCleanSession(boolean clean) {
    return new ConnectionOptions(
        name,
        endpoint,
        version,
        clientId,
        credentials,
        will,
        clean,
        keepAlive,
        reachTimeout,
        answerTimeout,
        inFlight,
        tls);
  }

  /** The same with another keep-alive. */
  public ConnectionOptions withKeepAlive(Duration other) {
    return new ConnectionOptions(
        name,
        endpoint,
        version,
        clientId,
        credentials,
        will,
        cleanSession,
        other,
        reachTimeout,
        answerTimeout,
        inFlight,
        tls);
  }

  /** The same with other timeouts, for the way and for each answer. */
  public ConnectionOptions withTimeouts(Duration reach, Duration answer) {
    return new ConnectionOptions(
        name,
        endpoint,
        version,
        clientId,
        credentials,
        will,
        cleanSession,
        keepAlive,
        reach,
        answer,
        inFlight,
        tls);
  }

  /** The same with so many messages under way at most. */
  public ConnectionOptions withInFlight(int most) {
    return new ConnectionOptions(
        name,
        endpoint,
        version,
        clientId,
        credentials,
        will,
        cleanSession,
        keepAlive,
        reachTimeout,
        answerTimeout,
        most,
        tls);
  }

  /** The same with files for TLS. */
  public ConnectionOptions withTls(TlsFiles files) {
    return new ConnectionOptions(
        name,
        endpoint,
        version,
        clientId,
        credentials,
        will,
        cleanSession,
        keepAlive,
        reachTimeout,
        answerTimeout,
        inFlight,
        files);
  }

  static void checkQos(int qos) {
    if (qos < 0 || qos > 2) {
      throw new IllegalArgumentException("QoS [" + qos + "] must be 0, 1 or 2");
    }
  }
}
