package io.selvedge.bench.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.bench.Bench;
import io.selvedge.bench.Figures;
import io.selvedge.bench.Limit;
import io.selvedge.bench.UsageException;
import io.selvedge.bench.rollout.FleetHub.Named;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One hub and many gateways, all as they are shipped: four models that are bad, each in its own
 * way, must not get past the canary; a better one must get to everybody.
 */
@Command(
    name = "rollout",
    mixinStandardHelpOptions = true,
    description =
        "Rollouts to many gateways in three groups: bad models are taken back at the canary with"
            + " the right reason, a better one goes through. 10 minutes.")
public final class RolloutBench extends Bench {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int LONGEST_NOTE = 120;
  private static final String TRIAL =
      """
      {"shadow": {"rows": 40, "seconds": 40, "max_error_rate": 0.02, "max_latency_p99_ms": 1000},
       "live": {"seconds": 30, "max_error_rate": 0.02, "max_latency_p99_ms": 1000,
                "min_accuracy": 0.85, "min_labels": 30}}
      """;

  /** Of a row of the model that is too slow: well above what its trial allows. */
  private static final long SLOW_MILLIS = 3000;

  @Option(
      names = "--gateways",
      paramLabel = "N",
      defaultValue = "20",
      description = "So many, each a process of 150 MB (default: ${DEFAULT-VALUE}).")
  private int count;

  /** A model that must not get far. */
  private record Bad(String what, String code, Map<String, byte[]> files) {}

  @Override
  protected void measure(Path work, Figures figures) throws Exception {
    if (count < 3) {
      throw new UsageException("--gateways [" + count + "] must be at least 3, one a group");
    }
    figures.progress("starting the hub and [" + count + "] gateways");
    try (FleetHub hub = new FleetHub(source(), work);
        Fleet fleet = new Fleet(source(), work, hub, count);
        Labeller labeller = new Labeller(hub)) {
      figures.tell("gateways", count, "", "processes of the shipped distribution");
      figures.tell("memory of all gateways", fleet.memory(), "MiB", "resident, at the start");
      begin(hub, figures);
      List<Bad> all =
          List.of(
              new Bad("wrong shape", "model.wrong_signature", LineModel.wrongShape("shape")),
              new Bad("corrupted weights", "model.golden_mismatch", LineModel.corrupted("corrupt")),
              new Bad("too slow", "trial.latency", LineModel.slow("slow", 4, 3.6f, SLOW_MILLIS)),
              new Bad("plausible but worse", "trial.accuracy", LineModel.sound("worse", 4, -2)));
      for (Bad bad : all) {
        mustNotPass(hub, labeller, bad, figures);
      }
      mustPass(hub, labeller, figures);
      figures.tell(
          "labels that came back",
          (double) labeller.given(),
          "",
          "taken on trial; not given: " + labeller.missed());
    }
  }

  /** Everybody gets the flow and a model that is right three times of four. */
  private void begin(FleetHub hub, Figures figures) throws IOException, InterruptedException {
    hub.register(
        "FLOW", "line", "1", Map.of("flow.json", Fleet.FLOW.getBytes(StandardCharsets.UTF_8)));
    hub.register("MODEL", LineModel.NAME, "old", LineModel.sound("old", 4, 0));
    ObjectNode rest = FleetHub.everybody("{\"live\": {\"rows\": 20, \"seconds\": 120}}");
    rest.putArray("groups").addObject().put("name", "all").put("rest", true);
    long id = hub.rollout("flow and first model", List.of(Named.FLOW, Named.model("old")), rest);
    JsonNode end = hub.ended(id, PATIENCE);
    if (!end.path("state").asText().equals("FINISHED")) {
      throw new IOException("the first model did not get to all gateways: " + hub.targets(id));
    }
    figures.progress("all gateways decide by the first model");
  }

