package io.selvedge.bench.ota;

import io.selvedge.bench.Bench;
import io.selvedge.bench.Figures;
import io.selvedge.bench.Jars;
import io.selvedge.bench.KillOptions;
import io.selvedge.bench.Limit;
import io.selvedge.bench.UsageException;
import io.selvedge.bench.ota.probe.DirectoryUplink;
import io.selvedge.bench.ota.probe.ProbeActivator;
import io.selvedge.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Kills gateways amid deployments of models, flows, bundles and configurations. */
@Command(
    name = "ota-kill",
    mixinStandardHelpOptions = true,
    description = {
      "Kill gateways with SIGKILL amid deployments of all four kinds: before each change to the disk"
          + " in turn, and at random; tamper with disk and hub in between. An oracle outside of them"
          + " asks after each start whether the whole old or the whole new deployment runs,"
          + " nothing that was not signed, and whether the hub's next one goes through. Two"
          + " controls must be found out. About 1 s a kill."
    })
public final class OtaKillBench extends Bench {

  private static final double SHIPPED = 0.02;
  private static final int CONTROL_KILLS = 6;

  /** Milliseconds; a machine may be busy with other things. */
  private static final long PATIENCE = 60_000;

  @Mixin private final KillOptions options = new KillOptions(1000, 50);

  @Override
  protected void measure(Path work, Figures figures) throws Exception {
    int kills = options.kills();
    Path home = source().resolve("distribution/gateway/target/selvedge-gateway");
    if (!Files.isDirectory(home)) {
      throw new UsageException("gateway [" + home + "] is not built; run ./selvedge build");
    }
    long chosen = options.seed(figures);
    Random random = new Random(chosen);
    Path probe = work.resolve("probe.jar");
    Files.write(probe, probe());
    int ofShipped = Math.max(2, (int) Math.round(kills * SHIPPED));
    One torn = lean("torn", work, home, probe);
    control(torn, new OtaRun.Plan(CONTROL_KILLS, false, 0, true, true, PATIENCE / 3, 600), random);
    figures.require(
        "control, commit not by rename: neither",
        torn.oracle().neither().size(),
        "",
        Limit.atLeast(1),
        "0 would mean that this bench finds nothing");
    One gullible = lean("gullible", work, home, probe);
    Files.writeString(gullible.instance().resolve("conf/trust/evil.pub"), gullible.hub().evilKey());
    control(
        gullible,
        new OtaRun.Plan(4 * CONTROL_KILLS, false, 1, true, false, PATIENCE / 3, 2_000),
        random);
    figures.require(
        "control that trusts every key: unsigned",
        gullible.oracle().unsigned().size(),
        "",
        Limit.atLeast(1),
        "0 would mean that this bench finds nothing");
    One shipped = shipped(work, home, probe);
    run(
        shipped,
        new OtaRun.Plan(ofShipped, false, 8, false, false, 2 * PATIENCE, 2_000),
        random,
        figures);
    int each = (kills - ofShipped + 1) / 2;
    List<One> leans = List.of(lean("lean-1", work, home, probe), lean("lean-2", work, home, probe));
    OtaRun.Plan plan = new OtaRun.Plan(each, true, 8, false, false, PATIENCE, 700);
    beside(leans, one -> run(one, plan, new Random(chosen + leans.indexOf(one)), figures));
  }

  /** A gateway with its hub and its oracle. */
  private record One(String name, Path instance, Hub hub, Oracle oracle, Gateway gateway) {}

  private static One lean(String name, Path work, Path home, Path probe) throws IOException {
    Path instance = Files.createDirectories(work.resolve(name));
    Hub hub = new Hub(Files.createDirectories(work.resolve(name + "-hub")));
    Gateway.prepare(instance, hub.publicKey());
    return new One(
        name,
        instance,
        hub,
        new Oracle(hub, instance),
        Gateway.lean(home, instance, hub.directory(), probe));
  }

  private static One shipped(Path work, Path home, Path probe) throws IOException {
    Path instance = Files.createDirectories(work.resolve("shipped"));
    Hub hub = new Hub(Files.createDirectories(work.resolve("shipped-hub")));
    Gateway.prepare(instance, hub.publicKey());
    Files.copy(probe, instance.resolve("deploy/probe.jar"));
    return new One(
        "shipped",
        instance,
        hub,
        new Oracle(hub, instance),
        Gateway.shipped(home, instance, hub.directory(), Ports.free()));
  }

  private interface Work {
    void on(One one) throws IOException, InterruptedException;
  }

  /** Most of a start is one thread's work, so two gateways go side by side. */
  private static void beside(List<One> all, Work work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(all.size());
    try {
      List<Future<?>> running = new ArrayList<>();
      for (One one : all) {
        running.add(
            threads.submit(
                () -> {
                  work.on(one);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        Object unused = one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void run(One one, OtaRun.Plan plan, Random random, Figures figures)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    OtaRun run = start(one, plan, random, what -> figures.progress(one.name() + ": " + what));
    double seconds = (System.nanoTime() - begun) / 1e9;
    synchronized (figures) {
      report(one, plan, run, seconds, figures);
    }
  }

  private static void report(
      One one, OtaRun.Plan plan, OtaRun run, double seconds, Figures figures) {
    run.tally().forEach((what, count) -> figures.tell(one.name() + ": " + what, count, "", ""));
    figures.tell(one.name() + ": seconds per kill", seconds / plan.kills(), "s", "");
    List<Long> back = run.back();
    if (!back.isEmpty()) {
      figures.tell(
          one.name() + ": start to a whole deployment, p99",
          back.get((back.size() - 1) * 99 / 100),
          "ms",
          back.size() + " starts");
    }
    Oracle oracle = one.oracle();
    require(figures, one.name() + ": neither old nor new", oracle.neither());
    require(figures, one.name() + ": unsigned", oracle.unsigned());
    require(figures, one.name() + ": other rules broken", oracle.other());
    require(figures, one.name() + ": deployments that did not go through", oracle.stuck());
    figures.require(
        one.name() + ": takes a deployment after the last kill",
        run.isUp() ? 1 : 0,
        "",
        Limit.atLeast(1),
        "");
  }

  private static void control(One one, OtaRun.Plan plan, Random random)
      throws IOException, InterruptedException {
    OtaRun unused = start(one, plan, random, what -> {});
  }

  private static OtaRun start(
      One one, OtaRun.Plan plan, Random random, java.util.function.Consumer<String> progress)
      throws IOException, InterruptedException {
    OtaRun run =
        new OtaRun(plan, one.hub(), one.gateway(), one.oracle(), one.instance(), random, progress);
    try {
      run.run();
    } finally {
      one.gateway().kill();
    }
    return run;
  }

  private static void require(Figures figures, String name, List<String> found) {
    figures.require(
        name,
        found.size(),
        "",
        Limit.atMost(0),
        found.isEmpty() ? "" : found.get(0).lines().limit(30).toList().toString());
  }

  private static byte[] probe() throws IOException {
    return Jars.bundle(
        Map.of(
            "Bundle-SymbolicName",
            "io.selvedge.bench.ota.probe",
            "Bundle-Version",
            "1.0.0",
            "Bundle-Activator",
            ProbeActivator.class.getName(),
            "Import-Package",
            "org.osgi.framework,io.selvedge.api.deployment,io.selvedge.api.device,"
                + "io.selvedge.api.flow,io.selvedge.api.model,io.selvedge.api.uplink"),
        List.of(ProbeActivator.class, DirectoryUplink.class));
  }
}
