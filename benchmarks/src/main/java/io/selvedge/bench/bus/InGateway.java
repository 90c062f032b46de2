package io.selvedge.bench.bus;

import io.selvedge.bench.Figures;
import io.selvedge.bench.Jars;
import io.selvedge.bench.Limit;
import io.selvedge.bench.inside.EdgeActivator;
import io.selvedge.bench.inside.ManyActivator;
import io.selvedge.hardware.gateway.GatewayInVm;
import io.selvedge.hardware.vm.Agent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the buses bring through the shipped gateway in the virtual machine: edges to a measurement
 * as a flow hears it, beside a poll loop in C in turns, and a hundred devices.
 */
final class InGateway {

  private static final String DATA = "/home/gateway/instance/data/";
  private static final String ASK = "/run/bench/ask";
  private static final int LINE = 5;
  private static final int LINE_OF_C = 4;
  private static final int EDGES = 30;
  private static final int WARM_UP = 40; // 1200 edges: until the compiler has seen them
  private static final long LOOK_MILLIS = 100;
  private static final long PATIENCE_SECONDS = 120;

  private final Agent agent;
  private final GatewayInVm gateway;
  private final Figures figures;

  InGateway(Agent agent, GatewayInVm gateway, Figures figures) {
    this.agent = agent;
    this.gateway = gateway;
    this.figures = figures;
  }

  /** The bundles that are dropped into its {@code deploy/}. */
  static void bundles(Path folder) throws IOException {
    bundle(folder, "edge", List.of(EdgeActivator.class));
    List<Class<?>> many = new ArrayList<>(List.of(ManyActivator.class));
    for (String name : List.of("RegisterDriver", "Gaps")) {
      try {
        many.add(Class.forName(ManyActivator.class.getPackageName() + "." + name));
      } catch (ClassNotFoundException e) {
        throw new IOException(e);
      }
    }
    bundle(folder, "many", many);
  }

  private static void bundle(Path folder, String name, List<Class<?>> classes) throws IOException {
    Map<String, String> headers =
        Map.of(
            "Bundle-SymbolicName",
            "io.selvedge.bench." + name,
            "Bundle-Version",
            "1.0.0",
            "Bundle-Activator",
            classes.get(0).getName(),
            "Import-Package",
            "io.selvedge.api.device,io.selvedge.api.bus,org.osgi.framework");
    Files.write(folder.resolve(name + ".jar"), Jars.bundle(headers, classes));
  }

  /** Starts the gateway, as it is shipped, with a device of one input, whose edges a flow sends. */
  void start(int broker) throws IOException, InterruptedException {
    gateway.configure(
        broker,
        Map.of(
            "io.selvedge.driver.gpio-bench.cfg",
            "device.id = bench\nbus = pinctrl-sim\nlines = edge "
                + LINE
                + " input\ninterval.ms = 60000\n",
            "flows/bench.flow.yaml",
            """
            flow: bench
            version: "1"
            inputs:
              edge: bench/edge
            upload:
              measurements: {policy: all, priority: 0}
            """));
    gateway.start(figures::progress);
    gateway.deploy("/product/extra/edge.jar", "edge.jar");
    await("test -f " + DATA + "bench.edges");
  }

  /** Edges to the gateway and to the loop in C in turns. */
  void edges(String chip, int rounds) throws IOException, InterruptedException {
    List<Double> yards = new ArrayList<>();
    List<Double> mine = new ArrayList<>();
    List<Double> arrived = new ArrayList<>();

    for (int round = -WARM_UP; round < rounds; round++) {
      double yard = edgesOfC(chip);
      List<List<Double>> both = edgesOfGateway();
      double ours = median(both.get(0));
      if (round >= 0) {
        yards.add(yard);
        mine.add(ours);
        arrived.add(median(both.get(1)));
      }
    }

    String note = "from the kernel's time of the edge; median";
    figures.tell("edge to poll loop in C, same time", median(yards) / 1000, "us", note);
    figures.tell("edge to reading", median(arrived) / 1000, "us", "in hand of the device loop");
    figures.tell("edge to measurement", median(mine) / 1000, "us", "as a flow hears it");
    figures.require(
        "edge to measurement / C",
        median(mine) / median(yards),
        "",
        Limit.atMost(2),
        "medians of " + rounds + " slices, in turns");
  }

  private double edgesOfC(String chip) throws IOException {
    String answer =
        agent.run(
            String.format(
                Locale.ROOT,
                ": >/run/bench/c; su -s /bin/sh gateway -c \"/product/extra/bus edges %s %d %d\""
                    + " >/run/bench/c & i=$!; until grep -qs ready /run/bench/c; do usleep 2000; done;"
                    + " echo %d %d >%s; wait $i; tail -n 1 /run/bench/c",
                chip,
                LINE_OF_C,
                EDGES,
                LINE_OF_C,
                EDGES,
                ASK));
    if (!answer.matches("\\d+")) {
      throw new IOException("the program in C said [" + answer + "]");
    }
    return Double.parseDouble(answer);
  }

  /** Nanoseconds to the measurement, and of them those until the reading was there. */
  private List<List<Double>> edgesOfGateway() throws IOException, InterruptedException {
    String count = "$(wc -l <" + DATA + "bench.edges)";
    int before = Integer.parseInt(agent.run("echo " + count));
    agent.run("echo " + LINE + " " + EDGES + " >" + ASK);
    int wanted = EDGES / 2; // the simulator may merge two where the machine is busy
    await(
        "test "
            + count
            + " -ge "
            + (before + EDGES)
            + " || { sleep 1; test "
            + count
            + " -ge "
            + (before + wanted)
            + "; }");
    List<Double> late = new ArrayList<>();
    List<Double> readings = new ArrayList<>();
    String told = agent.run("tail -n +" + (before + 1) + " " + DATA + "bench.edges");
    for (String line : told.split("\n", -1)) {
      String[] words = line.split(" ", -1);
      late.add(Double.parseDouble(words[0]));
      readings.add(Double.parseDouble(words[1]));
    }
    return List.of(late, readings);
  }

  /** A hundred devices: processor time and jitter. */
  void many() throws IOException, InterruptedException {
    gateway.deploy("/product/extra/many.jar", "many.jar");
    await("test -f " + DATA + "bench.many");
    String[] told = agent.run("cat " + DATA + "bench.many").split(" ", -1);
    String of = "100 devices at 10 Hz, the gateway: ";
    figures.tell(of + "reads", Double.parseDouble(told[0]), "/s", "1000 are due");
    figures.tell(of + "processor", Double.parseDouble(told[1]), "% of one", "emulated");
    figures.tell(
        of + "jitter p99",
        Double.parseDouble(told[2]),
        "ms",
        "time between two reads of a device, less its interval");
  }

  private void await(String condition) throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (agent.attempt(condition).code() != 0) {
      if (System.nanoTime() > until) {
        throw new IOException("waited in vain for [" + condition + "]: " + gateway.log(20));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
