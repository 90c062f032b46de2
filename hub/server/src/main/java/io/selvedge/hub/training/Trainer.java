package io.selvedge.hub.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.device.ChannelAddress;
import io.selvedge.hub.store.ContentStore;
import io.selvedge.hub.store.ContentStore.Content;
import io.selvedge.hub.store.Dataset;
import io.selvedge.hub.store.Dataset.Exported;
import io.selvedge.hub.store.Registered;
import io.selvedge.hub.store.Registry;
import io.selvedge.hub.store.TrainingRun;
import io.selvedge.hub.store.Trainings;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs training jobs, in each hub one at a time, in the order in which they were asked for. Jobs
 * that wait survive a restart of the hub; one that ran then has failed. Thread {@code
 * hub-training}.
 */
public final class Trainer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Trainer.class);
  private static final Duration BETWEEN_PROGRESS = Duration.ofMillis(500);
  private static final List<String> FILES = List.of("model.json", "model.onnx");

  /**
   * Where a trainer reads and writes.
   *
   * @param directory one folder a run is made in it
   */
  public record Stores(
      Trainings trainings,
      Registry registry,
      Dataset dataset,
      ContentStore content,
      Path directory) {}

  private static final long LOOK_SECONDS = 10;

  private final Stores stores;
  private final TrainingProcess process;
  private final String hub;
  private final Clock clock;
  private final Semaphore work = new Semaphore(1); // look once at the start
  private final Thread thread = new Thread(this::loop, "hub-training");
  private volatile boolean open = true;

  /**
   * @param hub this hub's name: several may run jobs of one database, each its own
   */
  public Trainer(Stores stores, TrainingProcess process, String hub, Clock clock) {
    this.hub = hub;
    this.stores = stores;
    this.process = process;
    this.clock = clock;
  }

  public void start() {
    interrupted(hub);
    thread.start();
  }

  /** What a hub has run that is not there any more has failed. */
  public void interrupted(String gone) {
    for (long id : stores.trainings().running(gone)) {
      stores
          .trainings()
          .failed(
              id,
              "training.interrupted",
              "the hub was stopped while training ran; ask for it again",
              clock.instant());
    }
  }

  /** Queues a run; its id. */
  public long submit(TrainingRequest request, String body) {
    long id = stores.trainings().queue(request.model(), body, clock.instant());
    work.release();
    return id;
  }

  private void loop() {
    while (open) {
      try {
        boolean unused = work.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS); // others queue runs, too
        for (Optional<TrainingRun> next = next(); next.isPresent(); next = next()) {
          run(next.get());
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) { // the store is away: the job waits
        log.warn("Training jobs wait: the store does not answer", e);
        work.release();
        pause();
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.SECONDS.sleep(5);
    } catch (InterruptedException e) {
      open = false;
    }
  }

  private Optional<TrainingRun> next() {
    return open ? stores.trainings().startNext(hub, clock.instant()) : Optional.empty();
  }

  private void run(TrainingRun run) throws InterruptedException {
    log.info("Training {} begins: model {}", run.id(), run.model());
    try {
      Registered model = train(run);
      log.info("Training {} made model {} {}", run.id(), run.model(), model.artifact().version());
    } catch (TrainingFailed e) {
      fail(run, e.code(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      fail(run, "training.files", "files could not be written or read: " + e);
    }
  }

  private void fail(TrainingRun run, String code, String message) {
    log.warn("Training {} failed: {} {}", run.id(), code, message);
    stores.trainings().failed(run.id(), code, message, clock.instant());
  }

  private Registered train(TrainingRun run)
      throws TrainingFailed, IOException, InterruptedException {
    TrainingRequest request =
        TrainingRequest.parse(
            Fields.parse("training", run.request().getBytes(StandardCharsets.UTF_8)));
    Path folder = Files.createDirectories(stores.directory().resolve(Long.toString(run.id())));
    Optional<String> parent =
        stores.registry().newest(Artifact.Kind.MODEL, run.model()).map(m -> m.artifact().version());
    String version = Long.toString(parent.map(Trainer::number).orElse(0L) + 1);

    Exported rows = export(request, folder.resolve("rows.csv"));
    ObjectNode dataset = dataset(request, rows);
    stores.trainings().dataset(run.id(), dataset.toString());
    if (rows.perInput().getOrDefault(TrainingRequest.LABEL, 0L) == 0) {
      throw new TrainingFailed(
          "training.no_labels",
          "channel ["
              + request.label()
              + "] of gateway ["
              + request.gateway()
              + "] has no values in that time; check label, from and to");
    }
    Path job = folder.resolve("job.json");
    Files.write(job, Json.bytes(job(request, run, version, parent, rows)));
    Path out = Files.createDirectories(folder.resolve("out"));
    process.run(job, out, throttled(run.id()));

    Registered model = register(run, version, parent, dataset, out);
    Files.deleteIfExists(folder.resolve("rows.csv")); // its digest stays; the data is in the store
    return model;
  }

  private static long number(String version) {
    return version.matches("\\d{1,15}") ? Long.parseLong(version) : 0;
  }

  private Exported export(TrainingRequest request, Path file) throws IOException {
    Map<String, ChannelAddress> channels = new LinkedHashMap<>(request.inputs());
    channels.put(TrainingRequest.LABEL, request.label());
    return stores.dataset().export(request.gateway(), channels, request.from(), request.to(), file);
  }

  private static ObjectNode dataset(TrainingRequest request, Exported rows) {
    ObjectNode json = Json.mapper().createObjectNode().put("gateway", request.gateway());
    ObjectNode inputs = json.putObject("inputs");
    request.inputs().forEach((name, address) -> inputs.put(name, address.toString()));
    json.put("label", request.label().toString());
    request.from().ifPresent(time -> json.put("from", time.toString()));
    request.to().ifPresent(time -> json.put("to", time.toString()));
    rows.first().ifPresent(time -> json.put("first", time.toString()));
    rows.last().ifPresent(time -> json.put("last", time.toString()));
    json.put("values", rows.rows()).put("sha256", rows.sha256());
    return json;
  }

  private static ObjectNode job(
      TrainingRequest request,
      TrainingRun run,
      String version,
      Optional<String> parent,
      Exported rows) {
    ObjectNode json =
        Json.mapper()
            .createObjectNode()
            .put("model", request.model())
            .put("version", version)
            .put("network", request.network())
            .put("epochs", request.epochs())
            .put("seed", request.seed())
            .put("rows", "rows.csv");
    json.set("outputs", Json.mapper().valueToTree(request.outputs()));
    json.set("inputs", Json.mapper().valueToTree(request.inputs().keySet()));
    json.set("features", Json.mapper().valueToTree(request.features()));
    json.putObject("lineage")
        .put("dataset", "sha256:" + rows.sha256())
        .put("run", Long.toString(run.id()))
        .put("parent", parent.orElse(""));
    return json;
  }

  private TrainingProcess.Listener throttled(long id) {
    Instant[] last = {Instant.EPOCH}; // only the reader's thread touches it
    return (fraction, text) -> {
      Instant now = clock.instant();
      if (last[0].plus(BETWEEN_PROGRESS).isBefore(now) || fraction >= 1) {
        last[0] = now;
        try {
          stores.trainings().progress(id, fraction, text);
        } catch (RuntimeException e) { // only shown to people; the work goes on
          log.debug("Progress of training {} not stored", id, e);
        }
      }
    };
  }

  private Registered register(
      TrainingRun run, String version, Optional<String> parent, ObjectNode dataset, Path out)
      throws IOException, TrainingFailed {
    List<Artifact.File> files = new ArrayList<>();
    for (String name : FILES) {
      Path file = out.resolve(name);
      if (!Files.isRegularFile(file)) {
        throw new TrainingFailed(
            "training.incomplete", "training ended well but wrote no [" + name + "]");
      }
      Content content = stores.content().add(file);
      files.add(new Artifact.File(name, content.sha256(), content.size()));
    }
    String report = Files.readString(out.resolve("report.json"));
    ObjectNode lineage = Json.mapper().createObjectNode();
    lineage.set("dataset", dataset);
    lineage.put("run", run.id()).put("parent", parent.orElse(""));
    Registered model =
        new Registered(
            new Artifact(Artifact.Kind.MODEL, run.model(), version, files),
            clock.instant(),
            Optional.of(run.id()),
            lineage.toString(),
            report);
    stores.trainings().done(run.id(), model, report, clock.instant());
    return model;
  }

  @Override
  public void close() {
    open = false;
    thread.interrupt();
    try {
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
