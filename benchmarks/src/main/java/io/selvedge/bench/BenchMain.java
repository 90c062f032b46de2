package io.selvedge.bench;

import io.selvedge.bench.bus.BusBench;
import io.selvedge.bench.kill.KillBench;
import io.selvedge.bench.ota.OtaKillBench;
import io.selvedge.bench.outbox.OutboxBench;
import io.selvedge.bench.rollout.RolloutBench;
import io.selvedge.bench.rollout.RoundsBench;
import io.selvedge.bench.swap.DevicesBench;
import io.selvedge.bench.swap.DriverSwapBench;
import io.selvedge.bench.transfer.TransferBench;
import io.selvedge.bench.uplink.IdleBench;
import io.selvedge.bench.uplink.UplinkBench;
import io.selvedge.bench.week.WeekBench;
import java.util.Collection;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** Entry point of {@code ./selvedge bench}. */
@Command(
    name = "./selvedge bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "NAME",
    description = {
      "Measure whole parts on this machine. Figures come last, as a table; a figure that falls"
          + " short makes the exit code 1.%n"
    },
    footer = {"", "How to read the figures: benchmarks/README.md"},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:each figure keeps to its limit",
      "1:a figure falls short, or could not be measured",
      "2:wrong use, or something is missing on this machine"
    },
    subcommands = {
      OutboxBench.class,
      KillBench.class,
      OtaKillBench.class,
      WeekBench.class,
      UplinkBench.class,
      IdleBench.class,
      RolloutBench.class,
      RoundsBench.class,
      TransferBench.class,
      DriverSwapBench.class,
      DevicesBench.class,
      BusBench.class
    })
public final class BenchMain implements Runnable {

  private BenchMain() {}

  /** Runs one bench and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    CommandLine line = new CommandLine(new BenchMain()).setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (e, at, parsed) -> {
          if (e instanceof UsageException) {
            at.getErr().println("selvedge bench: " + e.getMessage());
            return ExitCode.USAGE;
          }
          e.printStackTrace(at.getErr());
          return ExitCode.SOFTWARE;
        });
    return line.execute(args);
  }

  /** All benches there are. */
  static Collection<CommandLine> commands() {
    return new CommandLine(new BenchMain()).getSubcommands().values();
  }

  @Override
  public void run() {
    CommandLine.usage(new BenchMain(), System.out);
  }
}
