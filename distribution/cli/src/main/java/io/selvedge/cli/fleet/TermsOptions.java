package io.selvedge.cli.fleet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What gateways must keep to with a deployment. */
final class TermsOptions {

  @Option(
      names = "--trial",
      paramLabel = "FILE",
      description =
          "JSON with shadow and live as in docs/protocol.md: what it has to show before it is kept.")
  private @Nullable Path trial;

  @Option(
      names = "--window",
      paramLabel = "FROM-TO",
      description = "When gateways may switch to it, by their local time: 22:00-05:00.")
  private String window = "";

  @Option(
      names = "--minimum-runtime",
      paramLabel = "VERSION",
      description = "Gateways that run an older version refuse it, for example 0.2.0.")
  private String minimumRuntime = "";

  void into(ObjectNode body) {
    if (trial != null) {
      body.set("trial", object(trial));
    }
    if (!window.isEmpty()) {
      String[] ends = window.split("-", 2);
      if (ends.length < 2) {
        throw new HubException(
            ExitCodes.USAGE, "--window [" + window + "] must be FROM-TO, for example 22:00-05:00");
      }
      body.putObject("window").put("from", ends[0]).put("to", ends[1]);
    }
    if (!minimumRuntime.isEmpty()) {
      body.put("minimum_runtime", minimumRuntime);
    }
  }

  /** A file that holds a JSON object. */
  static ObjectNode object(Path json) {
    try {
      if (HubClient.JSON.readTree(json.toFile()) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw new HubException(
          ExitCodes.USAGE, "file [" + json + "] cannot be read as JSON: " + e.getMessage());
    }
    throw new HubException(ExitCodes.USAGE, "file [" + json + "] must hold a JSON object");
  }
}
