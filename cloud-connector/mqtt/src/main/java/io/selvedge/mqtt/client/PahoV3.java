package io.selvedge.mqtt.client;

import io.selvedge.mqtt.client.ConnectionException.Kind;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.MqttPingSender;
import org.eclipse.paho.client.mqttv3.MqttToken;
import org.eclipse.paho.client.mqttv3.MqttTopic;
import org.eclipse.paho.client.mqttv3.internal.ClientComms;
import org.eclipse.paho.client.mqttv3.internal.NetworkModule;
import org.eclipse.paho.client.mqttv3.internal.wire.MqttPublish;
import org.eclipse.paho.client.mqttv3.internal.wire.MqttSubscribe;
import org.eclipse.paho.client.mqttv3.internal.wire.MqttUnsubscribe;
import org.eclipse.paho.client.mqttv3.internal.wire.MqttWireMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MQTT 3.1.1 by Eclipse Paho, with our network below it; see docs/decisions/0040. */
final class PahoV3 implements Engine {

  private static final Logger log = LoggerFactory.getLogger(PahoV3.class);
  private static final long STOP_MILLIS = 1000;
  private static final int ROOM = 10; // Paho counts out later than it tells
  private static final int REFUSED = 0x80; // in a SUBACK

  private final ConnectionOptions options;
  private final Events events;
  private final PacketIds ids;
  private final Publications publications;
  private final Client client;

  PahoV3(ConnectionOptions options, Network network, Events events) throws ConnectionException {
    this.options = options;
    this.events = events;
    ids = new PacketIds(options.inFlight() + ROOM);
    publications =
        new Publications(
            network, ids, events.direct() ? Optional.of(events::arrived) : Optional.empty());
    try {
      client = new Client(options.clientId(), network, publications);
    } catch (MqttException e) {
      throw failure(e);
    }
    client.setCallback(new Callback());
  }

  /** Paho with our network below it, and with our numbers. */
  private static final class Client extends MqttAsyncClient {
    private final NetworkModule module;

    Client(String clientId, Network network, Publications publications) throws MqttException {
      // the address is only looked at: the network is there already
      super("tcp://broker", clientId, new MemoryPersistence(), NO_PINGS);
      module = new Module(network, publications, new Opening());
    }

    @Override
    protected NetworkModule[] createNetworkModules(String address, MqttConnectOptions options) {
      return new NetworkModule[] {module};
    }

    /** As Paho's own methods do, but with a number that is ours; Paho takes one where it is 0. */
    void send(MqttWireMessage message, String topic, IMqttActionListener listener)
        throws MqttException {
      MqttToken token =
          message instanceof MqttPublish
              ? new MqttDeliveryToken(getClientId())
              : new MqttToken(getClientId());
      token.setActionCallback(listener);
      token.internalTok.setTopics(new String[] {topic});
      if (message instanceof MqttPublish publish) {
        token.internalTok.setMessage(publish.getMessage());
      }
      comms.sendNoWait(message, token);
    }
  }

  private record Module(Network network, Publications publications, Opening opening)
      implements NetworkModule {
    @Override
    public void start() {
      // it is there already
    }

    @Override
    public InputStream getInputStream() {
      return opening.in(publications.pahoIn());
    }

    @Override
    public OutputStream getOutputStream() {
      return opening.out(publications.pahoOut());
    }

    @Override
    public void stop() {
      network.close();
    }

    @Override
    public String getServerURI() {
      return "tcp://broker";
    }
  }

  /** In place of Paho's timer: the connection says when, and its pings are not Paho's. */
  private static final MqttPingSender NO_PINGS =
      new MqttPingSender() {
        @Override
        public void init(ClientComms comms) {
          // not asked
        }

        @Override
        public void start() {
          // the connection looks often enough
        }

        @Override
        public void stop() {
          // nothing was started
        }

        @Override
        public void schedule(long millis) {
          // the connection looks often enough
        }
      };

  private final class Callback implements MqttCallback {
    @Override
    public void connectionLost(Throwable cause) {
      events.ended(Reasons.text(cause));
      publications.end(Reasons.text(cause));
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      events.arrived(
          new ConnectionListener.Incoming(
              topic, message.getPayload(), message.getQos(), message.isRetained()));
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
      // the listener of each message hears it
    }
  }

  @Override
  public void connect(Answer answer) throws ConnectionException {
    MqttConnectOptions paho = new MqttConnectOptions();
    paho.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
    paho.setCleanSession(options.cleanSession());
    paho.setAutomaticReconnect(false);
    paho.setKeepAliveInterval((int) options.keepAlive().toSeconds());
    paho.setConnectionTimeout((int) Math.max(1, options.answerTimeout().toSeconds()));
    paho.setMaxInflight(options.inFlight() + ROOM);
    options
        .will()
        .ifPresent(will -> paho.setWill(will.topic(), will.payload(), will.qos(), will.retain()));
    options
        .credentials()
        .ifPresent(
            credentials -> {
              paho.setUserName(credentials.user());
              paho.setPassword(credentials.password());
            });
    try {
      client.connect(paho, null, listener(answer));
    } catch (MqttException e) {
      throw failure(e);
    }
  }

  private static IMqttActionListener listener(Answer answer) {
    return new IMqttActionListener() {
      @Override
      public void onSuccess(IMqttToken token) {
        answer.done();
      }

      @Override
      public void onFailure(IMqttToken token, Throwable cause) {
        answer.failed(failure(cause));
      }
    };
  }

