package io.selvedge.mqtt;

import io.selvedge.mqtt.client.Connection;
import io.selvedge.mqtt.client.ConnectionException;
import io.selvedge.mqtt.client.ConnectionException.Kind;
import io.selvedge.mqtt.client.ConnectionListener;
import io.selvedge.mqtt.client.ConnectionOptions;
import io.selvedge.mqtt.client.PublishListener;
import io.selvedge.mqtt.client.Will;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.KuraTopic.Life;
import io.selvedge.protocol.kura.KuraTopic.Stage;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection in the Kura namespace: its will, its inbox, its stages of life. */
final class Session {

  private static final Logger log = LoggerFactory.getLogger(Session.class);

  /** Beside the window: replies and requests. */
  private static final int ROOM_FOR_CALLS = 200;

  /** Of a packet, beside the payload: topic, numbers, properties. */
  private static final int ROOM_FOR_HEADERS = 512;

  private static final Duration STOP = Duration.ofSeconds(1);

  private final Settings settings;
  private final Connection connection;
  private String queuedTo = ""; // most messages have the topic of the one before
  private String outgoing = "";

  private Session(Settings settings, Connection connection) {
    this.settings = settings;
    this.connection = connection;
  }

  /**
   * Connects and subscribes, on the uplink's thread.
   *
   * @param patience for the way to the broker, and for its first answer
   * @param arrived hears topic and payload, on the client's thread: hands over and returns
   */
  static Session open(
      Settings settings,
      URI endpoint,
      Duration patience,
      byte[] will,
      BiConsumer<String, byte[]> arrived)
      throws ConnectionException, InterruptedException {
    ConnectionListener listener =
        new ConnectionListener() {
          @Override
          public void arrived(Incoming message) {
            settings
                .topics()
                .incoming(message.topic())
                .ifPresent(topic -> arrived.accept(topic, message.payload()));
          }

          @Override
          public void lost(String reason) {
            // the pump sees it
          }
        };
    Session session =
        new Session(
            settings, Connection.open(options(settings, endpoint, patience, will), listener));
    try {
      String inbox = KuraTopic.inbox(settings.account(), settings.gateway());
      session.connection.subscribe(settings.topics().filter(inbox), 1);
      return session;
    } catch (ConnectionException | InterruptedException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static ConnectionOptions options(
      Settings settings, URI endpoint, Duration patience, byte[] will) throws ConnectionException {
    ConnectionOptions options =
        ConnectionOptions.of("selvedge-uplink", endpoint, settings.clientId())
            .withKeepAlive(settings.keepAlive())
            .withTimeouts(patience, settings.connectionTimeout())
            .withInFlight(settings.window() + ROOM_FOR_CALLS)
            .withVersion(settings.version())
            .withTls(settings.tls())
            .withWill(
                new Will(settings.topics().outgoing(life(settings, Stage.LWT)), will, 0, false));
    try {
      return settings.login().credentials(endpoint).map(options::withCredentials).orElse(options);
    } catch (IOException e) {
      throw new ConnectionException(Kind.FILE, String.valueOf(e.getMessage()), e);
    }
  }

  /** Publishes and waits until the broker has it. */
  void publishNow(Stage stage, byte[] payload) throws ConnectionException, InterruptedException {
    connection.publishAndWait(settings.topics().outgoing(life(settings, stage)), payload, 1, false);
  }

  /** Publishes at QoS 1 and does not wait. */
  void publish(Stage stage, byte[] payload, PublishListener listener) throws ConnectionException {
    publish(life(settings, stage), payload, 1, listener);
  }

  private static String life(Settings settings, Stage stage) {
    return new Life(settings.account(), settings.gateway(), stage).topic();
  }

  /**
   * Does not wait. The listener is called on the client's thread; at QoS 0 once it is written.
   *
   * @throws IllegalArgumentException where MQTT or the broker has no such topic
   */
  void publish(String topic, byte[] payload, int qos, PublishListener listener)
      throws ConnectionException {
    connection.publish(settings.topics().outgoing(topic), payload, qos, false, listener);
  }

  /**
   * The same, but it may stay here until {@link #flush}. For one thread.
   *
   * @throws IllegalArgumentException where MQTT or the broker has no such topic
   */
  void queue(String topic, byte[] payload, int qos, PublishListener listener)
      throws ConnectionException {
    if (!topic.equals(queuedTo)) {
      outgoing = settings.topics().outgoing(topic);
      queuedTo = topic;
    }
    connection.queue(outgoing, payload, qos, false, listener);
  }

  /** Sends what was queued. */
  void flush() throws ConnectionException {
    connection.flush();
  }

  /** Bytes of the largest payload that the broker may be sent. */
  int largestPayload() {
    long packet = connection.limits().maximumPacketSize() - ROOM_FOR_HEADERS;
    return (int) Math.max(1, Math.min(settings.largestMessage(), packet));
  }

  /** Messages that may be under way. */
  int window() {
    return Math.min(settings.window(), connection.limits().receiveMaximum());
  }

  Optional<X509Certificate> clientCertificate() {
    return connection.clientCertificate();
  }

  void lose(String why) {
    connection.lose(why);
  }

  boolean isLost() {
    return connection.isLost();
  }

  String whyLost() {
    return connection.whyLost().orElse("");
  }

  URI endpoint() {
    return connection.endpoint();
  }

  /** Ends it gently, to be made anew at once. */
  void renew() throws InterruptedException {
    connection.disconnect(STOP);
  }

  /** Says good-bye. */
  void leave(byte[] disconnect) throws InterruptedException {
    try {
      if (!isLost()) {
        // waited for, since a message that is still queued may not outlive the disconnecting
        connection.publishAndWait(
            settings.topics().outgoing(life(settings, Stage.DC)), disconnect, 0, false);
      }
    } catch (ConnectionException e) {
      log.debug("Leaving met [{}]; the last will tells the others", e.toString());
    }
    connection.disconnect(STOP);
  }

  /** Ends it whatever its state. */
  void close() {
    connection.close();
  }
}
