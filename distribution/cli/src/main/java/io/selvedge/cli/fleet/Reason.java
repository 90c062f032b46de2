package io.selvedge.cli.fleet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Option;

/** Who and why: the hub keeps both with what is done. */
final class Reason {

  @Option(
      names = "--by",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who does it; kept with it (default: ${DEFAULT-VALUE}).")
  private String by = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with it.")
  private String reason = "";

  ObjectNode into(ObjectNode body) {
    if (!by.isEmpty()) {
      body.put("by", by.length() > 64 ? by.substring(0, 64) : by);
    }
    return reason.isEmpty() ? body : body.put("reason", reason);
  }
}