  @Override
  public BrokerLimits limits() {
    return BrokerLimits.NONE;
  }

  @Override
  public Duration keepAlive() {
    return options.keepAlive();
  }

  @Override
  public void subscribe(String filter, int qos, Answer answer) throws ConnectionException {
    IMqttActionListener granted =
        new IMqttActionListener() {
          @Override
          public void onSuccess(IMqttToken token) {
            int[] codes = token.getGrantedQos();
            if (codes.length > 0 && codes[0] == REFUSED) {
              onFailure(token, new MqttException(MqttException.REASON_CODE_SUBSCRIBE_FAILED));
            } else {
              answer.done();
            }
          }

          @Override
          public void onFailure(IMqttToken token, Throwable cause) {
            answer.failed(refused(filter, cause));
          }
        };
    MqttTopic.validate(filter, true);
    send(new MqttSubscribe(new String[] {filter}, new int[] {qos}), filter, granted);
  }

  /** Gives the message a number, which is free again once the broker has answered. */
  private void send(MqttWireMessage message, String topic, IMqttActionListener listener)
      throws ConnectionException {
    int id = ids.take();
    if (id == 0) {
      throw new ConnectionException(Kind.FULL, "too much is under way");
    }
    message.setMessageId(id);
    try {
      client.send(
          message,
          topic,
          new IMqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
              ids.give(id);
              listener.onSuccess(token);
            }

            @Override
            public void onFailure(IMqttToken token, Throwable cause) {
              ids.give(id);
              listener.onFailure(token, cause);
            }
          });
    } catch (MqttException e) {
      ids.give(id);
      throw failure(e);
    }
  }

  @Override
  public void unsubscribe(String filter, Answer answer) throws ConnectionException {
    MqttTopic.validate(filter, true);
    send(new MqttUnsubscribe(new String[] {filter}), filter, listener(answer));
  }

  private static ConnectionException refused(String filter, Throwable cause) {
    boolean code =
        cause instanceof MqttException e
            && (e.getReasonCode() == MqttException.REASON_CODE_SUBSCRIBE_FAILED
                || e.getReasonCode() == REFUSED);
    return code
        ? new ConnectionException(
            Kind.NOT_AUTHORIZED, "the broker does not let it subscribe to [" + filter + "]", cause)
        : failure(cause);
  }

  @Override
  public void publish(
      String topic, byte[] payload, int qos, boolean retain, PublishListener listener)
      throws ConnectionException {
    if (qos == 1) {
      publications.publish(topic, payload, retain, listener);
      return;
    }
    MqttTopic.validate(topic, false);
    MqttMessage message = new MqttMessage(payload);
    message.setQos(qos);
    message.setRetained(retain);
    IMqttActionListener paho =
        new IMqttActionListener() {
          @Override
          public void onSuccess(IMqttToken token) {
            listener.done();
          }

          @Override
          public void onFailure(IMqttToken token, Throwable cause) {
            listener.failed(Reasons.text(cause));
          }
        };
    MqttPublish publish = new MqttPublish(topic, message);
    if (qos > 0) {
      send(publish, topic, paho);
      return;
    }
    try {
      client.send(publish, topic, paho);
    } catch (MqttException e) {
      throw failure(e);
    }
  }

  @Override
  public void flush() throws ConnectionException {
    publications.flush();
  }

  @Override
  public boolean ping() throws ConnectionException {
    publications.ping();
    return true;
  }

  @Override
  public void disconnect(Duration patience, Answer answer)
      throws ConnectionException, InterruptedException {
    ids.drain(patience.toMillis());
    try {
      client.disconnect(patience.toMillis(), null, listener(answer));
    } catch (MqttException e) {
      throw failure(e);
    }
  }

  /**
   * Ends Paho's threads. Its own close() is left out: it only forgets references, and threads that
   * are still on their way out trip over that.
   */
  @Override
  public void close() {
    try {
      client.disconnectForcibly(0, STOP_MILLIS, false);
    } catch (MqttException | RuntimeException e) { // it has ended by itself at the same time
      log.debug("Ending a connection met [{}]", e.toString());
    }
    publications.end("connection has ended");
  }

  private static ConnectionException failure(Throwable cause) {
    if (!(cause instanceof MqttException refused)) {
      return new ConnectionException(Kind.OTHER, Reasons.text(cause), cause);
    }
    Kind kind =
        switch (refused.getReasonCode()) {
          case MqttException.REASON_CODE_FAILED_AUTHENTICATION,
              MqttException.REASON_CODE_NOT_AUTHORIZED ->
              Kind.NOT_AUTHORIZED;
          case MqttException.REASON_CODE_INVALID_CLIENT_ID -> Kind.CLIENT_ID;
          case MqttException.REASON_CODE_BROKER_UNAVAILABLE -> Kind.UNAVAILABLE;
          case MqttException.REASON_CODE_CLIENT_TIMEOUT -> Kind.LOST;
          case MqttException.REASON_CODE_MAX_INFLIGHT -> Kind.FULL;
          case MqttException.REASON_CODE_CLIENT_CLOSED,
              MqttException.REASON_CODE_CLIENT_DISCONNECTING,
              MqttException.REASON_CODE_CLIENT_NOT_CONNECTED,
              MqttException.REASON_CODE_CONNECTION_LOST ->
              Kind.LOST;
          default -> Kind.OTHER;
        };
    return new ConnectionException(kind, Reasons.text(cause), cause);
  }
}
