package io.selvedge.bench.kill;

import io.selvedge.bench.Waiting;
import io.selvedge.outbox.SegmentDamage;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Kills one after the other, with faults in between, drawn from one seed. */
final class KillRun {

  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration DRAIN = Duration.ofMinutes(4);
  private static final int TELL_EVERY = 50;
  private static final int MOST_PENDING = 10_000;
  private static final int LONGEST_FULL_MILLIS = 2500;
  private static final int MOST_NUMBERS = 300; // that one life waits for
  private static final int PROVE_EVERY = 10;
  private static final int BREAK_EVERY = 20; // lives, at least, where it is not offline
  private static final Duration LINK = Duration.ofSeconds(2);
  private static final int HIT_EVERY = 5;
  private static final int BROKER_EVERY = 25; // at least, and the hub between

  /**
   * What is done how often.
   *
   * @param kills of whatever process, in all
   * @param others share of kills that hit the broker or the hub
   * @param faults whether links and disks fail, and bytes are altered
   * @param longestStart milliseconds in which a start is killed at random
   * @param longestLife milliseconds that a process lives at most once it works
   */
  record Plan(int kills, double others, boolean faults, int longestStart, int longestLife) {}

  private final Plan plan;
  private final Chain chain;
  private final Subject subject;
  private final Random random;
  private final Consumer<String> progress;
  private final Map<String, Integer> tally = new TreeMap<>();
  private long sectorsTaken;
  private int sinceHit;
  private int sinceBreak;
  private boolean startedOnFullDisk;

  KillRun(Plan plan, Chain chain, Subject subject, Random random, Consumer<String> progress) {
    this.plan = plan;
    this.chain = chain;
    this.subject = subject;
    this.random = random;
    this.progress = progress;
  }

  /** How often each thing was done. */
  Map<String, Integer> tally() {
    return Map.copyOf(tally);
  }

  /** Sectors that power cuts took back. */
  long sectorsTaken() {
    return sectorsTaken;
  }

  /** Ends with the gateway running. */
  void run() throws IOException, InterruptedException {
    subject.start();
    for (int kill = 1; kill <= plan.kills(); kill++) {
      if (plan.faults()) {
        fault();
      }
      live();
      kill(kill);
      if (plan.faults() && kill % PROVE_EVERY == 0) {
        prove();
      }
      if (kill % TELL_EVERY == 0) {
        tell(kill);
      }
    }
  }

  private void tell(int kill) {
    progress.accept(
        subject.id()
            + ": "
            + kill
            + " kills, "
            + subject.oracle().acceptedCount()
            + " accepted, "
            + subject.oracle().refusedCount()
            + " refused, link "
            + chain.link().profile());
  }

  /** Until it is time to kill: in the middle of a start, or after some numbers were accepted. */
  private void live() throws IOException, InterruptedException {
    if (plan.faults() && random.nextInt(5) == 0) {
      count("killed during the start");
      Thread.sleep(random.nextInt(plan.longestStart()));
      return;
    }
    Waiting.until(
        START,
        "connection of the injector in " + subject.id(),
        () -> {
          mustLive();
          return subject.injection().connected();
        });
    int wanted = 1 + random.nextInt(MOST_NUMBERS);
    Waiting.patiently(
        Duration.ofMillis(1 + random.nextInt(plan.longestLife())),
        () -> subject.injection().acceptedByThisProcess() >= wanted);
    if (plan.faults()) {
      breakLink();
    }
  }

  /** On a full disk it may end by itself; then it is started again, as a service manager would. */
  private void mustLive() throws IOException {
    if (startedOnFullDisk && !subject.program().alive()) {
      startedOnFullDisk = false;
      count("gateway ended by itself on a full disk");
      subject.start();
    }
    subject.program().mustLive();
  }

  /**
   * That it still takes and delivers, whatever it went through: were it to refuse or to keep all
   * from here on, the kills that follow would find nothing.
   */
  private void prove() throws IOException, InterruptedException {
    Link.Profile profile = chain.link().profile();
    chain.link().set(Link.Profile.CLEAR);
    chain.link().cut(); // what is half open would be waited for
    Injection injection = subject.injection();
    injection.mostPending(MOST_PENDING);
    Waiting.until(START, "counters of " + subject.id(), () -> told().isPresent());
    int accepted = injection.acceptedByThisProcess();
    long delivered = told().orElseThrow().delivered();
    Waiting.until(
        DRAIN,
        subject.id() + " accepting and delivering still",
        () ->
            told().filter(now -> now.delivered() > delivered).isPresent()
                && injection.acceptedByThisProcess() > accepted);
    count("seen accepting and delivering");
    chain.link().set(profile);
  }

