package io.selvedge.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * Short cuts to the programs that were built in this source tree; arguments go through as given.
 */
final class RunCommands {

  private RunCommands() {}

  /** {@code ./selvedge gateway …} is {@code bin/selvedge …} of the gateway built here. */
  @Command(
      name = "gateway",
      description = "Run the gateway built here: gateway run, start, stop, status, doctor, …")
  static final class Gateway implements Callable<Integer> {

    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
      return passOn(Layout.gatewayScript(SelvedgeMain.source()), arguments);
    }
  }

  /** {@code ./selvedge hub …} is {@code bin/hub …} of the hub built here. */
  @Command(name = "hub", description = "Run the hub built here; hub --help says how.")
  static final class Hub implements Callable<Integer> {

    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
      return passOn(Layout.hubScript(SelvedgeMain.source()), arguments);
    }
  }

  /** The script has built already when this runs. */
  @Command(name = "build", description = "Build what is missing, and nothing else.")
  static final class Build implements Callable<Integer> {

    @Override
    public Integer call() {
      System.out.println("Gateway: " + Layout.gatewayScript(SelvedgeMain.source()));
      System.out.println("Hub:     " + Layout.hubScript(SelvedgeMain.source()));
      return 0;
    }
  }

  private static int passOn(Path program, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(arguments.isEmpty() ? List.of("--help") : arguments);
    Process process = new ProcessBuilder(command).inheritIO().start();
    // Ctrl-C reaches the program itself, which is in our process group; we wait for its end.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> Processes.end(process), "selvedge-end"));
    return process.waitFor();
  }
}
