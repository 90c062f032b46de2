package io.selvedge.bench.kill;

import io.selvedge.bench.Bench;
import io.selvedge.bench.Figures;
import io.selvedge.bench.KillOptions;
import io.selvedge.bench.Limit;
import io.selvedge.bench.kill.Injection.Counters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Kills gateway, broker and hub, and asks an oracle outside of them what was lost. */
@Command(
    name = "outbox-kill",
    mixinStandardHelpOptions = true,
    description = {
      "Kill gateway, broker and hub with SIGKILL and cut the power of the outbox's disk, on links"
          + " that fail; then look in the hub's table for everything that was accepted. A control"
          + " without fsync must be found out. About 1.5 s a kill."
    })
public final class KillBench extends Bench {

  private static final double SHIPPED = 0.15;

  /** A busy hub may stand still for a while; nothing is called lost for that. */
  private static final Duration STILL = Duration.ofMinutes(1);

  /** It has lost some: that much is waited for at each run. */
  private static final Duration STILL_OF_CONTROL = Duration.ofSeconds(15);

  private static final int CONTROL_KILLS = 8;

  /** So many kills meet everything that can happen. */
  private static final int ENOUGH = 50;

  @Mixin private final KillOptions options = new KillOptions(100, 10);

  @Override
  protected void measure(Path work, Figures figures) throws Exception {
    int kills = options.kills();
    long chosen = options.seed(figures);
    Random random = new Random(chosen);
    int shippedKills = (int) Math.round(kills * SHIPPED);
    try (Chain chain = new Chain(source(), work);
        Subject lean = Subject.lean("lean", work, chain, true);
        Subject control = Subject.lean("control", work, chain, false);
        Subject shipped = Subject.shipped("shipped", work, chain, source())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(chain, lean, control, shipped)));
      if (lean.disk().isEmpty()) {
        figures.progress(
            "disks are not filled: this machine does not let [unshare -rm] mount a tmpfs");
      }
      KillRun leanRun =
          run(
              new KillRun.Plan(kills - shippedKills, 0.12, true, 600, 1500),
              chain,
              lean,
              random,
              figures);
      KillRun shippedRun =
          run(
              new KillRun.Plan(shippedKills, 0.2, true, 4000, 4000),
              chain,
              shipped,
              random,
              figures);
      Counters status = shipped.statusByRest();
      lean.program().stop();
      shipped.program().stop();
      chain.link().set(Link.Profile.OFFLINE);
      KillRun controlRun =
          run(new KillRun.Plan(CONTROL_KILLS, 0, false, 1, 1500), chain, control, random, figures);
      for (Subject one : new Subject[] {lean, shipped, control}) {
        chain.awaitStill(
            one.id(),
            one.oracle().acceptedCount() - one.oracle().damagedCount(),
            one == control ? STILL_OF_CONTROL : STILL);
      }
      HubTable table = chain.table();
      tell("lean", lean, leanRun, figures);
      tell("shipped", shipped, shippedRun, figures);
      figures.require(
          "lean: sectors that power cuts took back",
          (double) leanRun.sectorsTaken(),
          "",
          Limit.atLeast(kills >= ENOUGH ? 1 : 0),
          "0 would mean that no power was cut");
      judge("lean", lean, table, figures);
      judge("shipped", shipped, table, figures);
      figures.require(
          "shipped: counters in GET /api/status do not add up",
          status.addUp() ? 0 : 1,
          "",
          Limit.atMost(0),
          status.toString());
      figures.require("rows altered", table.altered(), "", Limit.atMost(0), "");
      int lost = control.oracle().judge(table.of(control.id())).lost().size();
      figures.require(
          "control without fsync: accepted and lost",
          lost,
          "",
          Limit.atLeast(1),
          "of "
              + control.oracle().acceptedCount()
              + ", "
              + controlRun.sectorsTaken()
              + " sectors taken; 0 would mean that this bench finds nothing");
    }
  }

  private static KillRun run(
      KillRun.Plan plan, Chain chain, Subject subject, Random random, Figures figures)
      throws Exception {
    long begun = System.nanoTime();
    KillRun run = new KillRun(plan, chain, subject, random, figures::progress);
    run.run();
    double seconds = (System.nanoTime() - begun) / 1e9;
    run.settle();
    figures.tell(
        subject.id() + ": seconds per kill",
        seconds / plan.kills(),
        "s",
        String.format(Locale.ROOT, "%d kills in %.0f s", plan.kills(), seconds));
    return run;
  }

  private static void tell(String name, Subject subject, KillRun run, Figures figures) {
    run.tally().forEach((what, count) -> figures.tell(name + ": " + what, count, "", ""));
    figures.tell(
        name + ": numbers accepted",
        subject.oracle().acceptedCount(),
        "",
        subject.oracle().refusedCount() + " refused");
  }

  private static void judge(String name, Subject subject, HubTable table, Figures figures) {
    Oracle oracle = subject.oracle();
    Oracle.Verdict verdict = oracle.judge(table.of(subject.id()));
    Counters counters = subject.injection().counters().orElseThrow();
    long reported = counters.reasons().getOrDefault("damaged", 0L);
    figures.require(
        name + ": accepted and lost",
        verdict.lost().size(),
        "",
        Limit.atMost(0),
        verdict.lost().stream().limit(20).toList() + " of " + oracle.acceptedCount());
    figures.require(name + ": stored twice", verdict.doubled(), "", Limit.atMost(0), "");
    figures.require(name + ": stored and never sent", verdict.unknown(), "", Limit.atMost(0), "");
    figures.tell(
        name + ": stored though nobody was told",
        verdict.unaccepted(),
        "",
        "allowed: killed between commit and answer");
    figures.require(
        name + ": lost to damaged bytes and not reported as damaged",
        Math.max(0, verdict.reportable() - (double) reported),
        "",
        Limit.atMost(0),
        oracle.damagedCount()
            + " accepted lay in them, "
            + verdict.lostToDamage()
            + " of them were not delivered yet; reported "
            + reported);
    figures.require(
        name + ": counted as accepted, too few or too many",
        (double) Math.max(0, oracle.leastCounted() - counters.accepted())
            + Math.max(0, counters.accepted() - oracle.sentCount()),
        "",
        Limit.atMost(0),
        "over all starts; counted "
            + counters.accepted()
            + ", heard of "
            + oracle.leastCounted()
            + ", sent "
            + oracle.sentCount());
    figures.require(
        name + ": other rules broken",
        oracle.violations().size(),
        "",
        Limit.atMost(0),
        String.join("; ", oracle.violations()));
  }

  /** For Ctrl-C. */
  private static void end(Chain chain, Subject... subjects) {
    try {
      for (Subject subject : subjects) {
        subject.close();
      }
      chain.close();
    } catch (java.io.IOException e) {
      System.err.println("selvedge bench: " + e.getMessage());
    }
  }
}
