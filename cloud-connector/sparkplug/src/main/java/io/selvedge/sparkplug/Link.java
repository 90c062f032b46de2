package io.selvedge.sparkplug;

import io.selvedge.mqtt.client.Connection;
import io.selvedge.mqtt.client.ConnectionException;
import io.selvedge.mqtt.client.ConnectionListener;
import io.selvedge.mqtt.client.ConnectionOptions;
import io.selvedge.mqtt.client.Credentials;
import io.selvedge.mqtt.client.PublishListener;
import io.selvedge.mqtt.client.Will;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to a broker, as the edge node uses it. All methods but callbacks: one thread. */
final class Link {

  private static final Logger log = LoggerFactory.getLogger(Link.class);

  private static final int ROOM = 500;
  private static final int BESIDE = 20;
  private static final int WILL_QOS = 1;
  private static final Duration LEAVING = Duration.ofSeconds(2);

  private final Settings settings;
  private final Connection connection;

  /** Messages that the network has not taken yet hold a permit each. */
  private final Semaphore room = new Semaphore(ROOM);

  private boolean givenUp;

  private Link(Settings settings, Connection connection) {
    this.settings = settings;
    this.connection = connection;
  }

  /**
   * Connects, with a clean session and the node's death as last will.
   *
   * @param listener hears what comes, on a thread of the connection's
   */
  static Link open(Settings settings, URI endpoint, Outgoing death, ConnectionListener listener)
      throws IOException, InterruptedException {
    ConnectionOptions options =
        ConnectionOptions.of("selvedge-sparkplug", endpoint, settings.clientId())
            .withWill(new Will(death.topic(), death.payload(), WILL_QOS, false))
            .withKeepAlive(settings.keepAlive())
            .withTimeouts(settings.connectionTimeout(), settings.connectionTimeout())
            .withInFlight(ROOM + BESIDE)
            .withTls(settings.tls());
    if (!settings.user().isEmpty()) {
      options =
          options.withCredentials(new Credentials(settings.user(), settings.password().read()));
    }
    return new Link(settings, Connection.open(options, listener));
  }

  URI endpoint() {
    return connection.endpoint();
  }

  /** Subscribes at QoS 1 and waits for the broker's answer. */
  void subscribe(String topic) throws ConnectionException, InterruptedException {
    connection.subscribe(topic, 1);
  }

  /** Publishes at QoS 0; waits while the network takes nothing. */
  void publish(Outgoing message) throws ConnectionException, InterruptedException {
    while (!room.tryAcquire(250, TimeUnit.MILLISECONDS)) {
      if (isLost()) {
        throw new ConnectionException(ConnectionException.Kind.LOST, whyLost());
      }
    }
    connection.publish(message.topic(), message.payload(), 0, false, new GiveBack());
  }

  /** The network has the message, or never will. */
  private final class GiveBack implements PublishListener {
    @Override
    public void done() {
      room.release();
    }

    @Override
    public void failed(String reason) {
      connection.lose(reason);
      room.release();
    }
  }

  /**
   * Asks for a proof that the broker has read all that was published. The packet is one that
   * changes nothing there and that it must answer (MQTT 3.1.1, 3.10.4): the end of a subscription
   * that does not exist. It goes out only after the network has all before it.
   */
  void prove(Runnable proved) throws ConnectionException, InterruptedException {
    awaitTaken(settings.keepAlive());
    connection.unsubscribe(
        settings.id().topic(NodeId.MessageType.NCMD) + "/read",
        new PublishListener() {
          @Override
          public void done() {
            proved.run();
          }

          @Override
          public void failed(String reason) {
            connection.lose(reason);
          }
        });
  }

  /** Waits until the network has all that was published: what has an answer may overtake it. */
  private void awaitTaken(Duration patience) throws ConnectionException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!room.tryAcquire(ROOM, 250, TimeUnit.MILLISECONDS)) {
      if (isLost() || System.nanoTime() > end) {
        giveUp("the network took nothing any more");
        throw new ConnectionException(ConnectionException.Kind.LOST, whyLost());
      }
    }
    room.release(ROOM);
  }

  boolean isLost() {
    return connection.isLost();
  }

  String whyLost() {
    return connection.whyLost().orElse("");
  }

  /** Gives it up, because the broker says nothing any more. */
  void giveUp(String why) {
    givenUp = true;
    connection.lose(why);
  }

  /**
   * Whether the connection was ended by the other side or the way there, not by {@link #giveUp}.
   */
  boolean isBroken() {
    return isLost() && !givenUp;
  }

  /**
   * Says that the node goes, and goes.
   *
   * @param before what it says before that, at QoS 0
   * @return whether the broker acknowledged it, and so has read all that was published before
   */
  boolean leave(List<Outgoing> before, Outgoing death) throws InterruptedException {
    boolean told = false;
    try {
      if (!isLost()) {
        for (Outgoing message : before) {
          publish(message);
        }
        awaitTaken(LEAVING);
        connection.publishAndWait(death.topic(), death.payload(), WILL_QOS, false);
        told = true;
        connection.disconnect(LEAVING);
      }
    } catch (ConnectionException e) {
      log.debug("Leaving [{}] met [{}]; the last will tells the hosts", endpoint(), e.reason());
    } finally {
      close();
    }
    return told;
  }

  /** Ends it without a word: the broker publishes the last will. */
  void close() {
    connection.close();
  }
}
