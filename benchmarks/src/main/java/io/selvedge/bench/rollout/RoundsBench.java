package io.selvedge.bench.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.bench.Bench;
import io.selvedge.bench.Figures;
import io.selvedge.bench.Limit;
import io.selvedge.bench.UsageException;
import io.selvedge.bench.rollout.FleetHub.Named;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Round after round of updates with nobody looking, one of them bad; then models of strangers. */
@Command(
    name = "ota-rounds",
    mixinStandardHelpOptions = true,
    description =
        "Rounds of model updates over the air, unattended, one bad one among them; then models"
            + " that nobody here made. 10 minutes for 20 rounds.")
public final class RoundsBench extends Bench {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int GATEWAYS = 3;
  private static final double STORE_MIB = 512;

  /** Why the bad one is to be taken back, and for no other reason. */
  private static final String CORRUPTED = "model.golden_mismatch";

  private static final String TRIAL =
      "{\"live\": {\"rows\": 12, \"seconds\": 60, \"max_error_rate\": 0.02}}";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "20",
      description = "So many (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--npm-cache",
      paramLabel = "DIR",
      description =
          "Where models of strangers are kept; fetched by npm where they are not there. Default:"
              + " selvedge-bench in the user's cache.")
  private @Nullable Path cache;

  @Option(
      names = "--without-strangers",
      description = "Do not fetch models of strangers, and say so.")
  private boolean withoutStrangers;

  private int good;
  private int wrong;
  private double slowest;

  @Override
  protected void measure(Path work, Figures figures) throws Exception {
    if (rounds < 2) {
      throw new UsageException("--rounds [" + rounds + "] must be at least 2");
    }
    figures.progress("starting the hub and [" + GATEWAYS + "] gateways");
    try (FleetHub hub = new FleetHub(source(), work);
        Fleet fleet = new Fleet(source(), work, hub, GATEWAYS)) {
      hub.register(
          "FLOW", "line", "1", Map.of("flow.json", Fleet.FLOW.getBytes(StandardCharsets.UTF_8)));
      int bad = rounds * 2 / 3;
      String newest = "";
      for (int round = 1; round <= rounds; round++) {
        String version = Integer.toString(round);
        boolean passed = round(hub, round, version, round == bad);
        newest = passed ? version : newest;
        figures.progress(
            "round "
                + round
                + (round == bad ? ", a bad one: " : ": ")
                + (passed ? "all gateways have it" : "taken back at the canary"));
      }
      figures.require("rounds as they should be", good, "", Limit.atLeast(rounds), "");
      figures.require("rounds otherwise", wrong, "", Limit.atMost(0), "");
      figures.require(
          "gateways on the newest good version",
          hub.running(newest),
          "",
          Limit.atLeast(GATEWAYS),
          "version " + newest);
      figures.tell("slowest round", slowest, "s", "two groups, a trial of 12 rows each");
      figures.tell("memory of all gateways", fleet.memory(), "MiB", "resident, at the end");
      if (withoutStrangers) {
        figures.progress("models of strangers are left out, as asked for");
      } else {
        new Strangers(hub, figures, PATIENCE).run(Strangers.cache(cache), newest);
      }
      figures.require(
          "store of artifacts on a gateway",
          store(work),
          "MiB",
          Limit.atMost(STORE_MIB),
          "the most of them, at the end; its budget as shipped");
    }
  }

  /** True where it went through. */
  private boolean round(FleetHub hub, int round, String version, boolean bad)
      throws IOException, InterruptedException {
    float weight = 4 + round * 0.01f;
    hub.register(
        "MODEL",
        LineModel.NAME,
        version,
        bad ? LineModel.corrupted(version) : LineModel.sound(version, weight, weight));
    List<Named> artifacts = new ArrayList<>();
    artifacts.add(Named.model(version));
    if (round == 1) {
      artifacts.add(Named.FLOW);
    }
    long begun = System.nanoTime();
    long id = hub.rollout("round " + round, artifacts, FleetHub.canaryFirst(TRIAL));
    JsonNode end = hub.ended(id, PATIENCE);
    slowest = Math.max(slowest, (System.nanoTime() - begun) / 1e9);
    String state = end.path("state").asText();
    boolean expected =
        bad
            ? state.equals("PAUSED")
                && end.at("/counts/SCHEDULED").asInt() == GATEWAYS - 1
                && hub.targets(id).findValuesAsText("code").contains(CORRUPTED)
            : state.equals("FINISHED")
                && end.at("/counts/DONE").asInt() == GATEWAYS
                && hub.running(version) == GATEWAYS;
    good += expected ? 1 : 0;
    wrong += expected ? 0 : 1;
    if (!state.equals("FINISHED")) {
      hub.abort(id, PATIENCE);
    }
    return state.equals("FINISHED");
  }

  /** The most that any gateway keeps, MiB. */
  private static double store(Path work) throws IOException {
    double most = 0;
    for (String id : Fleet.ids(GATEWAYS)) {
      long bytes = 0;
      try (Stream<Path> files = Files.list(work.resolve(id).resolve("data/artifacts/blobs"))) {
        for (Path file : files.toList()) {
          bytes += Files.size(file);
        }
      }
      most = Math.max(most, bytes / 1048576.0);
    }
    return most;
  }
}
