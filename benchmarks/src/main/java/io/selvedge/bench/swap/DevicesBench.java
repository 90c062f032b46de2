package io.selvedge.bench.swap;

import io.selvedge.bench.Bench;
import io.selvedge.bench.Figures;
import io.selvedge.bench.Limit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code ./selvedge bench devices}. */
@Command(
    name = "devices",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "A hundred devices of four channels, read ten times a second on four buses: processor time,"
          + " and how far the time between two reads is from the interval. 1 minute."
    })
public final class DevicesBench extends Bench {

  private static final int DEVICES = 100;
  private static final int BUSES = 4;
  private static final int INTERVAL_MS = 100;
  private static final int SETTLE_SECONDS = 10;
  private static final int SECONDS = 30;

  @Override
  protected void measure(Path work, Figures figures) throws Exception {
    List<String> probes = new ArrayList<>();
    for (int i = 0; i < DEVICES; i++) {
      probes.add("probe-" + i + " bus-" + i % BUSES + " " + INTERVAL_MS);
    }
    Path programs = source().resolve("distribution/gateway/target/selvedge-gateway");
    try (SwapGateway gateway =
        new SwapGateway(work, programs, List.of(), probes, Optional.empty())) {
      figures.progress("settles for " + SETTLE_SECONDS + " s");
      Thread.sleep(SETTLE_SECONDS * 1000L);
      gateway.beginJitter();
      double rows = gateway.sum("rows");
      double lost = gateway.sum("lost");
      double cpu = gateway.cpuSeconds();
      long begun = System.nanoTime();
      figures.progress("watched for " + SECONDS + " s");
      Thread.sleep(SECONDS * 1000L);
      double seconds = (System.nanoTime() - begun) / 1e9;
      figures.tell(
          "processor",
          (gateway.cpuSeconds() - cpu) / seconds * 100,
          "% of a core",
          "of the whole gateway");
      figures.require(
          "rows", (gateway.sum("rows") - rows) / seconds, "/s", Limit.atLeast(990), "1000 are due");
      figures.require(
          "jitter, 99 of 100 below",
          gateway.sum("jitter_p99"),
          "ms",
          Limit.atMost(INTERVAL_MS),
          "time between two reads of a device, less its interval; swings with the load");
      figures.require("rows lost on the way", gateway.sum("lost") - lost, "", Limit.atMost(0), "");
    }
  }
}
