package io.selvedge.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import picocli.CommandLine;

/** Looks at a rollout until it has ended or needs a person. */
final class RolloutWatch {

  private static final long BETWEEN_MILLIS = 1000;

  private final PatientHub hub;
  private final Deadline deadline;
  private final PrintStream out;
  private final boolean json;

  RolloutWatch(HubClient hub, long patience, Deadline deadline, PrintStream out, boolean json) {
    this.hub = new PatientHub(hub, patience, deadline);
    this.deadline = deadline;
    this.out = out;
    this.json = json;
  }

  /** Its exit code. */
  int until(long id) throws InterruptedException {
    RolloutView view = new RolloutView(out, CommandLine.Help.Ansi.AUTO.enabled());
    String last = "";
    while (true) {
      JsonNode rollout = hub.get("/api/v1/rollouts/" + id);
      if (!json) {
        view.show(rollout);
      } else if (!rollout.toString().equals(last)) {
        last = rollout.toString();
        out.println(last);
      }
      String state = rollout.path("state").asText();
      if (state.equals("FINISHED") || state.equals("STOPPED") || state.equals("PAUSED")) {
        if (!json) {
          why(id, state);
        }
        return exitCode(rollout);
      }
      if (deadline.passed()) {
        System.err.println(
            "selvedge: rollout [" + id + "] is still " + state + " after " + deadline);
        return ExitCodes.TIMEOUT;
      }
      Thread.sleep(BETWEEN_MILLIS);
    }
  }

  /** 0 finished, or on its way; 1 paused; 3 aborted. */
  static int exitCode(JsonNode rollout) {
    return switch (rollout.path("state").asText()) {
      case "PAUSED" -> ExitCodes.FAILED;
      case "STOPPING", "STOPPED" -> ExitCodes.ABORTED;
      default -> ExitCodes.DONE;
    };
  }

  private void why(long id, String state) throws InterruptedException {
    String cause = state.equals("STOPPED") ? "STOPPING" : state; // who aborted it, and why
    String found = "";
    String after = "";
    while (true) {
      JsonNode page = hub.get("/api/v1/rollouts/" + id + "/events?limit=5000" + after);
      for (JsonNode event : page.path("events")) {
        if (event.path("subject").asText().isEmpty() && event.path("to").asText().equals(cause)) {
          found = event.path("who").asText() + ": " + event.path("why").asText();
        }
      }
      if (!page.has("next")) {
        break;
      }
      after = "&after=" + page.path("next").asText();
    }
    out.println(state + " by " + found.replaceFirst(": $", ""));
  }
}
