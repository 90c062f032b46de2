package io.selvedge.bench.uplink;

import io.selvedge.bench.Bench;
import io.selvedge.bench.BenchGateway;
import io.selvedge.bench.Figures;
import io.selvedge.bench.Mosquitto;
import io.selvedge.bench.ProcessFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./selvedge bench idle}. */
@Command(
    name = "idle",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "What a gateway as it is shipped, with the devices that it is shipped with and a connection,"
          + " takes while little happens: memory, threads, wake-ups, processor time. 90 seconds."
    })
public final class IdleBench extends Bench {

  private static final int SETTLE_SECONDS = 30;
  private static final int SECONDS = 30;

  @Option(
      names = "--java-options",
      paramLabel = "OPTIONS",
      defaultValue = "",
      description = "Added to the gateway's Java options, to try others.")
  private String javaOptions = "";

  @Override
  protected void measure(Path work, Figures figures) throws Exception {
    Path instance = work.resolve("instance");
    try (Mosquitto broker = Mosquitto.start(work)) {
      BenchGateway.prepare(source(), instance);
      Files.writeString(
          instance.resolve("conf/io.selvedge.mqtt.cfg"),
          "broker=tcp://127.0.0.1:" + broker.port() + "\n");
      long begun = System.nanoTime();
      try (BenchGateway gateway = BenchGateway.start(source(), instance, javaOptions)) {
        figures.tell("start, until it is ready", (System.nanoTime() - begun) / 1e9, "s", "");
        figures.progress("settles for " + SETTLE_SECONDS + " s");
        Thread.sleep(SETTLE_SECONDS * 1000L);
        ProcessFacts facts = gateway.facts();
        double cpu = facts.cpuSeconds();
        long wakeUps = facts.wakeUps();
        long from = System.nanoTime();
        figures.progress("watched for " + SECONDS + " s");
        Thread.sleep(SECONDS * 1000L);
        double seconds = (System.nanoTime() - from) / 1e9;
        figures.tell("wake-ups", (facts.wakeUps() - wakeUps) / seconds, "/s", "of all its threads");
        figures.tell("processor", (facts.cpuSeconds() - cpu) / seconds * 100, "% of a core", "");
        figures.tell("resident memory", facts.residentMiB(), "MiB", "");
        figures.tell("threads", (double) facts.threads(), "", "the Java machine's own included");
      }
    }
  }
}
