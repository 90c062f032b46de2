package io.selvedge.bench.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** As an operator enrols a gateway: by its own command, with what the hub answered. */
final class Enrolment {

  private static final long PATIENCE_SECONDS = 120;

  private Enrolment() {}

  /**
   * Writes the connection to the hub into the instance.
   *
   * @param answer of {@code POST /api/v1/gateways}
   */
  static void enrol(Path script, Path instance, JsonNode answer)
      throws IOException, InterruptedException {
    Path given = instance.resolveSibling(instance.getFileName() + ".json");
    Path output = instance.resolveSibling(instance.getFileName() + ".enrol");
    ProcessBuilder builder =
        new ProcessBuilder(script.toString(), "enrol", "--instance", instance.toString())
            .redirectInput(Files.writeString(given, answer.toString()).toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    if (!ended || process.exitValue() != 0) {
      throw new IOException(
          "gateway ["
              + instance
              + "] was not enrolled"
              + (ended ? "" : " within [" + PATIENCE_SECONDS + "] s")
              + ": "
              + Files.readString(output));
    }
  }
}
