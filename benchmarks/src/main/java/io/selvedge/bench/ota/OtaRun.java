package io.selvedge.bench.ota;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.bench.ota.Oracle.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Deployment after deployment on one gateway, each cut short by a SIGKILL. */
final class OtaRun {

  private static final Optional<String> TRIAL =
      Optional.of("{\"shadow\":{\"rows\":5,\"seconds\":5},\"live\":{\"seconds\":1}}");

  /** More of them say no more, and each may cost a minute. */
  private static final int MOST_FINDINGS = 5;

  /** Within which another's deployment from the hub shows, if it ever does. */
  private static final long REFUSED_MILLIS = 2_000;

  /**
   * What is done.
   *
   * @param kills how many
   * @param steps whether it stands still before one change to the disk after the other
   * @param attacks disk or hub is tampered with before one of so many starts; 0: never
   * @param control whether it ends as soon as what it must find was found: neither old nor new
   *     where the commit is torn, else something unsigned
   * @param torn whether the file of the commit is found half written, as if it were not replaced
   * @param patience milliseconds until it must run one whole deployment
   * @param spread milliseconds within which a kill at random falls
   */
  record Plan(
      int kills,
      boolean steps,
      int attacks,
      boolean control,
      boolean torn,
      long patience,
      int spread) {}

  private final Plan plan;
  private final Hub hub;
  private final Gateway gateway;
  private final Oracle oracle;
  private final Path instance;
  private final Random random;
  private final Consumer<String> progress;
  private final Map<String, Integer> tally = new TreeMap<>();
  private final List<Long> back = new ArrayList<>();
  private final EnumMap<Artifact.Kind, Integer> numbers = new EnumMap<>(Artifact.Kind.class);
  private long revision;
  private final int[] steps = new int[Artifact.Kind.values().length + 1];
  private int which;
  private int reported;
  private boolean up;

  /** The last deployment went through. */
  private boolean done;

  /** What the hub has is another's: nothing new is to go through. */
  private boolean hubForged;

  /** A live file was altered, and it has not been seen whole since. */
  private boolean damaged;

  OtaRun(
      Plan plan,
      Hub hub,
      Gateway gateway,
      Oracle oracle,
      Path instance,
      Random random,
      Consumer<String> progress) {
    this.plan = plan;
    this.hub = hub;
    this.gateway = gateway;
    this.oracle = oracle;
    this.instance = instance;
    this.random = random;
    this.progress = progress;
  }

  /** What was done how often. */
  Map<String, Integer> tally() {
    return tally;
  }

  /** Whether it ran one whole deployment after the last kill, and took the next. */
  boolean isUp() {
    return up;
  }

  /** Milliseconds from each start to the first whole deployment, sorted. */
  List<Long> back() {
    return back.stream().sorted().toList();
  }

  void run() throws IOException, InterruptedException {
    for (Artifact.Kind kind : Artifact.Kind.values()) {
      numbers.put(kind, 1);
    }
    for (int kill = 1; kill <= plan.kills(); kill++) {
      round();
      if (plan.control() && !(plan.torn() ? oracle.neither() : oracle.unsigned()).isEmpty()) {
        return;
      }
      List<String> found = oracle.found();
      found.subList(reported, found.size()).forEach(one -> progress.accept("FOUND " + one));
      reported = found.size();
      if (reported >= MOST_FINDINGS) {
        progress.accept("given up after " + kill + " kills and [" + reported + "] findings");
        return;
      }
      if (kill % 20 == 0) {
        progress.accept(
            kill
                + " kills, neither old nor new "
                + oracle.neither().size()
                + ", unsigned "
                + oracle.unsigned().size());
      }
    }
    String unused = next();
    Files.writeString(go(), "");
    gateway.start(0);
    Optional<Runs> end = awaitWhole();
    if (end.isPresent()) {
      boolean halted = awaitEnd(end.get());
      up = !halted && done;
    }
    gateway.kill();
  }

  private void round() throws IOException, InterruptedException {
    boolean random = !plan.torn() && (!plan.steps() || this.random.nextInt(3) == 0);
    String kind = next();
    boolean attacked = plan.attacks() > 0 && this.random.nextInt(plan.attacks()) == 0 && attack();
    Files.deleteIfExists(go());
    if (attacked || damaged) {
      Files.writeString(go(), ""); // what the disk has lost comes from the hub
    }
    int halt = random || attacked || damaged || plan.torn() ? 0 : ++steps[which];
    gateway.start(halt);
    Optional<Runs> whole = awaitWhole();
    if (whole.isPresent()) {
      damaged = false;
      oracle.seen(whole.get());
      oracle.desired(revision);
      Files.writeString(go(), "");
      boolean halted = random ? sleep() : awaitEnd(whole.get());
      if (!random && !halted && done && halt > 0) {
        steps[which] = 0; // every step of this kind was cut at
        count("every change to the disk was stood still before: " + kind);
      }
    }
    gateway.kill();
    count("SIGKILL amid " + kind);
    count(random ? "SIGKILL at random" : "SIGKILL before a change to the disk");
    if (plan.torn()) {
      tear();
    } else {
      oracle.inspect();
    }
  }

