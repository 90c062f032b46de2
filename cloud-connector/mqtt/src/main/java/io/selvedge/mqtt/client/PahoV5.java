package io.selvedge.mqtt.client;

import io.selvedge.mqtt.client.ConnectionException.Kind;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.MqttPingSender;
import org.eclipse.paho.mqttv5.client.internal.ClientComms;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MQTT 5 by Eclipse Paho, with our network below it; see docs/decisions/0044. */
final class PahoV5 implements Engine {

  private static final Logger log = LoggerFactory.getLogger(PahoV5.class);
  private static final long STOP_MILLIS = 1000;
  private static final int THREADS = 4; // receiver, sender, callback, and one that comes and goes
  private static final int MOST = 65_535;

  /** Kept, since a logger that nobody holds forgets its level: what matters is told by us. */
  private static final java.util.logging.Logger PAHO =
      java.util.logging.Logger.getLogger("org.eclipse.paho.mqttv5");

  static {
    PAHO.setLevel(java.util.logging.Level.OFF);
  }

  private final ConnectionOptions options;
  private final Events events;
  private final Pings pings = new Pings();
  private final ScheduledThreadPoolExecutor threads;
  private final Client client;
  private volatile BrokerLimits limits = BrokerLimits.NONE;
  private volatile Duration keepAlive;

  PahoV5(ConnectionOptions options, Network network, Events events) throws ConnectionException {
    this.options = options;
    this.events = events;
    keepAlive = options.keepAlive();
    threads =
        new ScheduledThreadPoolExecutor(
            THREADS,
            work -> {
              Thread thread = new Thread(work, options.name() + "-paho");
              thread.setDaemon(true);
              return thread;
            });
    try {
      client = new Client(options.clientId(), pings, threads, network);
    } catch (MqttException e) {
      throw failure(e);
    }
    client.setCallback(new Callback());
  }

  /** Paho with our network below it. */
  private static final class Client extends MqttAsyncClient {
    private final Network network;

    Client(String clientId, Pings pings, ScheduledThreadPoolExecutor threads, Network network)
        throws MqttException {
      // the address is only looked at: the network is there already
      super("tcp://broker", clientId, new MemoryPersistence(), pings, threads);
      this.network = network;
    }

    @Override
    protected NetworkModule[] createNetworkModules(String address, MqttConnectionOptions options) {
      return new NetworkModule[] {new Module(network, new Opening())};
    }
  }

  private record Module(Network network, Opening opening) implements NetworkModule {
    @Override
    public void start() {
      // it is there already
    }

    @Override
    public InputStream getInputStream() {
      return opening.in(network.in());
    }

    @Override
    public OutputStream getOutputStream() {
      return opening.out(network.out());
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

  /** In place of Paho's timer: the connection says when to look. */
  private static final class Pings implements MqttPingSender {
    private volatile boolean started;
    private volatile @Nullable ClientComms comms;

    @Override
    public void init(ClientComms clientComms) {
      comms = clientComms;
    }

    @Override
    public void start() {
      started = true;
    }

    @Override
    public void stop() {
      started = false;
    }

    @Override
    public void schedule(long millis) {
      // the connection looks often enough
    }

    boolean ping() {
      ClientComms now = comms;
      return started && now != null && now.checkForActivity() != null;
    }
  }

  private final class Callback implements MqttCallback {
    @Override
    public void disconnected(MqttDisconnectResponse response) {
      MqttException exception = response.getException();
      String said = response.getReasonString();
      if (exception != null || response.getReturnCode() == 0) {
        events.ended(Reasons.text(exception));
      } else {
        String text = ReasonCodes.text(response.getReturnCode());
        events.disconnected(said == null || said.isBlank() ? text : text + ": " + said);
      }
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
      log.debug("Paho met [{}]", exception.toString());
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      events.arrived(
          new ConnectionListener.Incoming(
              topic, message.getPayload(), message.getQos(), message.isRetained()));
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
      // the listener of each message hears it
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
      // the listener of the connecting hears it
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
      // enhanced authentication is not used
    }
  }

  @Override
  public void connect(Answer answer) throws ConnectionException {
    MqttConnectionOptions paho = new MqttConnectionOptions();
    paho.setCleanStart(options.cleanSession());
    paho.setSessionExpiryInterval(options.cleanSession() ? 0L : 0xffff_ffffL);
    paho.setAutomaticReconnect(false);
    paho.setTopicAliasMaximum(0);
    paho.setKeepAliveInterval((int) options.keepAlive().toSeconds());
    paho.setConnectionTimeout((int) Math.max(1, options.answerTimeout().toSeconds()));
    options
        .will()
        .ifPresent(
            will -> paho.setWill(will.topic(), message(will.payload(), will.qos(), will.retain())));
    options
        .credentials()
        .ifPresent(
            credentials -> {
              paho.setUserName(credentials.user());
              paho.setPassword(utf8(credentials.password()));
            });
    try {
      client.connect(
          paho,
          null,
          listener(
              answer,
              token -> {
                learn(token.getResponseProperties());
                return Optional.empty();
              }));
    } catch (MqttException e) {
      throw failure(e);
    }
  }

  private static MqttMessage message(byte[] payload, int qos, boolean retain) {
    MqttMessage message = new MqttMessage(payload);
    message.setProperties(new MqttProperties());
    message.setQos(qos);
    message.setRetained(retain);
    return message;
  }

  private static byte[] utf8(char[] text) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(text));
    byte[] exact = new byte[bytes.remaining()];
    bytes.get(exact);
    return exact;
  }

