package io.selvedge.hub.broker;

import io.selvedge.hub.broker.BrokerRun.Door;
import io.selvedge.hub.link.Endpoint;
import io.selvedge.hub.security.Secrets;
import io.selvedge.hub.security.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Apache Artemis within the process: MQTT only, messages kept in a journal on disk, memory bounded
 * (what is above waits on disk). The hub has a door of its own on a free loopback port, so that it
 * listens before the first gateway can speak: open the gateways' door with {@link #open} then.
 *
 * <p>When its disk fails it stops: nothing that is not on disk is acknowledged. Thread {@code
 * hub-broker} starts it anew, at the same doors, until the disk lets it.
 */
public final class EmbeddedBroker implements AutoCloseable {

  /**
   * @param addressLasts see {@link BrokerConfiguration}
   * @param again how long it waits before it is started anew
   */
  record Times(Duration addressLasts, Duration again) {

    static final Times USUAL = new Times(Duration.ofMinutes(10), Duration.ofSeconds(10));
  }

  private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final String HUB_USER = "HUB";
  private static final long ROOM_TO_START = 16L << 20; // four files of the journal
  private static final int MOST_KEEP_ALIVE_SECONDS = 3600; // what gateways may ask for

  private final Path directory;
  private final Times times;
  private final String hubPassword;
  private final Supplier<BrokerRun> runs;
  private final List<Door> doors = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::keep, "hub-broker");
  private volatile BrokerRun run;
  private volatile Optional<String> trouble = Optional.empty();

  /**
   * @param directory for journal and queues
   * @param passwords of gateways
   * @param access what gateways may publish and hear
   */
  public EmbeddedBroker(Path directory, GatewayPasswords passwords, TopicAccess access) {
    this(directory, passwords, access, Secrets.random());
  }

  /**
   * For a hub in another process, which has to know the password.
   *
   * @param hubPassword of the user HUB, at the hub's own door
   */
  public EmbeddedBroker(
      Path directory, GatewayPasswords passwords, TopicAccess access, String hubPassword) {
    this(directory, passwords, access, hubPassword, Times.USUAL);
  }

  EmbeddedBroker(
      Path directory,
      GatewayPasswords passwords,
      TopicAccess access,
      String hubPassword,
      Times times) {
    this.directory = directory;
    this.times = times;
    this.hubPassword = hubPassword;
    this.runs =
        () ->
            new BrokerRun(
                BrokerConfiguration.of(directory, times.addressLasts()),
                new BrokerSecurity(HUB_USER, hubPassword, passwords, access),
                List.of(new PacketGuard(HUB_USER, access), new PacketMends()));
    this.run = runs.get();
  }

  /** Starts it and opens the hub's own door on any free port. */
  public Endpoint start() throws IOException {
    return start(0);
  }

  /**
   * Starts it and opens the hub's own door on loopback.
   *
   * @param hubPort 0: any free one
   */
  public Endpoint start(int hubPort) throws IOException {
    run.start();
    int port = open(new Door("hub", "127.0.0.1", hubPort, Optional.empty(), Map.of()));
    thread.start();
    return new Endpoint("tcp://127.0.0.1:" + port, HUB_USER, hubPassword);
  }

  /**
   * Opens the gateways' door.
   *
   * @param port 0: any free one
   * @param tls empty: in the clear
   * @return the port
   * @throws IOException the port is taken, or the host is not one of this machine
   */
  public int open(String host, int port, Optional<TlsFiles> tls) throws IOException {
    Map<String, Object> more =
        Map.of(
            "defaultMqttSessionExpiryInterval",
            PacketMends.MOST_SECONDS,
            "serverKeepAlive",
            MOST_KEEP_ALIVE_SECONDS);
    try {
      return open(new Door("gateways", host, port, tls, more));
    } catch (IOException e) {
      throw new IOException(e.getMessage() + "; give another one with --mqtt", e);
    }
  }

  private int open(Door door) throws IOException {
    int port = run.open(door);
    doors.add(door.at(port));
    return port;
  }

  /** Starts it anew, as often as its disk has failed. */
  private void keep() {
    try {
      while (closed.getCount() > 0) {
        String why = run.failure().get();
        say(why + "; make room on the disk of [" + directory + "], or mend it", null);
        while (!closed.await(times.again().toMillis(), TimeUnit.MILLISECONDS) && !again()) {}
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // a failure is never one
    }
  }

  private boolean again() {
    try {
      run.close();
      requireRoom(directory, ROOM_TO_START);
      run = runs.get();
      run.start();
      for (Door door : doors) {
        run.open(door);
      }
    } catch (IOException e) {
      say(String.valueOf(e.getMessage()), e);
      return false;
    }
    trouble = Optional.empty();
    log.info("The broker runs again");
    return true;
  }

  /** Asked first: a start without room says so with a page of traces, each time. */
  static void requireRoom(Path directory, long bytes) throws IOException {
    if (Files.getFileStore(directory).getUsableSpace() < bytes) {
      throw new IOException(
          "disk of [" + directory + "] is full, it must have " + (bytes >> 20) + " MB left");
    }
  }

  /** Each reason once, until it runs again. */
  private void say(String why, @Nullable IOException e) {
    String told =
        "the broker stopped: "
            + why
            + "; it is started anew every "
            + times.again().toSeconds()
            + " s";
    if (!trouble.equals(Optional.of(told))) {
      log.error("Gateways cannot connect: {}", told);
      log.debug("Broker", e);
      trouble = Optional.of(told);
    }
  }

  /** Why it does not run, though it was started; empty while it does. */
  public Optional<String> trouble() {
    return trouble;
  }

  /** Ends the connections of a gateway whose password is void. */
  public void throwOut(String gateway) {
    run.throwOut(gateway);
  }

  ActiveMQServerImpl server() {
    return run.server();
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      thread.join();
      run.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
