package io.selvedge.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
    subcommands = {
      RolloutCreate.class,
      RolloutCommand.ListAll.class,
      RolloutCommand.Status.class,
      RolloutCommand.Watch.class,
      RolloutCommand.Events.class,
      RolloutCommand.Start.class,
      RolloutCommand.Pause.class,
      RolloutCommand.Resume.class,
      RolloutCommand.Abort.class
    })
public final class RolloutCommand implements Runnable {

  private static final String PATH = "/api/v1/rollouts/";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      spec.commandLine().usage(System.out);
    }
  }

  /** All of them. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List rollouts, the newest first.")
  static final class ListAll implements Callable<Integer> {

    @Mixin private HubAccess access = new HubAccess();

    @Option(names = "--state", paramLabel = "STATE", description = "Only those in this state.")
    private String state = "";

    @Option(
        names = "--most",
        paramLabel = "N",
        defaultValue = "50",
        description = "At most so many (default: ${DEFAULT-VALUE}).")
    private int most;

    @Override
    public Integer call() throws InterruptedException {
      String query =
          "?limit=" + most + (state.isEmpty() ? "" : "&state=" + HubClient.encode(state));
      JsonNode answer = access.client().get("/api/v1/rollouts" + query);
      if (access.json()) {
        System.out.println(answer.toPrettyString());
        return ExitCodes.DONE;
      }
      if (answer.path("rollouts").isEmpty()) {
        System.out.println("There is no rollout" + (state.isEmpty() ? "." : " that is " + state));
      }
      for (JsonNode one : answer.path("rollouts")) {
        int all = 0;
        for (JsonNode count : one.path("counts")) {
          all += count.asInt();
        }
        System.out.printf(
            Locale.ROOT,
            "%5d  %-9s %4d of %4d done  %3d failed  %s  %s%n",
            one.path("id").asLong(),
            one.path("state").asText(),
            one.at("/counts/DONE").asInt(),
            all,
            one.at("/counts/FAILED").asInt(),
            one.path("created").asText().replaceFirst("\\..*", "Z"),
            one.path("name").asText());
      }
      return ExitCodes.DONE;
    }
  }

  /** What all that are about one rollout have. */
  abstract static class One implements Callable<Integer> {

    @Parameters(paramLabel = "ID", description = "The rollout's number.")
    private long id;

    @Mixin private HubAccess access = new HubAccess();

    abstract int call(HubClient hub, long rollout, boolean json) throws InterruptedException;

    @Override
    public Integer call() throws InterruptedException {
      return call(access.client(), id, access.json());
    }
  }

  /** How it stands. */
  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "Show how a rollout stands, and each gateway that failed or is under way.")
  static final class Status extends One {

    @Override
    int call(HubClient hub, long rollout, boolean json) throws InterruptedException {
      JsonNode one = hub.get(PATH + rollout);
      JsonNode gateways = hub.get(PATH + rollout + "/gateways").path("gateways");
      if (json) {
        ObjectNode all = (ObjectNode) one;
        all.set("gateways", gateways);
        System.out.println(all.toPrettyString());
        return RolloutWatch.exitCode(one);
      }
      new RolloutView(System.out, false).show(one);
      for (JsonNode gateway : gateways) {
        String state = gateway.path("state").asText();
        if (state.equals("SCHEDULED") && gateway.has("absentSince")) {
          System.out.printf(
              Locale.ROOT,
              "  %-20s %-12s not connected since %s%n",
              gateway.path("gateway").asText(),
              state,
              gateway.path("absentSince").asText());
        } else if (!state.equals("SCHEDULED") && !state.equals("DONE")) {
          System.out.printf(
              Locale.ROOT,
              "  %-20s %-12s revision %d  %s%s %s%n",
              gateway.path("gateway").asText(),
              state,
              gateway.path("revision").asLong(),
              fetched(gateway, state),
              gateway.path("code").asText(),
              gateway.path("message").asText());
        }
      }
      return RolloutWatch.exitCode(one);
    }
  }

  private static String fetched(JsonNode gateway, String state) {
    long total = gateway.at("/progress/total_bytes").asLong();
    return state.equals("INSTALLING") && total > 0
        ? 100 * gateway.at("/progress/done_bytes").asLong() / total + " % fetched "
        : "";
  }

  /** Until it has ended. */
  @Command(
      name = "watch",
      mixinStandardHelpOptions = true,
      description = {
        "Show how a rollout goes until it is FINISHED, PAUSED or STOPPED: bars on a terminal, a"
            + " line a change elsewhere, with --json an object a change."
      })
  static final class Watch extends One {

    @Option(
        names = "--timeout",
        paramLabel = "TIME",
        defaultValue = "0",
        converter = Durations.class,
        description = "At most so long, for example 90s, 15m, 2h.")
    private long timeout;

    @Override
    int call(HubClient hub, long rollout, boolean json) throws InterruptedException {
      return new RolloutWatch(hub, System.out, json).until(rollout, timeout);
    }
  }

  /** Who did what and why. */
  @Command(
      name = "events",
      mixinStandardHelpOptions = true,
      description = "Show each transition of a rollout, its groups and its gateways.")
  static final class Events extends One {

    @Override
    int call(HubClient hub, long rollout, boolean json) throws InterruptedException {
      String after = "";
      while (true) {
        JsonNode page = hub.get(PATH + rollout + "/events?limit=1000" + after);
        for (JsonNode one : page.path("events")) {
          print(System.out, one, json);
        }
        if (!page.has("next")) {
          return ExitCodes.DONE;
        }
        after = "&after=" + page.path("next").asText();
      }
    }

    private static void print(PrintStream out, JsonNode one, boolean json) {
      if (json) {
        out.println(one);
        return;
      }
      String subject = one.path("subject").asText();
      out.printf(
          Locale.ROOT,
          "%s  %-12s %-24s %s  %s%n",
          one.path("at").asText(),
          one.path("who").asText(),
          subject.isEmpty() ? "rollout" : subject,
          one.path("from").asText() + " → " + one.path("to").asText(),
          one.path("why").asText());
    }
  }

  /** What all have that change a rollout. */
  abstract static class Act extends One {

    @Mixin private Reason reason = new Reason();

    abstract String action();

    ObjectNode body() {
      return HubClient.JSON.createObjectNode();
    }

    @Override
    int call(HubClient hub, long rollout, boolean json) throws InterruptedException {
      JsonNode one = hub.post(PATH + rollout + "/" + action(), reason.into(body()));
      System.out.println(json ? one.toPrettyString() : RolloutView.head(one));
      return ExitCodes.DONE;
    }
  }

  /** Now. */
  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      description = "Start a rollout that is READY.")
  static final class Start extends Act {
    @Override
    String action() {
      return "start";
    }
  }

  /** For now. */
  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Send it to no further gateway for now; what was sent goes on.")
  static final class Pause extends Act {
    @Override
    String action() {
      return "pause";
    }
  }

  /** Again. */
  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Go on with a PAUSED rollout; the failures so far are accepted.")
  static final class Resume extends Act {

    @Option(names = "--retry", description = "Gateways that failed get it again, instead.")
    private boolean retry;

    @Override
    String action() {
      return "resume";
    }

    @Override
    ObjectNode body() {
      return super.body().put("retry", retry);
    }
  }

  /** For good. */
  @Command(
      name = "abort",
      mixinStandardHelpOptions = true,
      description =
          "End a rollout; gateways that it has not succeeded on get their former artifacts.")
  static final class Abort extends Act {

    @Option(
        names = "--take-back",
        description =
            "Gateways that it has succeeded on, too; a FINISHED rollout can be taken back so.")
    private boolean takeBack;

    @Override
    String action() {
      return "abort";
    }

    @Override
    ObjectNode body() {
      return super.body().put("take_back", takeBack);
    }
  }
}
