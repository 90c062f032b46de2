package io.selvedge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The whole chain once round, each step observed. Used by one thread; closed by any. */
final class Demo implements AutoCloseable {

  static final String GATEWAY = "demo";
  private static final String FLOW = "office";
  private static final String MODEL = "occupancy";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path source;
  private final Path work;
  private final Scenario scenario;
  private final Report report;
  private final PrintStream out;
  private final AtomicReference<@Nullable Server> hub = new AtomicReference<>();
  private final AtomicReference<@Nullable Server> gateway = new AtomicReference<>();

  private @Nullable Hub hubSide;
  private @Nullable Gateway gatewaySide;
  private String modelVersion = "";
  private String modelSha256 = "";
  private String liveSha256 = "";
  private Counts counts = new Counts(0, 0);
  private Judgement judgement = new Judgement(0, 0, 0, new Score());

  Demo(Path source, Path work, Scenario scenario, Report report, PrintStream out) {
    this.source = source;
    this.work = work;
    this.scenario = scenario;
    this.report = report;
    this.out = out;
  }

  /** Does the steps in order; ends at the first that was not observed. */
  void run(boolean unattended) throws InterruptedException {
    out.printf("Selvedge demo: %s%n%n", scenario.title());
    boolean done =
        report.step("Hub starts", this::startHub)
            && report.step("Gateway starts and joins the fleet", () -> startGateway(unattended))
            && report.step("Readings arrive at the hub", this::collect)
            && report.step("Hub trains a model on them", this::train)
            && report.step("Model goes out over MQTT and is live", this::deploy)
            && report.step("Decisions carry the model", this::judge)
            && report.step("Fan acts", this::fan)
            && report.step("Decisions are right", this::score)
            && report.step("Nothing is lost on the way", this::nothingLost);
    if (!done && hub.get() != null) {
      explain("hub", hub.get());
      explain("gateway", gateway.get());
    }
  }

  private String startHub() throws IOException, InterruptedException {
    int http = Ports.free(8090, "the hub's REST", out);
    int mqtt = Ports.free(1883, "the hub's MQTT broker", out);
    Path data = work.resolve("hub");
    Server server = Server.hub(source, data, http, mqtt);
    hub.set(server);
    server.awaitReady();
    server.api().authorise(Files.readString(data.resolve("auth/admin-token")).strip());
    hubSide = new Hub(server.api());
    return "REST " + server.api().base() + ", MQTT tcp://127.0.0.1:" + mqtt;
  }

  private String startGateway(boolean unattended) throws IOException, InterruptedException {
    JsonNode enrolment = hub().enrol(GATEWAY);
    Path instance = work.resolve("gateway");
    Instances.prepare(source, instance, GATEWAY, enrolment);
    scenario.configure(instance.resolve("conf"));
    int http = Ports.free(8080, "the gateway's console", out);
    Server server = Server.gateway(source, instance, http);
    gateway.set(server);
    server.awaitReady();
    Path code = instance.resolve("data/auth/sign-in");
    gatewaySide = Gateway.signIn(server.api(), Files.readString(code).strip());
    Waiting.until(
        PATIENCE,
        "birth of gateway [" + GATEWAY + "] at the hub",
        () -> hub().state(GATEWAY).equals("ONLINE") ? Optional.of(true) : Optional.empty(),
        () -> server.lastOutput());
    if (!unattended) {
      out.printf(
          "%n    Console, good for one sign-in: %s/sign-in?code=%s%n%n",
          server.api().base(), Files.readString(code).strip());
    }
    return "console " + server.api().base() + ", birth received by the hub";
  }

  private String collect() throws IOException, InterruptedException {
    Waiting.until(
        PATIENCE,
        "flow [" + FLOW + "] running on the gateway",
        () -> gateway().measurements(FLOW) >= 0 ? Optional.of(true) : Optional.empty(),
        () -> "no such flow");
    scenario.begin(work.resolve("gateway/conf"));
    Progress progress = new Progress(out, "rows at the hub", scenario.trainingRows());
    long rows =
        Waiting.until(
            PATIENCE,
            scenario.trainingRows() + " rows of the office at the hub",
            () -> {
              long n = hub().rows(GATEWAY, FLOW, scenario.trainingFrom(), scenario.trainingTo());
              progress.show(n);
              return n >= scenario.trainingRows() ? Optional.of(n) : Optional.empty();
            },
            progress::last);
    return rows + " rows from " + scenario.trainingFrom() + " to " + scenario.trainingTo();
  }

  private String train() throws IOException, InterruptedException {
    ObjectNode request =
        Trainings.request(source, MODEL, GATEWAY, scenario.trainingFrom(), scenario.trainingTo());
    String id = hub().train(request);
    Progress progress = new Progress(out, "percent trained", 100);
    JsonNode done =
        Waiting.until(
            PATIENCE,
            "end of training [" + id + "]",
            () -> {
              JsonNode training = hub().training(id);
              progress.show(Math.round(training.path("progress").asDouble() * 100));
              return switch (training.path("state").asText()) {
                case "DONE" -> Optional.of(training);
                case "FAILED" ->
                    throw new Report.NotObserved(
                        "training ended with: " + training.path("message").asText());
                default -> Optional.empty();
              };
            },
            progress::last);
    modelVersion = done.path("model").path("version").asText();
    modelSha256 = hub().registeredModel(MODEL, modelVersion);
    return String.format(
        Locale.ROOT,
        "%s %s, SHA-256 %s…, balanced accuracy %.3f on held-out readings",
        MODEL,
        modelVersion,
        modelSha256.substring(0, 12),
        done.path("metrics").path("balancedAccuracy").asDouble());
  }