  /** Canary, a tenth, the rest; each gateway with its own evidence. */
  private static ObjectNode inThreeGroups() throws IOException {
    ObjectNode rest = FleetHub.everybody(TRIAL);
    String figures = "{\"min_accuracy\": 0.85, \"min_labels\": 30}";
    for (String share :
        List.of(
            "{\"name\": \"canary\", \"count\": 1}",
            "{\"name\": \"tenth\", \"percent\": 10}",
            "{\"name\": \"all\", \"rest\": true}")) {
      ObjectNode group = (ObjectNode) FleetHub.JSON.readTree(share);
      group.set("figures", FleetHub.JSON.readTree(figures));
      rest.withArray("/groups").add(group);
    }
    return rest;
  }

  private void mustNotPass(FleetHub hub, Labeller labeller, Bad bad, Figures figures)
      throws IOException, InterruptedException {
    String version = bad.code().replaceAll(".*\\.", "");
    String named = registered(hub, bad, version);
    long begun = System.nanoTime();
    long id = hub.rollout(bad.what(), List.of(Named.model(named)), inThreeGroups());
    labeller.watch(id);
    JsonNode end = hub.ended(id, PATIENCE);
    double seconds = (System.nanoTime() - begun) / 1e9;
    int got = 0;
    int rightly = 0;
    String note = "";
    for (JsonNode one : hub.targets(id)) {
      got += one.has("revision") ? 1 : 0;
      rightly += one.path("code").asText().equals(bad.code()) ? 1 : 0;
      note += one.path("code").asText().isEmpty() ? "" : said(one);
    }
    figures.require(bad.what() + ": gateways that got it", got, "", Limit.atMost(1), "the canary");
    figures.require(
        bad.what() + ": taken back, paused",
        end.path("state").asText().equals("PAUSED") ? rightly : 0,
        "",
        Limit.atLeast(1),
        note);
    figures.tell(bad.what() + ": until then", seconds, "s", "");
    hub.abort(id, PATIENCE);
    figures.require(
        bad.what() + ": gateways that run it", hub.running(named), "", Limit.atMost(0), "then");
    figures.require(
        bad.what() + ": gateways that run the one before",
        hub.running("old"),
        "",
        Limit.atLeast(count),
        "then");
  }

  /** Code and message, in one line. */
  private static String said(JsonNode target) {
    String code = target.path("code").asText();
    String message = target.path("message").asText().replaceAll("\\s+", " ");
    String text = message.startsWith(code) ? message : code + " " + message;
    return text.length() > LONGEST_NOTE ? text.substring(0, LONGEST_NOTE) + "…" : text;
  }

  private static String registered(FleetHub hub, Bad bad, String otherwise)
      throws IOException, InterruptedException {
    byte[] manifest = bad.files().getOrDefault("model.json", new byte[0]);
    String version = FleetHub.JSON.readTree(manifest).path("version").asText(otherwise);
    hub.register("MODEL", LineModel.NAME, version, bad.files());
    return version;
  }

  private void mustPass(FleetHub hub, Labeller labeller, Figures figures)
      throws IOException, InterruptedException {
    hub.register("MODEL", LineModel.NAME, "better", LineModel.sound("better", 4, 3.6f));
    long begun = System.nanoTime();
    long id = hub.rollout("better", List.of(Named.model("better")), inThreeGroups());
    labeller.watch(id);
    JsonNode end = hub.ended(id, PATIENCE);
    double seconds = (System.nanoTime() - begun) / 1e9;
    double worst = 1;
    double before = 0;
    String note = "";
    for (JsonNode one : hub.targets(id)) {
      worst = Math.min(worst, one.at("/trial/accuracy").asDouble(0));
      before = Math.max(before, one.at("/trial/accuracy_before").asDouble(0));
      if (one.has("code") && note.isEmpty()) {
        note = said(one);
      }
    }
    figures.require(
        "better: gateways that run it",
        hub.running("better"),
        "",
        Limit.atLeast(count),
        end.path("state").asText() + ", in three groups " + note);
    figures.tell("better: until all had it", seconds, "s", "three groups, one after the other");
    figures.require(
        "better: least accuracy of a gateway", worst, "", Limit.atLeast(0.85), "by its labels");
    figures.tell("better: most accuracy of the old one", before, "", "beside it, same rows");
  }
}