  private void learn(@Nullable MqttProperties said) {
    if (said == null) {
      return;
    }
    limits =
        new BrokerLimits(
            or(said.getReceiveMaximum(), MOST),
            or(said.getMaximumPacketSize(), BrokerLimits.LARGEST_PACKET),
            or(said.getMaximumQoS(), 2),
            or(said.isRetainAvailable(), true));
    Integer seconds = said.getServerKeepAlive();
    if (seconds != null && seconds > 0) {
      keepAlive = Duration.ofSeconds(seconds);
    }
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  /** What a broker's answer means; empty where it is a success. */
  private interface Judge {
    Optional<ConnectionException> judge(IMqttToken token);
  }

  private static MqttActionListener listener(Answer answer, Judge judge) {
    return new MqttActionListener() {
      @Override
      public void onSuccess(IMqttToken token) {
        judge.judge(token).ifPresentOrElse(answer::failed, answer::done);
      }

      @Override
      public void onFailure(IMqttToken token, Throwable cause) {
        answer.failed(failure(cause));
      }
    };
  }

  @Override
  public BrokerLimits limits() {
    return limits;
  }

  @Override
  public Duration keepAlive() {
    return keepAlive;
  }

  @Override
  public void subscribe(String filter, int qos, Answer answer) throws ConnectionException {
    Judge granted =
        token ->
            code(token)
                .map(
                    code ->
                        new ConnectionException(
                            Kind.NOT_AUTHORIZED,
                            "the broker does not let it subscribe to ["
                                + filter
                                + "]: "
                                + ReasonCodes.text(code)));
    try {
      client.subscribe(filter, qos, null, listener(answer, granted));
    } catch (MqttException e) {
      throw failure(e);
    }
  }

  @Override
  public void unsubscribe(String filter, Answer answer) throws ConnectionException {
    try {
      client.unsubscribe(filter, null, listener(answer, token -> Optional.empty()));
    } catch (MqttException e) {
      throw failure(e);
    }
  }

  /** The code that says that something is not done. */
  private static Optional<Integer> code(IMqttToken token) {
    int[] codes = token.getReasonCodes();
    return codes == null || codes.length == 0 || codes[0] < ReasonCodes.FIRST_FAILURE
        ? Optional.empty()
        : Optional.of(codes[0]);
  }

  /**
   * One after the other: Paho numbers topics (aliases) before it queues messages, and a number that
   * overtakes its name ends the connection.
   */
  @Override
  public synchronized void publish(
      String topic, byte[] payload, int qos, boolean retain, PublishListener listener)
      throws ConnectionException {
    MqttActionListener paho =
        new MqttActionListener() {
          @Override
          public void onSuccess(IMqttToken token) {
            Optional<Integer> code = code(token);
            if (code.isEmpty()) {
              listener.done();
            } else if (ReasonCodes.isOfTheMessage(code.get())) {
              listener.refused(ReasonCodes.text(code.get()));
            } else if (code.get() == ReasonCodes.NOT_AUTHORIZED) {
              listener.denied(ReasonCodes.text(code.get()));
            } else {
              listener.failed(
                  "the broker does not take a message: " + ReasonCodes.text(code.get()));
            }
          }

          @Override
          public void onFailure(IMqttToken token, Throwable cause) {
            listener.failed(Reasons.text(cause));
          }
        };
    try {
      client.publish(topic, message(payload, qos, retain), null, paho);
    } catch (MqttException e) {
      throw failure(e);
    }
  }

  @Override
  public boolean ping() {
    return pings.ping();
  }

  @Override
  public void disconnect(Duration patience, Answer answer) throws ConnectionException {
    try {
      client.disconnect(
          patience.toMillis(),
          null,
          listener(answer, token -> Optional.empty()),
          0,
          new MqttProperties());
    } catch (MqttException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() {
    try {
      client.disconnectForcibly(0, STOP_MILLIS, false);
    } catch (MqttException | RuntimeException e) { // it has ended by itself at the same time
      log.debug("Ending a connection met [{}]", e.toString());
    }
    threads.shutdown();
  }

  private static ConnectionException failure(Throwable cause) {
    if (!(cause instanceof MqttException refused)) {
      return new ConnectionException(Kind.OTHER, Reasons.text(cause), cause);
    }
    int code = refused.getReasonCode();
    if (code == MqttException.REASON_CODE_INVALID_RETURN_CODE) { // an answer in the form of 3.1.1
      return new ConnectionException(Kind.OTHER, ReasonCodes.text(0x84), cause);
    }
    if (code >= ReasonCodes.FIRST_FAILURE && code < 0x100) {
      return new ConnectionException(ReasonCodes.kind(code), ReasonCodes.text(code), cause);
    }
    Kind kind =
        switch (code) {
          case MqttClientException.REASON_CODE_CLIENT_TIMEOUT -> Kind.LOST;
          case MqttClientException.REASON_CODE_MAX_INFLIGHT -> Kind.FULL;
          case MqttClientException.REASON_CODE_CLIENT_CLOSED,
              MqttClientException.REASON_CODE_CLIENT_DISCONNECTING,
              MqttClientException.REASON_CODE_CLIENT_NOT_CONNECTED,
              MqttClientException.REASON_CODE_CONNECTION_LOST ->
              Kind.LOST;
          default -> Kind.OTHER;
        };
    return new ConnectionException(kind, Reasons.text(cause), cause);
  }
}
