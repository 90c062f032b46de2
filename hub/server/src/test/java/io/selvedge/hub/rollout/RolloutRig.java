package io.selvedge.hub.rollout;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.Artifact.Kind;
import io.selvedge.hub.FakeClock;
import io.selvedge.hub.deploy.Deployer;
import io.selvedge.hub.deploy.Sources;
import io.selvedge.hub.ingest.Decoder;
import io.selvedge.hub.rollout.Rollouts.By;
import io.selvedge.hub.store.ArrivalStore;
import io.selvedge.hub.store.BlockLists;
import io.selvedge.hub.store.Database;
import io.selvedge.hub.store.Deployment;
import io.selvedge.hub.store.Deployments;
import io.selvedge.hub.store.FileContent;
import io.selvedge.hub.store.Gateways;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import io.selvedge.protocol.kura.Records;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Rollouts on a real database, with a clock that a test sets and gateways that only report: what
 * they say goes the way of every message.
 */
final class RolloutRig implements AutoCloseable {

  static final String TWO_GROUPS =
      "\"fleet\": {}, \"groups\": [{\"name\": \"canary\", \"count\": 1}, {\"name\": \"all\","
          + " \"rest\": true}]";
  static final Artifact OLD = model("1");
  static final Artifact NEW = model("2");

  final Database database;
  final Gateways gateways;
  final Deployer deployer;
  final RolloutStore store;
  final Rollouts rollouts;
  final List<String> sent = new ArrayList<>();
  private RolloutMachine machine;
  private final ArrivalStore arrivals;
  private final FakeClock clock = new FakeClock();
  private long record;
  private Instant gatewaysTime = Instant.EPOCH; // the hub's, until it is set

  RolloutRig(Path folder) throws IOException {
    this(Database.embedded(folder.resolve("store")), folder);
  }

  RolloutRig(Database database, Path folder) throws IOException {
    this.database = database;
    this.gateways = new Gateways(database);
    this.arrivals = new ArrivalStore(database);
    this.deployer =
        new Deployer(
            new Deployments(database),
            new Sources(
                new BlockLists(database, new FileContent(folder.resolve("files"))),
                Optional.empty()),
            key(),
            (gateway, app, request, asker) -> sent.add(gateway),
            clock);
    this.store = new RolloutStore(database);
    this.rollouts = new Rollouts(store, gateways, () -> {}, clock);
    this.machine = machine("HUB");
  }

  private static Supplier<KeyPair> key() {
    KeyPair made = Keys.generate();
    return () -> made;
  }

  static Artifact model(String version) {
    return new Artifact(
        Kind.MODEL,
        "m",
        version,
        List.of(new Artifact.File("model.onnx", version.repeat(64).substring(0, 64), 1)));
  }

  /** Another hub's, or that of the same hub after its end. */
  RolloutMachine machine(String hub) {
    return new RolloutMachine(store, gateways, new Issuer(store, deployer, hub, clock), hub, clock);
  }

  void anew() {
    machine = machine("HUB");
  }

  /** Enrols gateways that are connected. */
  RolloutRig online(String... ids) {
    for (String id : ids) {
      if (gateways.find(id).isEmpty()) {
        gateways.enrol(id, "hash", clock.instant());
      }
      presence(id, "ONLINE");
    }
    return this;
  }

  void offline(String id) {
    presence(id, "LOST");
  }

  private void presence(String id, String state) {
    database
        .jdbi()
        .useHandle(
            h ->
                h.createUpdate(
                        "update gateways set state = :state, state_since = :now where id = :id")
                    .bind("state", state)
                    .bind("now", clock.instant())
                    .bind("id", id)
                    .execute());
  }

  void later(Duration time) {
    clock.advance(time);
  }

  Instant now() {
    return clock.instant();
  }

  /** Asks for one of the new model; the rest of the body as given. */
  long create(String rest) throws RolloutException {
    return create("rollout", rest);
  }

  long create(String name, String rest) throws RolloutException {
    return rollouts.create(
        name, plan(rest), Optional.of(clock.instant()), new By("anna", "new model"));
  }

  static RolloutPlan plan(String rest) {
    String body = "{\"artifacts\": [{\"version\": \"2\"}], " + rest + "}";
    return PlanJson.asked(
        Fields.parse("body", body.getBytes(StandardCharsets.UTF_8)),
        one -> model(one.text("version")));
  }