  /** The next deployment is desired; what changes in it. */
  private String next() throws IOException {
    List<Artifact.Kind> kinds = List.of(Artifact.Kind.values());
    which = (int) (revision % steps.length);
    List<Artifact.Kind> changing = which == kinds.size() ? kinds : List.of(kinds.get(which));
    revision++;
    hubForged = false;
    for (Artifact.Kind kind : changing) {
      numbers.remove(kind);
      if (revision % 7 != 0) { // else it is left out
        numbers.put(kind, 1 + (int) (revision % 600));
      }
    }
    String name = changing.size() > 1 ? "all kinds at once" : changing.get(0).name();
    hub.desire(revision, numbers, revision % 3 == 0 ? TRIAL : Optional.empty());
    oracle.desired(revision);
    return name;
  }

  /** Tampers with what is there; true where it did. */
  private boolean attack() throws IOException {
    Path pending = instance.resolve("data/deployment/pending.json");
    if (Files.notExists(pending.getParent())) {
      return false;
    }
    switch (random.nextInt(4)) {
      case 0 -> {
        Files.write(pending, hub.forged(revision + 1000, Oracle.FORGED));
        count("attack: another's deployment on the disk");
      }
      case 1 -> {
        byte[] forged = hub.forged(revision + 1000, Oracle.FORGED);
        Files.write(hub.directory().resolve("desired"), forged);
        hubForged = true;
        count("attack: another's deployment from the hub");
      }
      case 2 -> {
        byte[] envelope = Files.readAllBytes(hub.directory().resolve("desired"));
        envelope[envelope.length / 2] ^= 1;
        Files.write(pending, envelope);
        count("attack: an altered deployment on the disk");
      }
      default -> {
        return damage();
      }
    }
    return true;
  }

  /** One byte of a file that is live, and of all that are linked with it. */
  private boolean damage() throws IOException {
    List<Path> files = new ArrayList<>(Oracle.find(instance.resolve("data/artifacts"), ""));
    files.removeIf(path -> String.valueOf(path.getFileName()).matches("[0-9a-f]{64}.*"));
    if (files.isEmpty()) {
      return false;
    }
    Path file = files.get(random.nextInt(files.size()));
    byte[] bytes = Files.readAllBytes(file);
    oracle.altered(Hub.sha256(bytes));
    bytes[random.nextInt(bytes.length)] ^= 1;
    Files.write(file, bytes); // in place: the store's own name for it changes, too
    count("attack: a byte of a file altered");
    damaged = true;
    return true;
  }

  private void tear() throws IOException {
    for (String name : List.of("current.json", "current.copy.json")) {
      Path current = instance.resolve("data/deployment").resolve(name);
      if (Files.exists(current)) {
        byte[] bytes = Files.readAllBytes(current);
        Files.write(current, Arrays.copyOf(bytes, bytes.length / 2));
      }
    }
  }

  /** Until it runs one whole deployment; empty where it stands still before that, or never does. */
  private Optional<Runs> awaitWhole() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    String last = "nothing";
    while (millis(begin) < plan.patience()) {
      Optional<String> said = gateway.next(20);
      if (said.isPresent() && said.get().startsWith("HALT")) {
        count("stood still during recovery");
        return Optional.empty();
      }
      last = said.orElse(last);
      if (last.startsWith("RUNS") && oracle.isWhole(Runs.parse(last))) {
        back.add(millis(begin));
        return Optional.of(Runs.parse(last));
      }
      if (said.isEmpty() && !gateway.alive()) {
        break;
      }
    }
    oracle.neither(last + describe());
    return Optional.empty();
  }

  private String describe() throws IOException {
    return " where revision "
        + revision
        + " is desired, configuration ["
        + oracle.configuration().strip()
        + "]"
        + (gateway.alive() ? "" : ", it ended by itself")
        + "\n    "
        + gateway.tail();
  }

  /** Until it stands still or has done with the deployment; true where it stands still. */
  private boolean awaitEnd(Runs before) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Runs last = before;
    done = false;
    while (millis(begin) < plan.patience()) {
      Optional<String> said = gateway.next(20);
      if (said.isPresent() && said.get().startsWith("HALT")) {
        count("stood still " + said.get().replaceFirst("HALT [0-9]+ ", "").replaceAll(" /.*", ""));
        return true;
      }
      if (said.isPresent()) {
        last = Runs.parse(said.get());
      }
      boolean whole = oracle.isWhole(last);
      if (whole && last.number() == revision && last.isFinal()) {
        oracle.seen(last);
        done = true;
        return false;
      }
      if (hubForged && millis(begin) > REFUSED_MILLIS && whole && last.isFinal()) {
        return false;
      }
    }
    oracle.stuck(last + describe());
    return false;
  }

  private boolean sleep() throws IOException, InterruptedException {
    long end = random.nextInt(plan.spread());
    long begin = System.nanoTime();
    while (millis(begin) < end) {
      Optional<String> said = gateway.next(Math.max(1, end - millis(begin)));
      if (said.isPresent() && said.get().startsWith("RUNS")) {
        boolean unused =
            oracle.isWhole(Runs.parse(said.get())); // never unsigned, in between either
      }
    }
    return false;
  }

  private static long millis(long begin) {
    return (System.nanoTime() - begin) / 1_000_000;
  }

  private Path go() {
    return hub.directory().resolve("go");
  }

  private void count(String what) {
    tally.merge(what, 1, Integer::sum);
  }
}
