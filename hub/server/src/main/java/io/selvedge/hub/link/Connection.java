package io.selvedge.hub.link;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the broker that comes back by itself, with a new client object each time (Paho's
 * own reconnection can hang). Thread {@code hub-link-NAME} connects and watches; messages are
 * handed to the inbox on Paho's thread, which may block there: then nothing more is read.
 */
public final class Connection implements AutoCloseable {

  /** Takes what arrives. */
  public interface Inbox {
    /**
     * Takes a message, or makes the connection wait.
     *
     * @return false where it has no room and will not have soon: the connection is closed then, and
     *     the broker keeps what comes
     */
    boolean take(Delivery delivery) throws InterruptedException;

    /** Asked before each connection: whether there is a point in it. */
    boolean ready();

    /** For a connection that only sends. */
    Inbox NONE =
        new Inbox() {
          @Override
          public boolean take(Delivery delivery) {
            return true;
          }

          @Override
          public boolean ready() {
            return true;
          }
        };
  }

  /**
   * Who connects and what it hears.
   *
   * @param clientId the MQTT client id
   * @param keepSession true: the broker keeps what arrives while it is away
   * @param filters topic filters, each with quality of service 1
   */
  public record Subscriptions(String clientId, boolean keepSession, List<String> filters) {
    public Subscriptions {
      filters = List.copyOf(filters);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Connection.class);
  private static final int QOS = 1;
  private static final int MOST_IN_FLIGHT = 1000;
  private static final int MOST_STREAMED = 8;
  private static final int SECONDS = 10;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  private final Endpoint endpoint;
  private final Subscriptions subscriptions;
  private final Inbox inbox;
  private final Clock clock;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch firstConnection = new CountDownLatch(1);
  private final Deque<IMqttDeliveryToken> streamed = new ArrayDeque<>();
  private final AtomicReference<@Nullable MqttAsyncClient> live = new AtomicReference<>();

  public Connection(
      String name, Endpoint endpoint, Subscriptions subscriptions, Inbox inbox, Clock clock) {
    this.clock = clock;
    this.endpoint = endpoint;
    this.subscriptions = subscriptions;
    this.inbox = inbox;
    this.thread = new Thread(this::run, "hub-link-" + name);
  }

  public void start() {
    thread.start();
  }

  /** Waits until it has been connected and subscribed once. False where it has not in that time. */
  public boolean awaitFirst(long millis) throws InterruptedException {
    return firstConnection.await(millis, TimeUnit.MILLISECONDS);
  }

  public boolean connected() {
    MqttAsyncClient client = live.get();
    return client != null && client.isConnected();
  }

  /**
   * Publishes with quality of service 1, not retained, and does not wait.
   *
   * @return false where there is no connection or too much is on its way; nothing was sent
   */
  public boolean publish(String topic, byte[] payload) {
    MqttAsyncClient client = live.get();
    if (client == null) {
      return false;
    }
    try {
      client.publish(topic, payload, QOS, false);
      return true;
    } catch (MqttException e) {
      log.debug("Not published on [{}]", topic, e);
      return false;
    }
  }

  /**
   * Publishes with quality of service 0 and waits while {@value #MOST_STREAMED} such messages are
   * not yet taken by the network. Called by one thread.
   *
   * @return false where there is no connection; nothing was sent
   */
  public boolean stream(String topic, byte[] payload) throws InterruptedException {
    MqttAsyncClient client = live.get();
    if (client == null) {
      streamed.clear();
      return false;
    }
    try {
      while (streamed.size() >= MOST_STREAMED) {
        streamed.remove().waitForCompletion(SECONDS * 1000L);
      }
      streamed.add(client.publish(topic, payload, 0, false));
      return true;
    } catch (MqttException e) {
      log.debug("Not published on [{}]", topic, e);
      streamed.clear();
      return false;
    }
  }

  private void run() {
    boolean told = false;
    long pause = 100;
    while (awaitReady()) {
      CountDownLatch lost = new CountDownLatch(1);
      try (Client client = connect(lost)) {
        live.set(client.paho());
        firstConnection.countDown();
        log.info("Connected to the broker at {} as {}", endpoint.uri(), subscriptions.clientId());
        told = false;
        pause = 100;
        awaitEither(lost);
      } catch (MqttException e) {
        if (!told) {
          log.warn("No connection to the broker at {}: {}", endpoint, reason(e));
          told = true; // state, not news: once
        }
      } catch (InterruptedException e) {
        return;
      } finally {
        live.set(null);
      }
      pause = pause(pause);
    }
  }

