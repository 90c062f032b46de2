package io.selvedge.mqtt.client;

import io.selvedge.mqtt.client.ConnectionException.Kind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a broker, from the attempt to its end; it never comes back by itself, and is
 * never used again.
 *
 * <pre>
 *   open() ──▶ connected ──lost()──▶ lost ──close()──▶ closed
 *                  └────────disconnect(), close()────────▲
 * </pre>
 *
 * Methods that wait say so and wait on the caller's thread; all may be called on any thread but
 * those on which a listener is called, where only {@link #publish}, {@link #queue}, {@link #flush}
 * and {@link #lose} are allowed. A connection on which nothing comes for one and a half keep-alives
 * is lost: one keep-alive after the last that came a ping is sent, and answered or not within half
 * of one. While messages are under way, so much is added as a link of 2000 bytes/s needs for them.
 */
public final class Connection implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  /** Begins the reason where a connection is lost because the broker was not heard any more. */
  public static final String SILENCE = "nothing came";

  private static final String BY_THIS_SIDE = "ended by this side";
  private static final long SLOWEST_BYTES_PER_SECOND = 2000;
  private static final long LONGEST_LOOK_MILLIS = 1000;
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final ConnectionOptions options;
  private final ConnectionListener listener;
  private final Network network;
  private final Engine engine;
  private final InFlight inFlight;
  private final Revival revival;
  private final CountDownLatch end = new CountDownLatch(1);
  private final FirstReason lost = new FirstReason();
  private volatile boolean open;
  private long pingedAt;
  private int endsSeen;

  private Connection(ConnectionOptions options, ConnectionListener listener, Network network)
      throws ConnectionException {
    this.options = options;
    this.listener = listener;
    this.network = network;
    engine =
        options.version() == MqttVersion.V5
            ? new PahoV5(options, network, new Events())
            : new PahoV3(options, network, new Events());
    inFlight = new InFlight(new Sending(), options.inFlight());
    revival =
        new Revival(
            network::sinceReceived,
            network::retransmissions,
            patience -> {
              InetSocketAddress remote = network.remote();
              try (Socket answered =
                  Dialer.dial(
                      List.of(remote.getAddress()), remote.getPort(), Revival.AGAIN, patience)) {
                return answered.isConnected();
              } catch (IOException e) {
                return false;
              }
            },
            wait -> end.await(wait.toMillis(), TimeUnit.MILLISECONDS));
    inFlight.limit(options.inFlight());
  }

  /**
   * Makes a connection; waits at most the timeouts of the options.
   *
   * @param listener hears what comes, perhaps before this method returns
   * @throws ConnectionException where there is none, with the reason; nothing is left of it then
   */
  public static Connection open(ConnectionOptions options, ConnectionListener listener)
      throws ConnectionException, InterruptedException {
    Network network = Network.open(options);
    Connection made;
    try {
      made = new Connection(options, listener, network);
    } catch (ConnectionException | RuntimeException e) {
      network.close();
      throw e;
    }
    try {
      made.signIn();
      return made;
    } catch (ConnectionException | InterruptedException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private void signIn() throws ConnectionException, InterruptedException {
    try {
      Reply reply = new Reply();
      engine.connect(reply);
      reply.await(options.reachTimeout());
    } catch (ConnectionException e) {
      throw explained(e);
    }
    open = true;
    if (isLost()) {
      throw new ConnectionException(Kind.LOST, lost.get().orElse(Reasons.CLOSED));
    }
    // one less, since Paho may count a message out later than it tells
    inFlight.limit(Math.min(options.inFlight(), limits().receiveMaximum() - 1));
    Thread watch = new Thread(this::watch, options.name() + "-alive");
    watch.setDaemon(true);
    watch.start();
  }

  /** With what the network knows beyond the protocol. */
  private ConnectionException explained(ConnectionException e) {
    Optional<String> ended = network.ended();
    if (ended.isPresent() && Tls.isAlert(ended.get()) && network.tls().isPresent()) {
      return new ConnectionException(Kind.TLS, network.tls().get().explain(ended.get()), e);
    }
    boolean wordless = e.kind() == Kind.OTHER || e.kind() == Kind.LOST;
    if (!wordless || network.answered()) {
      return e;
    }
    Optional<String> meaning = network.endedThere().map(network::explainEnd);
    return new ConnectionException(Kind.SILENT, meaning.or(network::ended).orElse(e.reason()), e);
  }

  /** The client's certificate that this connection was made with; empty: none. */
  public Optional<X509Certificate> clientCertificate() {
    return network.tls().flatMap(Tls::clientCertificate);
  }

  /** What the broker takes. */
  public BrokerLimits limits() {
    return engine.limits();
  }

  /** Where the broker is. */
  public URI endpoint() {
    return options.endpoint();
  }

  /**
   * Subscribes; waits for the broker's answer.
   *
   * @param filter topic with or without wildcards
   * @param qos 0, 1 or 2
   * @throws ConnectionException where the broker does not grant it, or the connection is lost
   */
  public void subscribe(String filter, int qos) throws ConnectionException, InterruptedException {
    ConnectionOptions.checkQos(qos);
    Reply reply = new Reply();
    engine.subscribe(filter, qos, reply);
    reply.await(options.answerTimeout());
  }

  /**
   * Unsubscribes; does not wait. A broker answers this also where there is no such subscription
   * (MQTT 3.1.1, section 3.10.4), so that the answer shows that it has read what the network took
   * before.
   *
   * @param filter topic with or without wildcards
   * @param answered hears of the broker's answer
   * @throws ConnectionException where the connection is lost; the listener is not called then
   */
  public void unsubscribe(String filter, PublishListener answered) throws ConnectionException {
    engine.unsubscribe(
        filter,
        new Engine.Answer() {
          @Override
          public void done() {
            answered.done();
          }

          @Override
          public void failed(ConnectionException why) {
            answered.failed(why.reason());
          }
        });
  }

  /**
   * Publishes. Does not wait, unless a megabyte is not yet taken by the network. What is beyond the
   * number of messages that broker and options let be under way goes out in its turn. A QoS above
   * the broker's is lowered to it; nothing is retained where the broker does not retain.
   *
   * @param qos 0, 1 or 2
   * @throws ConnectionException where the connection is lost, or another {@link
   *     ConnectionOptions#inFlight} messages wait for their turn; the listener is not called then
   * @throws IllegalArgumentException where MQTT forbids the topic
   */
  public void publish(
      String topic, byte[] payload, int qos, boolean retain, PublishListener published)
      throws ConnectionException {
    queue(topic, payload, qos, retain, published);
    flush();
  }

  /**
   * The same, but it may stay here until {@link #flush}: for one who publishes several at once,
   * which then leave together.
   */
  public void queue(
      String topic, byte[] payload, int qos, boolean retain, PublishListener published)
      throws ConnectionException {
    ConnectionOptions.checkQos(qos);
    BrokerLimits limits = engine.limits();
    int most = Math.min(qos, limits.maximumQos());
    boolean keep = retain && limits.retainAvailable();
    try {
      inFlight.publish(new InFlight.Waiting(topic, payload, most, keep, published));
    } catch (NullPointerException e) { // Paho's, while its threads end the connection
      throw new ConnectionException(Kind.LOST, network.ended().orElse(Reasons.CLOSED), e);
    }
  }

  /** Sends what was queued. */
  public void flush() throws ConnectionException {
    engine.flush();
  }

  /**
   * Publishes, and waits until the broker has it; with QoS 0 until the network has it.
   *
   * @throws ConnectionException where it is not known to have arrived
   */
  public void publishAndWait(String topic, byte[] payload, int qos, boolean retain)
      throws ConnectionException, InterruptedException {
    Reply reply = new Reply();
    publish(
        topic,
        payload,
        qos,
        retain,
        new PublishListener() {
          @Override
          public void done() {
            reply.done();
          }

          @Override
          public void failed(String reason) {
            reply.failed(new ConnectionException(Kind.LOST, reason));
          }
        });
    reply.await(options.answerTimeout());
  }

  /** Whether it is at its end. */
  public boolean isLost() {
    return lost.get().isPresent();
  }

  /** Why it is at its end; empty while it is not. */
  public Optional<String> whyLost() {
    return lost.get();
  }

  /** Gives the connection up as lost, for a reason that its owner knows. Does not wait. */
  public void lose(String why) {
    if (lost.give(why) && open) {
      listener.lost(why);
    }
  }

  /**
   * Ends it gently: waits for what is under way, so long at most, and tells the broker, which then
   * drops the will. Then closes.
   */
  public void disconnect(Duration patience) throws InterruptedException {
    try {
      if (!isLost()) {
        lost.give(BY_THIS_SIDE);
        Reply reply = new Reply();
        network.out().leave();
        engine.disconnect(patience, reply);
        reply.await(patience.plus(GRACE));
      }
    } catch (ConnectionException | RuntimeException e) {
      log.debug("Leaving [{}] met [{}]; its will tells the others", endpoint(), e.toString());
    } finally {
      close();
    }
  }

  /** Ends it at once whatever its state; the broker publishes the will. */
  @Override
  public void close() {
    open = false;
    lost.give(BY_THIS_SIDE);
    end.countDown();
    if (lost.get().filter(BY_THIS_SIDE::equals).isPresent()) {
      network.close();
    } else {
      network.abandon();
    }
    engine.close();
    inFlight.end("connection has ended");
  }

  private void watch() {
    long look = Math.min(LONGEST_LOOK_MILLIS, options.keepAlive().toMillis() / 4);
    try {
      while (!end.await(look, TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      // nobody else has this thread
    }
  }

  private void look() throws InterruptedException {
    try {
      Optional<String> ended = network.ended();
      if (ended.isPresent()) { // Paho tells by itself, and then perhaps more; should it not
        endsSeen++;
        if (endsSeen > 1) {
          lose(ended.get());
        }
      } else if (network.sinceReceived().compareTo(patience()) > 0) {
        lose(SILENCE + " for [" + network.sinceReceived().toSeconds() + "] s");
      } else if (revival.isOutrun()) {
        lose(
            SILENCE
                + " for ["
                + network.sinceReceived().toSeconds()
                + "] s, and a new connection is answered");
      } else {
        if (isPingDue() && engine.ping()) {
          pingedAt = System.nanoTime();
        }
        inFlight.next();
      }
    } catch (ConnectionException
        | RuntimeException e) { // Paho's, while its threads end the connection
      log.debug("Looking after [{}] met [{}]", endpoint(), e.toString());
    }
  }

  /** A ping is answered behind what is still on its way over a slow link. */
  private Duration patience() {
    return engine
        .keepAlive()
        .multipliedBy(3)
        .dividedBy(2)
        .plusMillis(inFlight.bytes() * 1000 / SLOWEST_BYTES_PER_SECOND);
  }

  /** Not again within half a keep-alive, since Paho takes an open ping for a lost connection. */
  private boolean isPingDue() {
    Duration keepAlive = engine.keepAlive();
    boolean quiet =
        network.sinceReceived().compareTo(keepAlive) >= 0
            || network.sinceSent().compareTo(keepAlive) >= 0;
    return quiet
        && (pingedAt == 0 || System.nanoTime() - pingedAt >= keepAlive.dividedBy(2).toNanos());
  }

  private final class Sending implements InFlight.Sender {
    @Override
    public void send(InFlight.Waiting message, PublishListener counted) throws ConnectionException {
      engine.publish(message.topic(), message.payload(), message.qos(), message.retain(), counted);
    }

    @Override
    public void flush() throws ConnectionException {
      engine.flush();
    }
  }

  private final class Events implements Engine.Events {
    @Override
    public void arrived(ConnectionListener.Incoming message) {
      listener.arrived(message);
    }

    @Override
    public boolean direct() {
      return listener.direct();
    }

    @Override
    public void ended(String reason) {
      lose(network.ended().orElse(reason));
    }

    @Override
    public void disconnected(String reason) {
      lose(reason);
    }
  }

  /** The broker's answer to one step. */
  private static final class Reply implements Engine.Answer {
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();

    @Override
    public void done() {
      done.complete(true);
    }

    @Override
    public void failed(ConnectionException why) {
      done.completeExceptionally(why);
    }

    void await(Duration patience) throws ConnectionException, InterruptedException {
      try {
        done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof ConnectionException known) {
          throw new ConnectionException(known.kind(), known.reason(), e);
        }
        throw new ConnectionException(Kind.OTHER, Reasons.text(e), e);
      } catch (TimeoutException e) {
        throw new ConnectionException(
            Kind.LOST, "nothing came within [" + patience.toMillis() + "] ms", e);
      }
    }
  }
}
