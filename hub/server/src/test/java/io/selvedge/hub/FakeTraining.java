package io.selvedge.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The training process as far as the hub can see: reads a job, tells progress, writes the files.
 * The model's name says how it ends.
 */
public final class FakeTraining {

  private FakeTraining() {}

  /** How the hub starts it. */
  private static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        FakeTraining.class.getName());
  }

  /** A hub that starts it. */
  static HubOptions in(HubOptions options) {
    return new HubOptions(
        options.data(),
        options.http(),
        options.broker(),
        options.store(),
        options.account(),
        options.tls(),
        command());
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Path jobFile = Path.of(args[1]);
    Path out = Path.of(args[3]);
    JsonNode job = Json.mapper().readTree(Files.readAllBytes(jobFile));
    String model = job.get("model").asText();
    System.out.println("progress 0.5 half way");
    if (model.equals("refused")) {
      System.err.println("some warning of a library");
      System.err.println("error training.too_few_rows [3] rows must be at least 100");
      System.exit(1);
    }
    if (model.equals("crashing")) {
      Runtime.getRuntime().halt(134);
    }
    if (model.equals("endless")) {
      Thread.sleep(600_000);
    }
    String rows = Files.readString(jobFile.resolveSibling(job.get("rows").asText()));
    Files.writeString(out.resolve("model.onnx"), "weights of " + job + "x".repeat(100_000));
    Files.writeString(out.resolve("model.json"), "{\"name\": \"" + model + "\"}");
    Files.writeString(
        out.resolve("report.json"),
        Json.text(
            Json.mapper()
                .createObjectNode()
                .put("balancedAccuracy", 0.93)
                .put("csv", rows)
                .put("omp", System.getenv("OMP_NUM_THREADS"))));
  }
}