  /** False where it was closed meanwhile. */
  private boolean awaitReady() {
    try {
      while (closed.getCount() > 0 && !inbox.ready()) {
        if (closed.await(100, TimeUnit.MILLISECONDS)) {
          return false;
        }
      }
    } catch (InterruptedException e) {
      return false;
    }
    return closed.getCount() > 0;
  }

  private long pause(long millis) {
    try {
      if (!closed.await(ThreadLocalRandom.current().nextLong(millis) + 1, TimeUnit.MILLISECONDS)) {
        return Math.min(millis * 2, LONGEST_PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      closed.countDown();
    }
    return millis;
  }

  private void awaitEither(CountDownLatch lost) throws InterruptedException {
    while (closed.getCount() > 0) {
      if (lost.await(50, TimeUnit.MILLISECONDS)) {
        log.warn("Connection to the broker at {} ended", endpoint.uri());
        return;
      }
    }
  }

  private Client connect(CountDownLatch lost) throws MqttException {
    MqttAsyncClient paho =
        new MqttAsyncClient(endpoint.uri(), subscriptions.clientId(), new MemoryPersistence());
    Client client = new Client(paho);
    try {
      paho.setManualAcks(true);
      paho.setCallback(new Callback(paho, lost));
      paho.connect(options()).waitForCompletion(SECONDS * 1000L);
      for (String filter : subscriptions.filters()) {
        IMqttToken token = paho.subscribe(filter, QOS);
        token.waitForCompletion(SECONDS * 1000L);
        int[] granted = token.getGrantedQos();
        if (granted != null && granted.length == 1 && granted[0] > 2) {
          throw new MqttException(MqttException.REASON_CODE_NOT_AUTHORIZED);
        }
      }
      return client;
    } catch (MqttException e) {
      client.close();
      throw e;
    }
  }

  private MqttConnectOptions options() {
    MqttConnectOptions options = new MqttConnectOptions();
    options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
    options.setCleanSession(!subscriptions.keepSession());
    options.setConnectionTimeout(SECONDS);
    options.setKeepAliveInterval(60);
    options.setMaxInflight(MOST_IN_FLIGHT);
    options.setAutomaticReconnect(false);
    if (!endpoint.user().isEmpty()) {
      options.setUserName(endpoint.user());
      options.setPassword(endpoint.password().toCharArray());
    }
    return options;
  }

  private static String reason(MqttException e) {
    Throwable cause = e.getCause();
    return cause == null ? String.valueOf(e.getMessage()) : String.valueOf(cause.getMessage());
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(5000);
      if (thread.isAlive()) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Paho's client, closed whatever state it is in. */
  private record Client(MqttAsyncClient paho) implements AutoCloseable {
    @Override
    public void close() {
      try {
        if (paho.isConnected()) {
          paho.disconnectForcibly(0, 200);
        }
      } catch (MqttException e) {
        log.debug("Disconnecting", e);
      }
      try {
        paho.close(true);
      } catch (MqttException e) {
        log.debug("Closing", e);
      }
    }
  }

  private final class Callback implements MqttCallback {

    private final MqttAsyncClient paho;
    private final CountDownLatch lost;

    Callback(MqttAsyncClient paho, CountDownLatch lost) {
      this.paho = paho;
      this.lost = lost;
    }

    @Override
    public void connectionLost(Throwable cause) {
      log.debug("Lost", cause);
      lost.countDown();
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) throws Exception {
      if (lost.getCount() > 0
          && !inbox.take(
              new Delivery(
                  topic, message.getPayload(), clock.instant(), () -> acknowledge(message)))) {
        log.info("No room for more messages: they wait at the broker");
        lost.countDown();
      }
    }

    private void acknowledge(MqttMessage message) {
      try {
        if (message.getQos() > 0 && paho.isConnected()) {
          paho.messageArrivedComplete(message.getId(), message.getQos());
        }
      } catch (MqttException e) {
        log.debug("Not acknowledged: it will come again, and be known", e);
      }
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {}
  }
}
