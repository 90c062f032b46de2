package io.selvedge.bench.swap;

import io.selvedge.bench.Bench;
import io.selvedge.bench.Figures;
import io.selvedge.bench.Limit;
import io.selvedge.bench.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./selvedge bench driver-swap}. */
@Command(
    name = "driver-swap",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Replaces the bundles of all shipped drivers again and again in a gateway that reads devices"
          + " all the while, by a hub over MQTT, by files in deploy/ and by the web console: readings"
          + " missed by the others, and what is left behind. 13 minutes at 40 times."
    })
public final class DriverSwapBench extends Bench {

  /** The default of drivers; shorter, and a busy machine misses slots without any update. */
  private static final int INTERVAL_MS = 1000;

  private static final int PROBES = 40;

  /**
   * Loaders that the framework or SCR still holds of the last updates; a leak has one an update.
   */
  private static final int LOADERS_HELD = 3;

  private static final int LOOKS = 6;
  private static final long LOOK_MILLIS = 2000;

  private static final List<String> BUSES =
      List.of("i2c1", "pinctrl-bcm2711", "spi0", "w1", "line-a");
  private static final int CONTROL_SECONDS = 20;

  @Option(
      names = "--times",
      paramLabel = "N",
      defaultValue = "40",
      description = "How often each driver is replaced, by each way. Default: ${DEFAULT-VALUE}.")
  private int times;

  @Option(
      names = "--drivers",
      paramLabel = "NAME",
      split = ",",
      description = "Only these, for example tmp102,gpio. Default: all that are shipped.")
  private List<String> only = List.of();

  @Override
  protected void measure(Path work, Figures figures) throws Exception {
    Path programs = source().resolve("distribution/gateway/target/selvedge-gateway");
    if (!Files.isDirectory(programs)) {
      throw new UsageException("gateway [" + programs + "] is not built; run ./selvedge build");
    }
    List<DriverJar> drivers =
        DriverJar.shipped(programs).stream()
            .filter(driver -> !driver.pids().isEmpty())
            .filter(driver -> only.isEmpty() || only.contains(driver.name()))
            .toList();
    if (drivers.isEmpty()) {
      throw new UsageException("drivers " + only + " are not shipped; leave them out for all");
    }
    List<String> probes = new ArrayList<>();
    for (int i = 0; i < PROBES; i++) {
      probes.add("probe-" + i + " " + BUSES.get(i % BUSES.size()) + " " + INTERVAL_MS);
    }
    try (SwapHub hub = new SwapHub(source(), work);
        SwapGateway gateway = new SwapGateway(work, programs, drivers, probes, Optional.of(hub))) {
      run(new Ways(gateway, hub, drivers, work), gateway, drivers.size(), figures);
    }
  }

  private void run(Ways ways, SwapGateway gateway, int count, Figures figures) throws Exception {
    Set<String> up =
        gateway.states("swap-").stream()
            .filter(state -> state.endsWith(" UP"))
            .collect(Collectors.toCollection(TreeSet::new));
    figures.tell("drivers", count, "bundles", "all that are replaced");
    figures.tell("devices of them that answer", up.size(), "", "on buses without hardware: " + up);
    figures.progress("once by each way, so that all is loaded that will be");
    ways.byFile(1, up);
    ways.byConsole(2, up);
    ways.fromFilesToMqtt(3, up);
    ways.byMqtt(5, up);
    figures.progress("control: nothing is replaced for " + CONTROL_SECONDS + " s");
    double missedBefore = total(gateway, "missed");
    Thread.sleep(CONTROL_SECONDS * 1000L);
    figures.tell(
        "missed while nothing is replaced",
        total(gateway, "missed") - missedBefore,
        "readings",
        "what this machine does by itself in " + CONTROL_SECONDS + " s");
    Leftovers before = Leftovers.of(gateway.pid());
    missedBefore = total(gateway, "missed");
    double lostBefore = gateway.sum("lost");
    double rowsBefore = gateway.sum("rows");
    for (int round = 0; round < times; round++) {
      ways.byMqtt(10 + round, up);
      figures.progress("by MQTT: " + (round + 1) + " of " + times);
    }
    figures.progress("the hub takes them away; as files again");
    ways.fromMqttToFiles(9, up);
    for (int round = 0; round < times; round++) {
      ways.byFile(1000 + round, up);
      figures.progress("by files: " + (round + 1) + " of " + times);
    }
    for (int round = 0; round < times; round++) {
      ways.byConsole(2000 + round, up);
      figures.progress("by the web console: " + (round + 1) + " of " + times);
    }
    figures.tell("updates", 3.0 * times * count, "", "each followed by its devices being up");
    figures.require(
        "readings missed by others",
        total(gateway, "missed") - missedBefore,
        "",
        Limit.atMost(0),
        "of "
            + (long) (gateway.sum("rows") - rowsBefore)
            + " of "
            + PROBES
            + " devices: "
            + gateway.byBus("missed"));
    figures.require(
        "rows lost on the way", gateway.sum("lost") - lostBefore, "", Limit.atMost(0), "");
    leaks(before, settled(gateway.pid(), before), figures);
  }

  /** What the last updates leave goes within a few collections; what leaks stays. */
  private static Leftovers settled(long pid, Leftovers before)
      throws IOException, InterruptedException {
    Leftovers after = Leftovers.of(pid);
    for (int look = 1; look < LOOKS && after.loaders() > before.loaders(); look++) {
      Thread.sleep(LOOK_MILLIS);
      after = Leftovers.of(pid);
    }
    return after;
  }

  private static void leaks(Leftovers before, Leftovers after, Figures figures) {
    figures.require(
        "threads left",
        after.ownThreads() - before.ownThreads(),
        "",
        Limit.atMost(0),
        "of those that are named ours; of "
            + before.ownThreads()
            + ", others: "
            + changes(before, after));
    figures.require(
        "files left open",
        after.files() - before.files(),
        "",
        Limit.atMost(2),
        "of " + before.files() + "; the machine opens some by itself");
    figures.require(
        "class loaders left",
        (double) (after.loaders() - before.loaders()),
        "",
        Limit.atMost(LOADERS_HELD),
        "of "
            + before.loaders()
            + " of bundles, alive after a full collection; a leak would be one an update; "
            + after.copies());
  }

  private static String changes(Leftovers before, Leftovers after) {
    Set<String> names = new TreeSet<>(before.threads().keySet());
    names.addAll(after.threads().keySet());
    return names.stream()
        .filter(name -> !name.startsWith("selvedge-"))
        .map(
            name ->
                name
                    + " "
                    + (after.threads().getOrDefault(name, 0)
                        - before.threads().getOrDefault(name, 0)))
        .filter(text -> !text.endsWith(" 0"))
        .collect(Collectors.joining(", "));
  }

  private static double total(SwapGateway gateway, String channel) throws Exception {
    return gateway.probes(channel).stream().mapToDouble(Double::doubleValue).sum();
  }
}