  private Optional<Injection.Counters> told() throws IOException {
    mustLive();
    chain.revive();
    return subject.injection().counters();
  }

  private boolean answered() throws IOException {
    mustLive();
    return subject.injection().connected() && subject.injection().answered();
  }

  private void kill(int number) throws IOException, InterruptedException {
    chain.revive();
    double drawn = random.nextDouble();
    if (plan.others() > 0 && number % BROKER_EVERY == 5) {
      drawn = 0; // however the dice fall
    } else if (plan.others() > 0 && number % BROKER_EVERY == 10) {
      drawn = plan.others() / 2;
    }
    if (drawn < plan.others() / 2) {
      count("SIGKILL of the broker");
      chain.broker().kill();
      chain.broker().start();
    } else if (drawn < plan.others()) {
      count("SIGKILL of the hub");
      chain.hub().kill();
      chain.hub().start();
    } else {
      count("SIGKILL of the gateway");
      sectorsTaken += subject.kill(random);
      if (plan.faults() && (random.nextInt(HIT_EVERY) == 0 || ++sinceHit > 2 * HIT_EVERY)) {
        Optional<SegmentDamage.Hit> hit = subject.damage(random);
        hit.ifPresent(
            its -> {
              count(its.kind());
              sinceHit = 0;
            });
      }
      startedOnFullDisk = false;
      subject.start();
    }
  }

  private void fault() throws IOException, InterruptedException {
    Link link = chain.link();
    subject.injection().mostPending(1 + random.nextInt(MOST_PENDING));
    if (random.nextInt(5) == 0) {
      Link.Profile[] all = Link.Profile.values();
      Link.Profile next =
          link.profile() == Link.Profile.CLEAR
              ? all[1 + random.nextInt(all.length - 1)]
              : Link.Profile.CLEAR;
      link.set(next);
      count("link " + next);
    }
    if (random.nextInt(20) == 0) {
      fillDisk();
    }
  }

  /** Amid a life, while messages are under way: a gateway that has just begun has no connection. */
  private void breakLink() throws IOException, InterruptedException {
    Link link = chain.link();
    sinceBreak++;
    boolean due = sinceBreak > BREAK_EVERY;
    if (due) {
      Waiting.patiently(LINK, link::isUsed);
    }
    int drawn = random.nextInt(due ? 2 : 8);
    if (drawn > 1 || !link.isUsed()) {
      return;
    }
    sinceBreak = 0;
    if (drawn == 0) {
      link.cut();
      count("link reset");
    } else {
      link.swallow();
      count("link half open");
    }
    int before = subject.injection().acceptedByThisProcess();
    Waiting.patiently(
        Duration.ofMillis(plan.longestLife()),
        () -> subject.injection().acceptedByThisProcess() > before + MOST_NUMBERS / 4);
  }

  /** For a moment; what the gateway refuses meanwhile was never accepted. */
  private void fillDisk() throws IOException, InterruptedException {
    if (subject.disk().isPresent()) {
      if (random.nextInt(3) > 0) {
        chain.link().set(Link.Profile.OFFLINE); // so that it needs room
        subject.injection().mostPending(MOST_PENDING);
      }
      subject.disk().get().fill();
      count("disk filled");
      Thread.sleep(200 + random.nextInt(LONGEST_FULL_MILLIS));
      if (random.nextBoolean()) {
        sectorsTaken += subject.kill(random);
        count("SIGKILL of the gateway on a full disk");
        startedOnFullDisk = true;
        subject.start();
        Thread.sleep(random.nextInt(1000));
      }
      subject.disk().get().free();
    }
  }

  private void count(String what) {
    tally.merge(what, 1, Integer::sum);
  }

  /** Sends no more, clears the link and waits until the outbox is empty. */
  void settle() throws IOException, InterruptedException {
    subject.injection().pause();
    chain.link().set(Link.Profile.CLEAR);
    chain.link().cut();
    Waiting.until(START, "answers of " + subject.id(), () -> answered());
    subject.injection().forgetCounters(); // they may be older
    Waiting.until(
        DRAIN,
        "empty outbox of " + subject.id(),
        () -> {
          mustLive();
          chain.revive();
          return subject.injection().counters().map(its -> its.pending() == 0).orElse(false);
        });
  }
}
