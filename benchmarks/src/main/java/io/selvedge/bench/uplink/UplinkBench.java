package io.selvedge.bench.uplink;

import io.selvedge.bench.Bench;
import io.selvedge.bench.BenchGateway;
import io.selvedge.bench.Figures;
import io.selvedge.bench.Mosquitto;
import io.selvedge.bench.UsageException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./selvedge bench uplink}. */
@Command(
    name = "uplink",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "A gateway as it is shipped: readings a second from driver to the broker's acknowledgement,"
          + " against bare clients that publish the same payloads to the same mosquitto; windows;"
          + " latency at 1,000 readings a second; processor time. 3 minutes."
    })
public final class UplinkBench extends Bench {

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds whose median counts. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--messages",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Messages of a round. Default: ${DEFAULT-VALUE}.")
  private int messages;

  /** What can be measured by itself. */
  enum Part {
    THROUGHPUT,
    WINDOWS,
    LATENCY
  }

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description =
          "Of [${COMPLETION-CANDIDATES}], in small letters as well; more than one with commas."
              + " Default: all.")
  private Set<Part> only = EnumSet.allOf(Part.class);

  @Option(
      names = "--java-options",
      paramLabel = "OPTIONS",
      defaultValue = "",
      description = "Added to the gateway's Java options: for a profiler, or to try others.")
  private String javaOptions = "";

  @Override
  protected void measure(Path work, Figures figures) throws Exception {
    if (rounds < 1 || messages < 1000) {
      throw new UsageException(
          "rounds [" + rounds + "] must be 1 or more, messages [" + messages + "] 1000 or more");
    }
    Path instance = work.resolve("instance");
    try (Mosquitto broker = Mosquitto.start(work);
        Relay relay = new Relay(broker.port())) {
      BenchGateway.prepare(source(), instance);
      Configuration configuration = new Configuration(instance.resolve("conf"));
      configuration.begin(broker.port());
      figures.progress("starting a gateway");
      try (BenchGateway gateway = BenchGateway.start(source(), instance, javaOptions);
          SourceControl control = SourceControl.install(instance)) {
        control.awaitConnection("");
        Throughput throughput =
            new Throughput(figures, broker, gateway.facts(), control, rounds, messages);
        throughput.warmUp();
        if (only.contains(Part.THROUGHPUT)) {
          throughput.measure();
        }
        if (only.contains(Part.WINDOWS)) {
          throughput.windows(configuration);
        }
        if (only.contains(Part.LATENCY)) {
          new Latency(figures, gateway.facts(), control, relay).measure(configuration);
        }
      }
    }
  }
}
