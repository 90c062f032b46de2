package io.selvedge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./selvedge demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Run a hub and a gateway on this machine and tell what happens: readings arrive, the hub"
          + " trains a model on them, the model goes out over MQTT, the gateway verifies and swaps"
          + " it, its decisions change, the fan acts.%n",
      "Everything stays on loopback. Ctrl-C ends it and leaves no process and no file behind.%n"
    },
    footer = {
      "",
      "Examples:",
      "  ./selvedge demo",
      "  ./selvedge demo --once --json report.json",
      "  ./selvedge demo --once --data ../occupancy --json report.json"
    })
final class DemoCommand implements Callable<Integer> {

  @Option(
      names = "--once",
      description =
          "Run unattended, print a table of the steps, and end; exit code 0 only if every"
              + " step was observed.")
  private boolean once;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Take the recorded office room in DIR (datatraining.txt and datatest.txt of the"
              + " UCI Occupancy Detection data set) instead of the simulated one.")
  private @Nullable Path data;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON to FILE.")
  private @Nullable Path json;

  @Option(
      names = "--keep",
      description = "Keep the working directory with configuration, data and logs, and say where.")
  private boolean keep;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path source = SelvedgeMain.source();
    Scenario scenario = data == null ? new SimulatedOffice() : RecordedOffice.in(data);
    if (json != null) {
      requireWritable(json);
    }
    Report report = new Report(System.out);
    Path work = Files.createTempDirectory("selvedge-demo");
    Demo demo = new Demo(source, work, scenario, report, System.out);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(demo, work), "selvedge-demo-end"));
    demo.run(once);
    if (!once && report.ok()) {
      report.printTable();
      demo.goOn();
    }
    demo.close();
    report.printTable();
    Optional<Path> written = Optional.ofNullable(json);
    if (written.isPresent()) {
      report.write(written.get());
      System.out.println("Report: " + written.get());
    }
    return report.ok() ? 0 : 1;
  }

  /** Runs at every end, Ctrl-C included. */
  private void finish(Demo demo, Path work) {
    demo.close();
    if (keep) {
      System.out.println("Kept: " + work);
      return;
    }
    try {
      Directories.delete(work);
    } catch (IOException e) {
      System.err.println("selvedge: cannot delete [" + work + "]: " + e.getMessage());
    }
  }

  private static void requireWritable(Path json) {
    Path directory = json.toAbsolutePath().getParent();
    if (directory == null || !Files.isWritable(directory) || Files.isDirectory(json)) {
      throw new UsageException(
          "report file [" + json + "] cannot be written; give a file in a directory that exists");
    }
  }
}
