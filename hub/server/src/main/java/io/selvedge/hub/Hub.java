package io.selvedge.hub;

import io.selvedge.hub.HubOptions.Broker;
import io.selvedge.hub.HubOptions.Store;
import io.selvedge.hub.broker.EmbeddedBroker;
import io.selvedge.hub.broker.StoredPasswords;
import io.selvedge.hub.broker.TopicAccess;
import io.selvedge.hub.deploy.BlockStreams;
import io.selvedge.hub.deploy.Deployer;
import io.selvedge.hub.deploy.HubRequests;
import io.selvedge.hub.deploy.KeyNews;
import io.selvedge.hub.deploy.Sources;
import io.selvedge.hub.ingest.Decoder;
import io.selvedge.hub.ingest.Ingest;
import io.selvedge.hub.link.Calling;
import io.selvedge.hub.link.Connection;
import io.selvedge.hub.link.Endpoint;
import io.selvedge.hub.link.Gated;
import io.selvedge.hub.rest.ArtifactRoutes;
import io.selvedge.hub.rest.DeploymentRoutes;
import io.selvedge.hub.rest.DistributionRoutes;
import io.selvedge.hub.rest.GatewayRoutes;
import io.selvedge.hub.rest.KeyRoutes;
import io.selvedge.hub.rest.LabelRoutes;
import io.selvedge.hub.rest.ModelRoutes;
import io.selvedge.hub.rest.RestServer;
import io.selvedge.hub.rest.RolloutRoutes;
import io.selvedge.hub.rest.Route;
import io.selvedge.hub.rest.SystemRoutes;
import io.selvedge.hub.rest.SystemRoutes.Check;
import io.selvedge.hub.rest.TelemetryRoutes;
import io.selvedge.hub.rest.TrainingRoutes;
import io.selvedge.hub.rest.WebPages;
import io.selvedge.hub.rollout.RolloutLoop;
import io.selvedge.hub.rollout.RolloutStore;
import io.selvedge.hub.rollout.Rollouts;
import io.selvedge.hub.security.KeyRing;
import io.selvedge.hub.security.Secrets;
import io.selvedge.hub.share.Presence;
import io.selvedge.hub.store.ArrivalStore;
import io.selvedge.hub.store.BlockLists;
import io.selvedge.hub.store.Claims;
import io.selvedge.hub.store.Cleaner;
import io.selvedge.hub.store.ContentStore;
import io.selvedge.hub.store.Database;
import io.selvedge.hub.store.DatabaseContent;
import io.selvedge.hub.store.Dataset;
import io.selvedge.hub.store.Deployments;
import io.selvedge.hub.store.DiskWatch;
import io.selvedge.hub.store.FileContent;
import io.selvedge.hub.store.Gateways;
import io.selvedge.hub.store.Hubs;
import io.selvedge.hub.store.Ledger;
import io.selvedge.hub.store.Registry;
import io.selvedge.hub.store.Retention;
import io.selvedge.hub.store.Telemetry;
import io.selvedge.hub.store.Trainings;
import io.selvedge.hub.training.Trainer;
import io.selvedge.hub.training.TrainingProcess;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.kura.KuraTopic;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running hub. Parts are started so that nothing is lost: the store before the broker, the hub's
 * own subscriptions before the gateways' door; and closed the other way round.
 */
