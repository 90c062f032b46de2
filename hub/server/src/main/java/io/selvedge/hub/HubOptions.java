package io.selvedge.hub;

import io.selvedge.hub.link.Endpoint;
import io.selvedge.hub.security.TlsFiles;
import io.selvedge.hub.store.Retention;
import io.selvedge.protocol.kura.KuraTopic;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a hub is started.
 *
 * @param data its data directory
 * @param http where REST listens
 * @param broker whose broker
 * @param store whose database
 * @param account first part of every topic
 * @param tls certificate for REST and the embedded broker; empty: in the clear
 * @param training command of the training process; job and output directory are added
 * @param name of this hub among those that share broker and store; empty: it is alone
 * @param keepDays how long what is stored is kept, by kind; as is usual, else for ever, where
 *     nothing is said
 * @param filesUrl where the files of artifacts lie besides, each under its SHA-256
 */
public record HubOptions(
    Path data,
    Address http,
    Broker broker,
    Store store,
    String account,
    Optional<TlsFiles> tls,
    List<String> training,
    Optional<String> name,
    Map<Retention.Kind, Integer> keepDays,
    Optional<String> filesUrl) {

  /** The account that is taken where none is given. */
  public static final String DEFAULT_ACCOUNT = "selvedge";

  private static final int MOST_DAYS = 36_500;

  /** The broker in use. */
  public sealed interface Broker {
    /** Within the process, for gateways at this address. */
    record Embedded(Address mqtt) implements Broker {}

    /** Somebody else's; who may connect there is not the hub's business. */
    record External(Endpoint endpoint) implements Broker {}
  }

  /** The database in use. */
  public sealed interface Store {
    /** H2 in the data directory. */
    record Embedded() implements Store {}

    /** By JDBC. */
    record External(String url, Optional<String> user, Optional<String> password)
        implements Store {}
  }

  /**
   * Where to listen.
   *
   * @param host name or address of this machine
   * @param port 0: any free one
   */
  public record Address(String host, int port) {

    public Address {
      if (host.isBlank() || port < 0 || port > 65535) {
        throw new IllegalArgumentException(
            "address [" + host + ":" + port + "] must be HOST:PORT with a port from 0 to 65535");
      }
    }

    /** Reads {@code 127.0.0.1:8090} or {@code [::1]:8090}. */
    public static Address parse(String text) {
      int colon = text.lastIndexOf(':');
      try {
        if (colon > 0) {
          return new Address(
              text.substring(0, colon).replace("[", "").replace("]", ""),
              Integer.parseInt(text.substring(colon + 1)));
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new IllegalArgumentException(
          "address [" + text + "] must be HOST:PORT, for example 127.0.0.1:8090");
    }

    /** Whether only this machine can reach it. */
    public boolean loopback() throws IOException {
      return InetAddress.getByName(host).isLoopbackAddress();
    }

    @Override
    public String toString() {
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** The training process on the hub's own class path, which is handed over in CLASSPATH. */
  public static List<String> trainingProcess() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx1g",
        "-Dai.djl.offline=true",
        "io.selvedge.training.TrainingMain");
  }

  public HubOptions {
    training = List.copyOf(training);
    Map<Retention.Kind, Integer> kept = new EnumMap<>(Retention.Kind.class);
    for (Retention.Kind kind : Retention.Kind.values()) {
      kind.usualDays().ifPresent(days -> kept.put(kind, days));
    }
    kept.putAll(keepDays);
    keepDays = Map.copyOf(kept);
    keepDays.forEach(
        (kind, days) -> {
          if (days < 1 || days > MOST_DAYS) {
            throw new IllegalArgumentException(
                "days [" + days + "] to keep " + kind.text() + " must be from 1 to " + MOST_DAYS);
          }
        });
    if (filesUrl.isPresent() && !filesUrl.get().matches("https?://[!-~]{1,1900}[^/]")) {
      throw new IllegalArgumentException(
          "files URL ["
              + filesUrl.get()
              + "] must begin with http:// or https:// and not end with a slash");
    }
    if (name.isPresent()) {
      if (!name.get().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,39}")) {
        throw new IllegalArgumentException(
            "name ["
                + name.get()
                + "] must begin with a letter or digit and hold at most 40 of A-Z a-z 0-9 . _ -");
      }
      if (!(broker instanceof Broker.External) || !(store instanceof Store.External)) {
        throw new IllegalArgumentException(
            "hubs that share need a broker and a store that all of them reach; give --broker URL"
                + " and --store URL with --share");
      }
    }
    if (!account.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException(
          "account ["
              + account
              + "] must begin with a letter or digit and hold at most 64 of A-Z a-z 0-9 . _ -");
    }
  }

  /** A hub on its own. */
  public HubOptions(
      Path data,
      Address http,
      Broker broker,
      Store store,
      String account,
      Optional<TlsFiles> tls,
      List<String> training) {
    this(
        data,
        http,
        broker,
        store,
        account,
        tls,
        training,
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  /** The hub's own, in topics and as its MQTT client id. */
  public String id() {
    return name.map(given -> KuraTopic.HUB + '-' + given).orElse(KuraTopic.HUB);
  }

  /** Everything embedded, on loopback, ports as given (0: any free one). */
  public static HubOptions embedded(Path data, int httpPort, int mqttPort) {
    return new HubOptions(
        data,
        new Address("127.0.0.1", httpPort),
        new Broker.Embedded(new Address("127.0.0.1", mqttPort)),
        new Store.Embedded(),
        DEFAULT_ACCOUNT,
        Optional.empty(),
        trainingProcess());
  }
}
