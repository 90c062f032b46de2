package io.selvedge.hub;

import io.selvedge.hub.HubOptions.Address;
import io.selvedge.hub.HubOptions.Broker;
import io.selvedge.hub.HubOptions.Store;
import io.selvedge.hub.link.Endpoint;
import io.selvedge.hub.security.TlsFiles;
import io.selvedge.hub.store.Retention;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The hub's command line. */
@Command(
    name = "hub",
    mixinStandardHelpOptions = true,
    versionProvider = HubMain.Version.class,
    sortOptions = false,
    description = {
      "Runs a Selvedge hub: MQTT broker, store, model registry, training, REST.",
      "It runs until it is told to stop (Ctrl-C, SIGTERM).",
      ""
    },
    footer = {
      "",
      "The addresses in use are printed and written to DATA/run/addresses.json.",
      "The administrator's token for REST is in DATA/auth/admin-token.",
      "Passwords are read from the environment: SELVEDGE_HUB_BROKER_PASSWORD,",
      "SELVEDGE_HUB_STORE_PASSWORD, SELVEDGE_HUB_TLS_PASSWORD.",
      "",
      "Exit status: 0 stopped, 1 could not start, 2 wrong use."
    })
public final class HubMain implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Everything the hub keeps; made where it is not there. Default: ~/.selvedge-hub")
  private Path data = Path.of(System.getProperty("user.home"), ".selvedge-hub");

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description = "Where REST listens; port 0: any free one. Default: ${DEFAULT-VALUE}",
      defaultValue = "127.0.0.1:8090")
  private String http = "";

  @Option(
      names = "--mqtt",
      paramLabel = "HOST:PORT",
      description =
          "Where the embedded broker listens; port 0: any free one. Default: ${DEFAULT-VALUE}",
      defaultValue = "127.0.0.1:1883")
  private String mqtt = "";

  @Option(
      names = "--broker",
      paramLabel = "embedded|URL",
      description =
          "The embedded broker, or another one: tcp://HOST:PORT or ssl://HOST:PORT."
              + " Default: ${DEFAULT-VALUE}",
      defaultValue = "embedded")
  private String broker = "";

  @Option(names = "--broker-user", paramLabel = "NAME", description = "The hub's user there.")
  private String brokerUser = "";

  @Option(
      names = "--store",
      paramLabel = "embedded|URL",
      description =
          "The embedded database, or one by JDBC: jdbc:postgresql://HOST/DATABASE."
              + " Default: ${DEFAULT-VALUE}",
      defaultValue = "embedded")
  private String store = "";

  @Option(names = "--store-user", paramLabel = "NAME", description = "The hub's user there.")
  private @Nullable String storeUser;

  @Option(
      names = "--account",
      paramLabel = "NAME",
      description = "First part of every topic. Default: ${DEFAULT-VALUE}",
      defaultValue = HubOptions.DEFAULT_ACCOUNT)
  private String account = "";

  @Option(
      names = "--keep-days",
      paramLabel = "KIND=DAYS",
      split = ",",
      description =
          "Deletes what arrived longer ago. KIND: measurements, decisions, events, messages,"
              + " dead-letters, rollout-events, deployment-reports; each may be given. Default: 365 for"
              + " the last two, everything else is kept.")
  private Map<String, String> keepDays = new LinkedHashMap<>();

  @Option(
      names = "--files-url",
      paramLabel = "URL",
      description =
          "Where the files below DATA/artifacts can be had by HTTP besides, each as URL/SHA-256."
              + " Gateways that allow that host fetch from there.")
  private @Nullable String filesUrl;

  @Option(
      names = "--share",
      description =
          "One of several hubs on the same broker and store: they share the messages, and each takes"
              + " over for one that is gone. Needs --broker and --store.")
  private boolean share;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "Which of them this one is; the same at each start. Default: the name of this machine.")
  private @Nullable String name;

  @Option(
      names = "--tls",
      paramLabel = "FILE",
      description =
          "Certificate and key (PKCS #12) for REST and the embedded broker; needed where one of"
              + " them listens beyond this machine.")
  private @Nullable Path tls;

  @Option(
      names = "--without-tls",
      description =
          "Listens in the clear beyond this machine all the same: passwords and token can be read on"
              + " the way. Only behind something that encrypts.")
  private boolean withoutTls;

  public static void main(String[] args) {
    CommandLine line = new CommandLine(new HubMain()).setUsageHelpWidth(100);
    line.setParameterExceptionHandler(
        (wrong, given) -> {
          line.getErr().println(wrong.getMessage() + "; see hub --help");
          return 2;
        });
    System.exit(line.execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    HubOptions options = options();
    PrintWriter out = spec.commandLine().getOut();
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    try (Hub hub = start(options)) {
      Path file = options.data().resolve("run/addresses.json");
      write(file, hub.addresses());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> await(stop, stopped), "hub-stop"));
      out.println("Hub is ready.");
      out.println("  REST   " + hub.addresses().http());
      out.println("  MQTT   " + hub.addresses().mqtt());
      out.println("  data   " + options.data().toAbsolutePath().normalize());
      out.flush();
      LoggerFactory.getLogger(HubMain.class)
          .info("Hub is ready: {} {}", hub.addresses().http(), hub.addresses().mqtt());
      stop.await();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LoggerFactory.getLogger(HubMain.class).debug("Not started", e);
      spec.commandLine().getErr().println("The hub did not start: " + e.getMessage());
      return 1;
    } finally {
      stopped.countDown();
    }
    return 0;
  }

  private Hub start(HubOptions options) throws IOException {
    if (options.tls().isEmpty() && !withoutTls) {
      requireLoopback("--http", options.http());
      if (options.broker() instanceof Broker.Embedded embedded) {
        requireLoopback("--mqtt", embedded.mqtt());
      }
    }
    return Hub.start(options, Clock.systemUTC());
  }

  private static void requireLoopback(String option, Address address) throws IOException {
    if (!address.loopback()) {
      throw new IOException(
          option
              + " ["
              + address
              + "] listens beyond this machine, where passwords could be read on the way; give a"
              + " certificate with --tls, or --without-tls where something else encrypts");
    }
  }

  /** The virtual machine ends when its hooks have: so the hook waits for the hub. */
  private static void await(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<Retention.Kind, Integer> kept() {
    Map<Retention.Kind, Integer> kept = new EnumMap<>(Retention.Kind.class);
    keepDays.forEach(
        (text, days) -> {
          Retention.Kind kind =
              Arrays.stream(Retention.Kind.values())
                  .filter(one -> one.text().equals(text))
                  .findFirst()
                  .orElseThrow(() -> new IllegalArgumentException(keepRule(text, days)));
          try {
            kept.put(kind, Integer.parseInt(days));
          } catch (NumberFormatException e) {
            throw new IllegalArgumentException(keepRule(text, days), e);
          }
        });
    return kept;
  }

  private static String keepRule(String kind, String days) {
    return "--keep-days ["
        + kind
        + "="
        + days
        + "] must be KIND=DAYS with one of "
        + Arrays.stream(Retention.Kind.values()).map(Retention.Kind::text).toList()
        + ", for example measurements=365";
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "this machine has no name [" + e.getMessage() + "]; give one with --name", e);
    }
  }

  private HubOptions options() {
    try {
      if (name != null && !share) {
        throw new IllegalArgumentException("--name is of no use without --share");
      }
      return new HubOptions(
          data.toAbsolutePath().normalize(),
          Address.parse(http),
          broker.equals("embedded")
              ? new Broker.Embedded(Address.parse(mqtt))
              : new Broker.External(
                  new Endpoint(
                      broker, brokerUser, environment("SELVEDGE_HUB_BROKER_PASSWORD").orElse(""))),
          store.equals("embedded")
              ? new Store.Embedded()
              : new Store.External(
                  store,
                  Optional.ofNullable(storeUser),
                  environment("SELVEDGE_HUB_STORE_PASSWORD")),
          account,
          Optional.ofNullable(tls)
              .map(file -> new TlsFiles(file, environment("SELVEDGE_HUB_TLS_PASSWORD").orElse(""))),
          HubOptions.trainingProcess(),
          share ? Optional.of(name == null ? machine() : name) : Optional.empty(),
          kept(),
          Optional.ofNullable(filesUrl));
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> environment(String name) {
    return Optional.ofNullable(System.getenv(name));
  }

  private static void write(Path file, Hub.Addresses addresses) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("http", addresses.http());
    json.put("mqtt", addresses.mqtt());
    json.put("pid", ProcessHandle.current().pid());
    Path fresh = file.resolveSibling("addresses.json.new");
    Files.write(fresh, Json.bytes(json));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** From what Maven puts into the jar. */
  static final class Version implements CommandLine.IVersionProvider {

    private static final String FILE =
        "/META-INF/maven/io.selvedge/selvedge-hub-server/pom.properties";

    @Override
    public String[] getVersion() throws IOException {
      Properties properties = new Properties();
      try (InputStream in = HubMain.class.getResourceAsStream(FILE)) {
        if (in != null) {
          properties.load(in);
        }
      }
      return new String[] {"Selvedge hub " + properties.getProperty("version", "(development)")};
    }
  }
}
