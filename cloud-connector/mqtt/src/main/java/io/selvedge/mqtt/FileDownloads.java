package io.selvedge.mqtt;

import io.selvedge.api.uplink.Downloads;
import io.selvedge.mqtt.client.Connection;
import io.selvedge.mqtt.client.ConnectionException;
import io.selvedge.mqtt.client.ConnectionListener;
import io.selvedge.mqtt.client.ConnectionOptions;
import io.selvedge.protocol.kura.KuraTopic;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Connections for files, to the broker that the messages go to, with a client id of their own below
 * the gateway's. Subscribed at QoS 0: what is lost is asked for again.
 */
final class FileDownloads implements Downloads {

  private static final String NAME = "selvedge-files";

  private final Settings settings;
  private final Supplier<Optional<URI>> broker;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param broker where the messages go; empty while there is no connection
   */
  FileDownloads(Settings settings, Supplier<Optional<URI>> broker) {
    this.settings = settings;
    this.broker = broker;
  }

  @Override
  public Session open(Consumer<byte[]> arrived) throws IOException, InterruptedException {
    URI endpoint =
        broker.get().orElseThrow(() -> new IOException("there is no connection to the hub"));
    byte[] name = new byte[10];
    random.nextBytes(name);
    String session = HexFormat.of().formatHex(name);
    String topic = KuraTopic.files(settings.account(), settings.gateway(), session);
    try {
      Connection connection =
          Connection.open(options(endpoint), new Listener(settings.topics(), topic, arrived));
      try {
        connection.subscribe(settings.topics().filter(topic), 0);
      } catch (ConnectionException | InterruptedException | RuntimeException e) {
        connection.close();
        throw e;
      }
      return new Opened(session, connection);
    } catch (ConnectionException e) {
      throw new IOException("no connection for files to [" + endpoint + "]: " + e.reason(), e);
    }
  }

  private ConnectionOptions options(URI endpoint) throws IOException {
    ConnectionOptions options =
        ConnectionOptions.of(NAME, endpoint, settings.clientId() + "/files")
            .withKeepAlive(settings.keepAlive())
            .withTimeouts(settings.connectionTimeout(), settings.connectionTimeout())
            .withVersion(settings.version())
            .withTls(settings.tls());
    return settings.login().credentials(endpoint).map(options::withCredentials).orElse(options);
  }

  private record Listener(Topics topics, String topic, Consumer<byte[]> arrived)
      implements ConnectionListener {

    @Override
    public void arrived(Incoming message) {
      if (topics.incoming(message.topic()).filter(topic::equals).isPresent()) {
        arrived.accept(message.payload());
      }
    }

    @Override
    public boolean direct() {
      return true;
    }

    @Override
    public void lost(String reason) {
      // whoever waits for blocks sees it
    }
  }

  private record Opened(String name, Connection connection) implements Session {

    @Override
    public Optional<String> ended() {
      return connection.whyLost();
    }

    @Override
    public void close() {
      connection.close();
    }
  }
}
