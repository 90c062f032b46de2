package io.selvedge.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code selvedge rollout …}. */
@Command(
    name = "rollout",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Take a deployment to many gateways, group after group. The next group begins when the"
          + " gateways before it have proved it in their trial; else the rollout pauses.%n"
    },
    footer = {"", "States, conditions and REST: docs/rollouts.md"},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done; watch: the rollout is FINISHED",
      "1:the hub refused; watch, status: it is PAUSED, because of failures or by a person",
      "2:wrong use",
      "3:watch, status: it was aborted",
      "4:no hub answers there, or it does not take the token",
      "5:watch: time is up"
    },
    subcommands = RolloutCreate.class)
public final class RolloutCommand {

  private static final String PATH = "/api/v1/rollouts/";

  /** Which rollout, of which hub. */
  static final class One {

    @Parameters(paramLabel = "ID", description = "The rollout's number.")
    private long id;

    @Mixin private HubAccess access = new HubAccess();

    String path() {
      return PATH + id;
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List rollouts, the newest first.")
  int list(
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description = "Only those in this state.",
              defaultValue = "")
          String state,
      @Option(
              names = "--most",
              paramLabel = "N",
              defaultValue = "50",
              description = "At most so many (default: ${DEFAULT-VALUE}).")
          int most,
      @Mixin HubAccess access)
      throws InterruptedException {
    String query = "?limit=" + most + (state.isEmpty() ? "" : "&state=" + HubClient.encode(state));
    JsonNode answer = access.client().get("/api/v1/rollouts" + query);
    if (access.json()) {
      System.out.println(answer.toPrettyString());
      return ExitCodes.DONE;
    }
    if (answer.path("rollouts").isEmpty()) {
      System.out.println("There is no rollout" + (state.isEmpty() ? "." : " that is " + state));
    }
    answer.path("rollouts").forEach(one -> System.out.println(RolloutView.brief(one)));
    return ExitCodes.DONE;
  }

  @Command(
      name = "status",
      aliases = "show",
      mixinStandardHelpOptions = true,
      description =
          "Show how a rollout stands, whom it waits for, and each gateway that failed, is away or is"
              + " under way.")
  int status(@Mixin One one) throws InterruptedException {
    HubClient hub = one.access.client();
    JsonNode rollout = hub.get(one.path());
    JsonNode gateways = hub.get(one.path() + "/gateways").path("gateways");
    if (one.access.json()) {
      ObjectNode all = (ObjectNode) rollout;
      all.set("gateways", gateways);
      System.out.println(all.toPrettyString());
      return RolloutWatch.exitCode(rollout);
    }
    new RolloutView(System.out, false).show(rollout);
    gateways.forEach(gateway -> RolloutView.gateway(gateway).ifPresent(System.out::println));
    return RolloutWatch.exitCode(rollout);
  }

  @Command(
      name = "watch",
      mixinStandardHelpOptions = true,
      description = {
        "Show how a rollout goes until it is FINISHED, PAUSED or STOPPED: bars on a terminal, a"
            + " line a change elsewhere, with --json an object a change. Where the hub does not"
            + " answer any more, it is asked again, less and less often."
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:FINISHED",
        "1:PAUSED, or the hub refused",
        "2:wrong use",
        "3:STOPPED: it was aborted",
        "4:the hub did not answer at all, or not for so long as --patience says",
        "5:time is up (--timeout)"
      })
  int watch(
      @Option(
              names = "--timeout",
              paramLabel = "TIME",
              defaultValue = "0",
              converter = Durations.class,
              description =
                  "At most so long, whether or not the hub answers, for example 90s, 15m, 2h.")
          long timeout,
      @Option(
              names = "--patience",
              paramLabel = "TIME",
              defaultValue = "2m",
              converter = Durations.class,
              description =
                  "Go on for so long where the hub does not answer (default: ${DEFAULT-VALUE}).")
          long patience,
      @Mixin One one)
      throws InterruptedException {
    Deadline deadline = new Deadline(timeout);
    return new RolloutWatch(one.access.client(), patience, deadline, System.out, one.access.json())
        .until(one.id);
  }

  @Command(
      name = "events",
      mixinStandardHelpOptions = true,
      description = "Show each transition of a rollout, its groups and its gateways.")
  int events(@Mixin One one) throws InterruptedException {
    HubClient hub = one.access.client();
    String after = "";
    while (true) {
      JsonNode page = hub.get(one.path() + "/events?limit=1000" + after);
      for (JsonNode event : page.path("events")) {
        System.out.println(one.access.json() ? event.toString() : RolloutView.event(event));
      }
      if (!page.has("next")) {
        return ExitCodes.DONE;
      }
      after = "&after=" + page.path("next").asText();
    }
  }

  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      description = "Start a rollout that is READY.")
  int start(@Mixin One one, @Mixin Reason reason) throws InterruptedException {
    return act(one, "start", HubClient.JSON.createObjectNode(), reason);
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Send it to no further gateway for now; what was sent goes on.")
  int pause(@Mixin One one, @Mixin Reason reason) throws InterruptedException {
    return act(one, "pause", HubClient.JSON.createObjectNode(), reason);
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Go on with a PAUSED rollout; the failures so far are accepted.")
  int resume(
      @Option(names = "--retry", description = "Gateways that failed get it again, instead.")
          boolean retry,
      @Mixin One one,
      @Mixin Reason reason)
      throws InterruptedException {
    return act(one, "resume", HubClient.JSON.createObjectNode().put("retry", retry), reason);
  }

  @Command(
      name = "abort",
      mixinStandardHelpOptions = true,
      description =
          "End a rollout; gateways that it has not succeeded on get their former artifacts.")
  int abort(
      @Option(
              names = "--take-back",
              description =
                  "Gateways that it has succeeded on, too; a FINISHED rollout can be taken back so.")
          boolean takeBack,
      @Mixin One one,
      @Mixin Reason reason)
      throws InterruptedException {
    return act(one, "abort", HubClient.JSON.createObjectNode().put("take_back", takeBack), reason);
  }

  private static int act(One one, String action, ObjectNode body, Reason reason)
      throws InterruptedException {
    JsonNode made = one.access.client().post(one.path() + "/" + action, reason.into(body));
    System.out.println(one.access.json() ? made.toPrettyString() : RolloutView.head(made));
    return ExitCodes.DONE;
  }
}