  /** As the loop does, until nothing moves any more. */
  void work() {
    later(Duration.ofSeconds(5));
    for (int i = 0; i < 3; i++) {
      for (long id : store.attended(true)) {
        machine.work(id);
      }
    }
  }

  /** What a gateway shall run. */
  DeploymentDocument desired(String gateway) {
    try {
      return DeploymentDocument.parse(newest(gateway).document().getBytes(StandardCharsets.UTF_8));
    } catch (DeploymentException e) {
      throw new IllegalStateException(e);
    }
  }

  Deployment newest(String gateway) {
    return deployer.newest(gateway).orElseThrow();
  }

  /** These run the old model. */
  void old(String... ids) {
    for (String id : ids) {
      deployer.deploy(id, List.of(OLD), List.of());
      active(id);
    }
  }

  /** The gateway is through with what it shall run. */
  void active(String gateway) {
    active(gateway, "{\"rows\": 100, \"agreement\": 0.97}");
  }

  void active(String gateway, String trial) {
    long revision = newest(gateway).revision();
    report(gateway, revision, revision, "ACTIVE", "", trial);
  }

  /** It takes the newest back, or never had it live. */
  void failed(String gateway, String state, String code) {
    long revision = newest(gateway).revision();
    report(gateway, revision, revision - 1, state, code, "{\"rows\": 100}");
  }

  /** From now on gateways' clocks say this. */
  void gatewaysSay(Instant time) {
    gatewaysTime = time;
  }

  void report(String gateway, long newest, long live, String state, String code, String trial) {
    report(gateway, newest, live, state, code, trial, Records.identity("box", ++record));
  }

  /** It runs that for good, wherever it comes from. */
  void runs(String gateway, long revision, Artifact... artifacts) {
    reported(
        gateway,
        String.format(
            "{\"deployment\": {\"revision\": %d, \"newest\": %d, \"state\": \"ACTIVE\"},"
                + " \"artifacts\": %s}",
            revision, revision, DeploymentDocument.toJson(List.of(artifacts))),
        Records.identity("box", ++record));
  }

  /** The same under a number of the gateway's, or none. */
  void report(
      String gateway,
      long newest,
      long live,
      String state,
      String code,
      String trial,
      Map<String, Metric> identity) {
    reported(
        gateway,
        String.format(
            "{\"deployment\": {\"revision\": %d, \"newest\": %d, \"state\": \"%s\", \"code\":"
                + " \"%s\", \"message\": \"so it says\"}, \"trial\": %s, \"artifacts\": []}",
            live, newest, state, code, trial),
        identity);
  }

  private void reported(String gateway, String json, Map<String, Metric> identity) {
    Instant time = gatewaysTime.equals(Instant.EPOCH) ? clock.instant() : gatewaysTime;
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    byte[] bytes =
        KuraCodec.append(KuraCodec.encodePlain(KuraPayload.of(time, Map.of(), body)), identity);
    arrivals.store(
        List.of(
            new Decoder("a").decode("a/" + gateway + "/TWIN-V1/reported", bytes, clock.instant())));
  }

  /** What the hub takes for the gateway's newest report. */
  String reported(String gateway) {
    return gateways.find(gateway).orElseThrow().reported().orElse("");
  }

  RolloutState state(long id) {
    return store.find(id).orElseThrow().state();
  }

  GroupState group(long id, int number) {
    return store.groups(id).get(number).state();
  }

  Target target(long id, String gateway) {
    return store.targets(id).stream()
        .filter(one -> one.gateway().equals(gateway))
        .findFirst()
        .orElseThrow();
  }

  /** Gateways in a state. */
  List<String> in(long id, TargetState state) {
    return store.targets(id).stream()
        .filter(one -> one.state() == state)
        .map(Target::gateway)
        .toList();
  }

  /** Transitions of one subject, as {@code FROM>TO}. */
  List<String> path(long id, String subject) {
    return store.events(id, 0, 1000).stream()
        .filter(one -> one.subject().equals(subject))
        .map(one -> one.from() + ">" + one.to())
        .toList();
  }

  @Override
  public void close() {
    database.close();
  }
}