public final class Hub implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Hub.class);

  /** To its own broker, on a small machine or one that is busy with others. */
  private static final long CONNECT_MILLIS = 60_000;

  private static final long LEAST_DISK_FREE = 200L << 20; // more than the broker leaves
  private static final Duration LONGEST_TRAINING = Duration.ofHours(6);

  private final HubOptions options;
  private final Clock clock;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private List<Route> routes = List.of();
  private Addresses addresses = new Addresses("", "");

  /**
   * Where the hub is reached.
   *
   * @param http {@code http://127.0.0.1:8090}
   * @param mqtt {@code tcp://127.0.0.1:1883}
   */
  public record Addresses(String http, String mqtt) {}

  private Hub(HubOptions options, Clock clock) {
    this.options = options;
    this.clock = clock;
  }

  /**
   * Starts a hub; when this returns it is ready, but for an external broker that is away.
   *
   * @throws IOException what kept it from starting; nothing of it is left running
   */
  public static Hub start(HubOptions options, Clock clock) throws IOException {
    Hub hub = new Hub(options, clock);
    try {
      hub.run();
      return hub;
    } catch (IOException | RuntimeException e) {
      hub.close();
      throw e;
    } catch (InterruptedException e) {
      hub.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting", e);
    }
  }

  public Addresses addresses() {
    return addresses;
  }

  /** What REST answers, as {@code get /path}. */
  List<String> routes() {
    return routes.stream()
        .map(route -> route.method().name().toLowerCase(Locale.ROOT) + " " + route.path())
        .toList();
  }

  private void run() throws IOException, InterruptedException {
    DataDirectory data = opened(DataDirectory.open(options.data()));
    opened(Diary.open(data.path("log")));
    if (options.tls().isPresent()) {
      options.tls().get().check();
    }
    Database database = opened(database(data));
    Gateways gateways = new Gateways(database);
    KeyRing keys = KeyRing.open(data.path("keys"), clock);
    String token = Secrets.readOrCreate(data.path("auth/admin-token"), Secrets::random);

    Ingest ingest =
        opened(
            new Ingest(
                new Decoder(options.account()), new ArrivalStore(database)::store, obstacle(data)));
    StoredPasswords passwords =
        new StoredPasswords(gateways::passwordHash, () -> ingest.trouble().isEmpty());
    Optional<EmbeddedBroker> broker = embedded(data, gateways, passwords);
    Endpoint endpoint =
        broker.isPresent() ? broker.get().start() : ((Broker.External) options.broker()).endpoint();
    ingest.start();
    Registry registry = new Registry(database);
    ContentStore content = content(data, database);
    Trainer trainer = opened(trainer(data, database, registry, content));
    Optional<Presence> presence = presence(data, database, endpoint, ingest, trainer);
    if (presence.isPresent()) {
      presence.get().start(Keys.id(keys.current().getPublic()), keys.former());
    }
    Connection.Inbox inbox =
        presence.<Connection.Inbox>map(one -> new Gated(ingest, one::valid)).orElse(ingest);
    Connection uplink = opened(new Connection("uplink", endpoint, telemetry(), inbox, clock));
    uplink.start();
    Claims claims = new Claims(database);
    Calling calling =
        opened(
            new Calling(
                endpoint,
                options.account(),
                options.id(),
                options.name().isPresent() ? claims::claim : (requester, request) -> true,
                clock));
    BlockLists lists = new BlockLists(database, content);
    Sources sources = new Sources(lists, options.filesUrl());
    Deployer deployer =
        new Deployer(new Deployments(database), sources, keys::current, calling::ask, clock);
    BlockStreams streams = opened(streams(endpoint, content, lists));
    calling.start(new HubRequests(deployer, content, streams, keys)::answer);
    trainer.start();
    RolloutStore rollouts = new RolloutStore(database);
    RolloutLoop loop = opened(new RolloutLoop(rollouts, gateways, deployer, options.id(), clock));
    loop.start();
    opened(new Cleaner(new Retention(database), options.keepDays(), clock)).start();
    if (broker.isPresent()
        && !(uplink.awaitFirst(CONNECT_MILLIS) && calling.awaitFirst(CONNECT_MILLIS))) {
      throw new IOException("the hub has no connection to its own broker; its log says why");
    }

    SystemRoutes.Checks checks = () -> checks(database, ingest, broker, uplink, presence);
    routes = new ArrayList<>(new SystemRoutes(checks).routes());
    routes.addAll(new ModelRoutes(registry, content).routes());
    routes.addAll(new ArtifactRoutes(registry, content, clock).routes());
    routes.addAll(new DeploymentRoutes(gateways, registry, deployer).routes());
    routes.addAll(new LabelRoutes(gateways, calling::ask).routes());
    routes.addAll(
        new RolloutRoutes(new Rollouts(rollouts, gateways, loop::wake, clock), registry, clock)
            .routes());
    KeyNews news = new KeyNews(gateways, calling::ask);
    Hubs hubs = new Hubs(database);
    routes.addAll(
        new KeyRoutes(
                keys,
                () -> sharing(hubs),
                change -> {
                  String id = Keys.id(keys.current().getPublic());
                  hubs.replaced(options.id(), id, keys.former());
                  news.tell(change);
                })
            .routes());
    routes.addAll(
        new GatewayRoutes(
                gateways,
                () -> addresses.mqtt(),
                () -> keys.current().getPublic(),
                options.account(),
                gateway -> {
                  passwords.forget(gateway);
                  broker.ifPresent(embedded -> embedded.throwOut(gateway));
                },
                clock)
            .routes());
    routes.addAll(
        new TrainingRoutes(gateways, new Dataset(database), new Trainings(database), trainer)
            .routes());
    routes.addAll(new TelemetryRoutes(new Telemetry(database)).routes());
    routes.addAll(new DistributionRoutes(new Ledger(database)).routes());
    String http = listen(token);
    String mqtt = broker.isPresent() ? open(broker.get()) : endpoint.uri();
    addresses = new Addresses(http, mqtt);
  }

  private Trainer trainer(
      DataDirectory data, Database database, Registry registry, ContentStore content) {
    TrainingProcess process =
        new TrainingProcess(
            options.training(),
            Map.of(
                "OMP_NUM_THREADS",
                "1",
                "TORCH_CPP_LOG_LEVEL",
                "ERROR",
                "CLASSPATH",
                System.getProperty("java.class.path"),
                "DJL_CACHE_DIR",
                Optional.ofNullable(System.getenv("DJL_CACHE_DIR"))
                    .orElse(data.path("cache").toString())),
            LONGEST_TRAINING);
    return new Trainer(
        new Trainer.Stores(
            new Trainings(database),
            registry,
            new Dataset(database),
            content,
            data.path("trainings")),
        process,
        options.id(),
        clock);
  }

  /** Over a connection of their own: nothing else stands behind blocks. */
  private BlockStreams streams(Endpoint endpoint, ContentStore content, BlockLists lists) {
    Connection connection =
        opened(
            new Connection(
                "blocks",
                endpoint,
                new Connection.Subscriptions(options.id() + "-blocks", false, List.of()),
                Connection.Inbox.NONE,
                clock));
    connection.start();
    BlockStreams streams =
        new BlockStreams(
            content,
            lists,
            (gateway, session, message) ->
                connection.stream(KuraTopic.files(options.account(), gateway, session), message));
    streams.start();
    return streams;
  }

  /** Where the database is the hub's own, so are the files. */
  private ContentStore content(DataDirectory data, Database database) throws IOException {
    FileContent files = new FileContent(data.path("artifacts"));
    return options.store() instanceof Store.External ? new DatabaseContent(database, files) : files;
  }

  /** Missing where the database is the hub's own: nobody else can be there. */
  /** Names of the hubs that sign with the same key now; empty where this is the only one. */
  private List<String> sharing(Hubs hubs) {
    List<String> others = new ArrayList<>(hubs.live());
    if (options.name().isEmpty()) {
      others.remove(options.id());
    } else if (others.isEmpty()) {
      others.add(options.id());
    }
    return others;
  }

  private Optional<Presence> presence(
      DataDirectory data, Database database, Endpoint endpoint, Ingest ingest, Trainer trainer)
      throws IOException {
    if (options.store() instanceof Store.Embedded) {
      return Optional.empty();
    }
    return Optional.of(
        opened(
            new Presence(
                new Hubs(database),
                new Claims(database),
                options.id(),
                Secrets.readOrCreate(data.path("run/process"), Secrets::random),
                (hub, mine) -> {
                  trainer.interrupted(hub);
                  return options.name().isPresent() && !hub.equals(KuraTopic.HUB)
                      ? kept(hub, endpoint, new Gated(ingest, mine))
                      : () -> {};
                })));
  }

  /** The session of a hub that is gone: its subscriptions are there, and what waits for it. */
  private Connection kept(String hub, Endpoint endpoint, Connection.Inbox inbox) {
    Connection session =
        new Connection(
            "kept-" + hub,
            endpoint,
            new Connection.Subscriptions(hub, true, List.of()),
            inbox,
            clock);
    session.start();
    return session;
  }

  /** A database server tells by itself that its disk is full, and goes on when it is not. */
  private Supplier<Optional<String>> obstacle(DataDirectory data) {
    return options.store() instanceof Store.Embedded
        ? new DiskWatch(data.path("store"), LEAST_DISK_FREE)::obstacle
        : Optional::empty;
  }

  private Database database(DataDirectory data) throws IOException {
    return options.store() instanceof Store.External external
        ? Database.open(external.url(), external.user(), external.password())
        : Database.embedded(data.path("store"));
  }

  private Optional<EmbeddedBroker> embedded(
      DataDirectory data, Gateways gateways, StoredPasswords passwords) {
    if (!(options.broker() instanceof Broker.Embedded)) {
      return Optional.empty();
    }
    gateways.allOffline(clock.instant());
    return Optional.of(
        opened(
            new EmbeddedBroker(
                data.path("broker"), passwords, new TopicAccess(options.account()))));
  }

  /**
   * Kept by the broker while the hub is away. Of several hubs each gets a part of the messages;
   * what gateways tell of themselves comes to all of them, for Mosquitto shares no topic that
   * begins with a dollar sign.
   */
  private Connection.Subscriptions telemetry() {
    String data = options.account() + "/+/#";
    String life = KuraTopic.CONTROL + '/' + options.account() + "/+/MQTT/+";
    return new Connection.Subscriptions(
        options.id(),
        true,
        List.of(options.name().isPresent() ? "$share/" + KuraTopic.HUB + '/' + data : data, life));
  }

  private String listen(String token) throws IOException {
    String host = options.http().host();
    List<Route> served = new ArrayList<>(routes);
    served.addAll(new WebPages().routes());
    RestServer rest =
        opened(new RestServer(host, options.http().port(), options.tls(), token, served));
    try {
      int port = rest.start();
      return (options.tls().isPresent() ? "https://" : "http://")
          + new HubOptions.Address(host, port);
    } catch (RuntimeException e) {
      throw new IOException(
          "HTTP address [" + options.http() + "] cannot be opened; give another one with --http",
          e);
    }
  }

  private String open(EmbeddedBroker broker) throws IOException {
    HubOptions.Address wanted = ((Broker.Embedded) options.broker()).mqtt();
    int port = broker.open(wanted.host(), wanted.port(), options.tls());
    return (options.tls().isPresent() ? "ssl://" : "tcp://")
        + new HubOptions.Address(wanted.host(), port);
  }

  private static List<Check> checks(
      Database database,
      Ingest ingest,
      Optional<EmbeddedBroker> broker,
      Connection uplink,
      Optional<Presence> presence) {
    boolean store = answers(database);
    Optional<String> trouble = ingest.trouble();
    Optional<String> stopped = broker.flatMap(EmbeddedBroker::trouble);
    boolean named = presence.map(Presence::valid).orElse(true);
    return List.of(
        new Check("store", store, store ? "answers" : "does not answer; its log says why"),
        new Check(
            "ingest",
            trouble.isEmpty(),
            trouble.map(why -> "messages wait at the broker: " + why).orElse("stores")),
        new Check(
            "name", named, named ? "its own" : "the other hubs do not see it; its log says why"),
        new Check(
            "broker",
            uplink.connected() && stopped.isEmpty(),
            stopped.orElse(uplink.connected() ? "connected" : "no connection")));
  }

  private static boolean answers(Database database) {
    try {
      return database.answers();
    } catch (RuntimeException e) {
      log.debug("Store", e);
      return false;
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) { // one part that does not close must not keep the others open
        log.warn("{} did not close", part.getClass().getSimpleName(), e);
      }
    }
  }
}