  private String deploy() throws IOException, InterruptedException {
    long revision = hub().deploy(GATEWAY, MODEL, modelVersion);
    Waiting.until(
        PATIENCE,
        "model [" + modelSha256 + "] live on the gateway",
        () -> {
          liveSha256 = gateway().liveModel(MODEL);
          return liveSha256.equals(modelSha256) ? Optional.of(true) : Optional.empty();
        },
        () -> liveSha256);
    Waiting.until(
        PATIENCE,
        "report of revision [" + revision + "] at the hub",
        () -> hub().reportedRevision(GATEWAY) == revision ? Optional.of(true) : Optional.empty(),
        () -> "other revision");
    return "revision "
        + revision
        + ", SHA-256 on the gateway = registry's, reported ACTIVE to the hub";
  }

  private String judge() throws IOException, InterruptedException {
    scenario.judge(work.resolve("gateway/conf"), gateway().newestDecision(FLOW));
    Progress progress = new Progress(out, "decisions at the hub", scenario.judgedRows());
    Waiting.until(
        PATIENCE,
        scenario.judgedRows() + " decisions, and the labels of their rows, at the hub",
        () -> {
          // Decisions have the higher priority and come first; without its label a row proves
          // nothing.
          long n =
              Math.min(
                  hub().countDecisions(GATEWAY, FLOW, scenario.judgedFrom(), scenario.judgedTo()),
                  hub().rows(GATEWAY, FLOW, scenario.judgedFrom(), scenario.judgedTo()));
          progress.show(n);
          return n >= scenario.judgedRows() ? Optional.of(n) : Optional.empty();
        },
        progress::last);
    judgement = Judgement.of(hub(), GATEWAY, FLOW, modelSha256, scenario);
    if (judgement.byModel() < scenario.judgedRows()) {
      throw new Report.NotObserved(
          "only ["
              + judgement.byModel()
              + "] of ["
              + scenario.judgedRows()
              + "] decisions were taken by the new model");
    }
    return judgement.byModel() + " decisions at the hub carry " + MODEL + " " + modelVersion;
  }

  private String fan() throws IOException, InterruptedException {
    if (judgement.fanOn() == 0 || judgement.fanOff() == 0) {
      throw new Report.NotObserved(
          "fan was switched on ["
              + judgement.fanOn()
              + "] times and off ["
              + judgement.fanOff()
              + "] times; both must happen");
    }
    AtomicReference<String> seen = new AtomicReference<>("nothing");
    Waiting.until(
        PATIENCE,
        "fan in the state that was decided last",
        () -> {
          String decided = gateway().newestDecisionHolds(FLOW, Judgement.OCCUPIED);
          String state = gateway().latest(scenario.fanDevice(), "fan");
          seen.set("decided " + decided + ", fan " + state);
          return decided.equals(state) ? Optional.of(true) : Optional.empty();
        },
        () -> String.valueOf(seen.get()));
    return "switched on "
        + judgement.fanOn()
        + " times and off "
        + judgement.fanOff()
        + " times; at last "
        + seen.get();
  }

  private String score() throws IOException, InterruptedException {
    Score score = judgement.score();
    report.figures().put("balancedAccuracy", score.balancedAccuracy());
    report.figures().put("decisions", score.count());
    if (score.count() < scenario.judgedRows()) {
      throw new Report.NotObserved(
          "only [" + score.count() + "] of [" + scenario.judgedRows() + "] decisions have a label");
    }
    if (score.balancedAccuracy() < scenario.leastBalancedAccuracy()) {
      throw new Report.NotObserved(
          score + "; must be at least [" + scenario.leastBalancedAccuracy() + "]");
    }
    return score.toString();
  }

  private String nothingLost() throws IOException, InterruptedException {
    scenario.pause(work.resolve("gateway/conf"));
    Waiting.until(
        PATIENCE,
        "the same number of measurements on both sides",
        () -> {
          counts = new Counts(gateway().measurements(FLOW), hub().measurements(GATEWAY));
          return counts.gateway() == counts.hub() ? Optional.of(true) : Optional.empty();
        },
        () -> counts.toString());
    report
        .figures()
        .putObject("measurements")
        .put("gateway", counts.gateway())
        .put("hub", counts.hub());
    return counts.toString();
  }

  /** Keeps running until the process is ended. */
  void goOn() throws IOException, InterruptedException {
    scenario.resume(work.resolve("gateway/conf"));
    out.printf("%nIt goes on. Ctrl-C ends it and leaves nothing behind.%n");
    Thread.currentThread().join();
  }

  private void explain(String name, @Nullable Server server) {
    if (server != null) {
      out.printf("%nLast output of the %s:%n%s%n", name, server.lastOutput().indent(2));
    }
  }

  private Hub hub() {
    if (hubSide == null) {
      throw new IllegalStateException("the hub has not been started");
    }
    return hubSide;
  }

  private Gateway gateway() {
    if (gatewaySide == null) {
      throw new IllegalStateException("the gateway has not been started");
    }
    return gatewaySide;
  }

  /** Ends both processes; called again it does nothing. */
  @Override
  public void close() {
    report.end();
    close(gateway.getAndSet(null));
    close(hub.getAndSet(null));
  }

  private static void close(@Nullable Server server) {
    if (server != null) {
      server.close();
    }
  }

  /** Measurements on both sides. */
  private record Counts(long gateway, long hub) {
    @Override
    public String toString() {
      return "gateway sent " + gateway + " measurements, hub stored " + hub;
    }
  }

  static void writeSecret(Path file, String content) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, content);
  }
}
