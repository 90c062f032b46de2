package io.selvedge.cli;

import io.selvedge.cli.fleet.FleetCommands;
import io.selvedge.cli.fleet.GroupCommands;
import io.selvedge.cli.fleet.HubException;
import io.selvedge.cli.fleet.KeysCommand;
import io.selvedge.cli.fleet.RolloutCommand;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code ./selvedge}. */
@Command(
    name = "selvedge",
    mixinStandardHelpOptions = true,
    version = "Selvedge 0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND",
    description = "An edge gateway runtime: sense, decide, act, learn.%n",
    footer = {
      "",
      "Start here:      ./selvedge demo",
      "All tests:       mvn verify",
      "Measurements:    ./selvedge bench --help",
      "Many gateways:   ./selvedge rollout --help",
      "Documentation:   README.md, docs/"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, and everything was observed",
      "1:something did not happen as it should",
      "2:wrong use, or something is missing on this machine"
    },
    subcommands = {
      DemoCommand.class,
      RunCommands.Gateway.class,
      RunCommands.Hub.class,
      RunCommands.Build.class,
      RolloutCommand.class,
      FleetCommands.Deploy.class,
      GroupCommands.DeployGroup.class,
      GroupCommands.Groups.class,
      FleetCommands.Fleet.class,
      FleetCommands.Artifacts.class,
      FleetCommands.Register.class,
      KeysCommand.class,
      CommandLine.HelpCommand.class
    })
public final class SelvedgeMain implements Runnable {

  private SelvedgeMain() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Its exit code. */
  static int run(String... args) {
    CommandLine line = new CommandLine(new SelvedgeMain());
    line.setExecutionExceptionHandler(
        (e, at, parsed) -> {
          at.getErr().println("selvedge: " + e.getMessage());
          return e instanceof HubException hub
              ? hub.exitCode()
              : e instanceof UsageException ? 2 : 1;
        });
    return line.execute(args);
  }

  @Override
  public void run() {
    CommandLine.usage(new SelvedgeMain(), System.out);
  }

  /** The source tree that {@code ./selvedge} stands in. */
  static Path source() {
    String source = System.getProperty("selvedge.source", "");
    if (source.isEmpty()) {
      throw new UsageException(
          "system property selvedge.source [] is not set; start Selvedge by ./selvedge");
    }
    return Path.of(source);
  }
}
