package io.selvedge.bench.transfer;

import io.selvedge.api.uplink.Downloads;
import io.selvedge.bench.Bench;
import io.selvedge.bench.Figures;
import io.selvedge.bench.Limit;
import io.selvedge.bench.Mosquitto;
import io.selvedge.bench.Sample;
import io.selvedge.bench.UsageException;
import io.selvedge.bench.Waiting;
import io.selvedge.bench.kill.Link;
import io.selvedge.bench.kill.Program;
import io.selvedge.bench.transfer.HubChild.Registered;
import io.selvedge.deployment.PlainFetcher;
import io.selvedge.protocol.transfer.BlockList;
import io.selvedge.protocol.transfer.Chunker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./selvedge bench transfer}. */
@Command(
    name = "transfer",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "A large file from hub to gateway over mosquitto, each a process of its own: as fast as the"
          + " same connections publish raw, through cuts and kills of either side, beside telemetry;"
          + " and the next version of a model. 3 minutes."
    })
public final class TransferBench extends Bench {

  private static final int WARM_UP = 16;
  private static final int MIB = 1 << 20;
  private static final Path MEMORY = Path.of("/dev/shm"); // the disk shall not count
  private static final int DELTA_BYTES = 10_000_000;
  private static final double LEAST_BESIDE = 0.1;
  private static final int WINDOW_AFTER_CUT = 2 * MIB;

  @Option(
      names = "--megabytes",
      paramLabel = "N",
      defaultValue = "100",
      description = "Size of the file, in 1,000,000 bytes. Default: ${DEFAULT-VALUE}.")
  private int megabytes;

  @Option(
      names = "--cuts",
      paramLabel = "N",
      defaultValue = "10",
      description = "Times that the link is cut. Default: ${DEFAULT-VALUE}.")
  private int cuts;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "Rounds whose median counts. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "15",
      description = "Seconds of telemetry, idle and beside transfers. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Override
  protected void measure(Path work, Figures figures) throws Exception {
    if (megabytes < 4 || cuts < 1 || rounds < 1 || seconds < 1) {
      throw new UsageException(
          "megabytes ["
              + megabytes
              + "] must be 4 or more; cuts ["
              + cuts
              + "], rounds ["
              + rounds
              + "] and seconds ["
              + seconds
              + "] 1 or more");
    }
    byte[] content = new byte[megabytes * 1_000_000];
    new Random(1).nextBytes(content);
    Path file = Files.write(work.resolve("file"), content);
    BlockList list = Chunker.list(new ByteArrayInputStream(content));
    try (Mosquitto broker = Mosquitto.start(work);
        HubChild hub = new HubChild(source(), work, broker.port())) {
      figures.progress("hub and mosquitto are ready");
      try (Side side = new Side(work.resolve("gateway"), broker.port())) {
        Registered registered = HubChild.add(side.uplink(), file);
        speed(work, figures, side, registered);
        telemetry(work, figures, side, registered, broker.port());
        delta(work, figures, side);
      }
      cut(work, figures, broker, file);
      killed(work, figures, broker, hub, file, list);
    }
  }

  private void speed(Path work, Figures figures, Side side, Registered file) throws Exception {
    Path memory = Files.createTempDirectory(MEMORY, "bench-transfer");
    try {
      speed(figures, side, file, memory);
    } finally {
      delete(memory);
    }
    List<Double> synced = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      synced.add(fetch(side, file, work.resolve("round-" + i)));
    }
    figures.tell(
        "file, each block verified, on the disk",
        Sample.of(synced).median(),
        "MB/s",
        Sample.of(synced).spread() + "; with the disk's own time to take it");
  }

  private void speed(Figures figures, Side side, Registered file, Path memory) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      raw(side, file.file().size());
      fetch(side, file, memory.resolve("warm-up"));
    }
    List<Double> ratios = new ArrayList<>();
    List<Double> raws = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    List<Double> staging = new ArrayList<>();
    List<Double> connecting = new ArrayList<>();
    List<Double> connected = new ArrayList<>();
    double megabytes = file.file().size() / 1e6;
    for (int i = 0; i < rounds; i++) {
      Raw raw = raw(side, file.file().size());
      double own = fetch(side, file, memory.resolve("round-" + i), staging);
      raws.add(raw.rate());
      ours.add(own);
      ratios.add(own / raw.rate());
      connecting.add(raw.connecting() * 1000);
      connected.add(
          (megabytes / raw.rate() - raw.connecting()) / (megabytes / own - raw.connecting()));
    }
    figures.tell("raw publishing", Sample.of(raws).median(), "MB/s", Sample.of(raws).spread());
    figures.tell(
        "file, each block verified, in memory",
        Sample.of(ours).median(),
        "MB/s",
        Sample.of(ours).spread());
    figures.require(
        "file against raw publishing",
        Sample.of(ratios).median(),
        "",
        Limit.atLeast(0.8),
        Sample.of(ratios).spread()
            + "; same hub process, mosquitto and gateway process, connecting counted for both");
    figures.tell("connecting", Sample.of(connecting).median(), "ms", "in both; pauses of Paho's");
    figures.tell(
        "file against raw publishing, once connected",
        Sample.of(connected).median(),
        "",
        "bound by the processors, which compute SHA-256 besides");
    figures.tell(
        "whole file's SHA-256, read again before it is staged",
        Sample.of(staging).median(),
        "ms",
        "not part of the above; nothing is activated without it");
  }

  /**
   * What raw publishing brought.
   *
   * @param rate megabytes a second, with connecting
   * @param connecting seconds
   */
  private record Raw(double rate, double connecting) {}

  /** Megabytes a second from the hub's connection to the gateway's, looked at by nobody. */
  private static Raw raw(Side side, long bytes) throws Exception {
    AtomicLong left = new AtomicLong(bytes);
    CountDownLatch end = new CountDownLatch(1);
    long begun = System.nanoTime();
    try (Downloads.Session session =
        side.uplink()
            .downloads()
            .orElseThrow()
            .open(
                message -> {
                  if (left.addAndGet(-message.length) <= 0) {
                    end.countDown();
                  }
                })) {
      double connecting = (System.nanoTime() - begun) / 1e9;
      HubChild.raw(side.uplink(), session.name(), bytes);
      if (!end.await(2, TimeUnit.MINUTES)) {
        throw new IOException("raw: [" + left + "] bytes did not come");
      }
      return new Raw(bytes / 1e6 / ((System.nanoTime() - begun) / 1e9), connecting);
    }
  }

  /** Megabytes a second until the file is in the store, synced. */
  private static double fetch(Side side, Registered file, Path store) throws Exception {
    return fetch(side, file, store, new ArrayList<>());
  }

  private static double fetch(Side side, Registered file, Path store, List<Double> staging)
      throws Exception {
    PlainFetcher fetcher = side.fresh(store);
    long begun = System.nanoTime();
    fetcher.fetch(file.file(), file.source());
    long here = System.nanoTime();
    double rate = file.file().size() / 1e6 / ((here - begun) / 1e9);
    if (!fetcher.isWhole(file.file())) {
      throw new IOException("file is not what its SHA-256 says");
    }
    staging.add((System.nanoTime() - here) / 1e6);
    delete(store);
    return rate;
  }

  private void telemetry(Path work, Figures figures, Side side, Registered file, int port)
      throws Exception {
    try (Telemetry telemetry = new Telemetry(side.uplink(), port)) {
      telemetry.run(Duration.ofSeconds(3));
      figures.progress("telemetry, idle");
      Sample idle = telemetry.run(Duration.ofSeconds(seconds));
      figures.progress("telemetry beside transfers");
      Sample beside;
      double rate;
      try (Beside transfers = new Beside(side, file, work.resolve("beside"))) {
        transfers.start();
        long begun = System.nanoTime();
        beside = telemetry.run(Duration.ofSeconds(seconds));
        rate = transfers.bytes() / 1e6 / ((System.nanoTime() - begun) / 1e9);
      }
      figures.tell("telemetry p50, idle", idle.median(), "ms", "urgent, 200/s, to a subscriber");
      figures.tell("telemetry p99, idle", idle.percentile(0.99), "ms", "");
      figures.tell("telemetry p50, during transfers", beside.median(), "ms", "");
      figures.tell("telemetry p99, during transfers", beside.percentile(0.99), "ms", "");
      figures.require(
          "telemetry p99, during transfers against idle",
          beside.percentile(0.99) / idle.percentile(0.99),
          "",
          Limit.atMost(2),
          "one transfer after the other for " + seconds + " s");
      figures.require(
          "files beside telemetry",
          rate,
          "MB/s",
          Limit.atLeast(LEAST_BESIDE),
          "they yield, each begins at 4 MiB/s anew; but they do not stand still");
    }
  }

  private void delta(Path work, Figures figures, Side side) throws Exception {
    Models before = new Models(DELTA_BYTES, 3);
    byte[] old = before.file("one");
    delta(work, figures, side, old, before.withHead(0.05, 5).file("one"), "the head", true);
    delta(work, figures, side, old, before.withRuns(5, 0.05, 6).file("one"), "five layers", true);
    delta(
        work,
        figures,
        side,
        old,
        before.withHead(0.05, 7).file("another producer, a longer name"),
        "the head, and a longer header",
        true);
    delta(
        work,
        figures,
        side,
        old,
        before.withEach(20, 8).file("one"),
        "every 20th weight, all over",
        false);
  }

  private static void delta(
      Path work, Figures figures, Side side, byte[] old, byte[] next, String what, boolean limited)
      throws Exception {
    Registered first = HubChild.add(side.uplink(), Files.write(work.resolve("old"), old));
    Registered second = HubChild.add(side.uplink(), Files.write(work.resolve("next"), next));
    Path store = work.resolve("delta");
    PlainFetcher fetcher = side.fresh(store);
    fetcher.fetch(first.file(), first.source());
    long before = HubChild.sent(side.uplink());
    fetcher.fetch(second.file(), second.source());
    byte[] list = Chunker.list(new ByteArrayInputStream(next)).toBytes();
    double share = 100.0 * (HubChild.sent(side.uplink()) - before + list.length) / next.length;
    if (Files.mismatch(store.resolve(second.file().sha256()), work.resolve("next")) >= 0) {
      throw new IOException("file is not what was sent");
    }
    delete(store);
    String name = "next version, 5 % changed: " + what;
    if (limited) {
      figures.require(name, share, "%", Limit.atMost(15), "of a 10 MB model, with its list");
    } else {
      figures.tell(name, share, "%", "no block is as before: nothing can be reused");
    }
  }

  private void cut(Path work, Figures figures, Mosquitto broker, Path file) throws Exception {
    try (Link link = new Link(broker.port());
        Side side = new Side(work.resolve("cut"), link.port())) {
      Registered registered = HubChild.add(side.uplink(), file);
      long before = HubChild.sent(side.uplink());
      AtomicInteger met = new AtomicInteger();
      Thread cutter = new Thread(() -> cut(side, link, registered.file().size(), met), "bench-cut");
      cutter.start();
      long begun = System.nanoTime();
      side.fetcher().fetch(registered.file(), registered.source());
      double took = (System.nanoTime() - begun) / 1e9;
      cutter.join();
      side.awaitConnection();
      requireWhole(side, registered);
      long again = HubChild.sent(side.uplink()) - before - registered.file().size();
      figures.tell("file through " + cuts + " cuts", took, "s", megabytes + " MB");
      figures.require(
          "fetched again after " + cuts + " cuts",
          (double) side.fetcher().progress().refetched(),
          "bytes",
          Limit.atMost(cuts * (double) Chunker.MOST),
          "blocks that had come and came once more; limit: a block a cut");
      figures.require("cuts that met a transfer under way", met.get(), "", Limit.atLeast(cuts), "");
      figures.require(
          "sent again by the hub",
          again / 1e6,
          "MB",
          Limit.atMost((PlainFetcher.WINDOW + cuts * (double) WINDOW_AFTER_CUT) / 1e6),
          "its own count; on its way when the link was cut, and the heads of messages; limit: a"
              + " whole window at the first cut, 2 MiB at each");
    }
  }

  /**
   * Cuts the connection for files, which is there beside the one for messages while blocks come.
   */
  private void cut(Side side, Link link, long size, AtomicInteger met) {
    try {
      for (int i = 1; i <= cuts; i++) {
        long at = size * i / (cuts + 1);
        while (side.fetcher().progress().done() < at) {
          TimeUnit.MICROSECONDS.sleep(200);
        }
        while (link.connections() < 2 && side.fetcher().progress().done() < size) {
          TimeUnit.MICROSECONDS.sleep(200); // what was cut last comes back
        }
        boolean underWay = link.connections() >= 2 && side.fetcher().progress().done() < size;
        link.cut();
        met.addAndGet(underWay ? 1 : 0);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Not by the word of who fetched it. */
  private static void requireWhole(Side side, Registered file) throws IOException {
    if (!side.fetcher().isWhole(file.file())) {
      throw new IOException("file is not what its SHA-256 says");
    }
  }

  /** SIGKILL of the gateway's side half way, then of the hub. */
  private void killed(
      Path work, Figures figures, Mosquitto broker, HubChild hub, Path file, BlockList list)
      throws Exception {
    Path directory = work.resolve("killed");
    Registered registered;
    long here;
    try (Side asking = new Side(work.resolve("asking"), broker.port())) {
      registered = HubChild.add(asking.uplink(), file);
    }
    try (Link link = new Link(broker.port())) {
      link.set(Link.Profile.HUNDRED_MS); // else the other half may have come before anybody looks
      Program gateway =
          new Program(
              "gateway",
              List.of(
                  Program.java(),
                  "-Xmx64m",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  KilledSide.class.getName(),
                  directory.toString(),
                  Integer.toString(link.port()),
                  registered.file().sha256(),
                  Long.toString(registered.file().size()),
                  registered.source().blocks().orElseThrow().listSha256()),
              Map.of(),
              work.resolve("killed.out"));
      Path sparse = directory.resolve("blobs/" + registered.file().sha256() + ".sparse");
      gateway.start();
      Waiting.until(
          Duration.ofMinutes(2),
          "half of the file",
          () -> {
            gateway.mustLive();
            return Files.exists(sparse) && Files.size(sparse) > registered.file().size() / 2;
          });
      gateway.kill();
    }
    try (Side side = new Side(directory, broker.port())) {
      here = side.fetcher().intact(registered.file(), list);
      long before = HubChild.sent(side.uplink());
      side.fetcher().fetch(registered.file(), registered.source());
      requireWhole(side, registered);
      long came = HubChild.sent(side.uplink()) - before;
      long again = came - (registered.file().size() - here);
      figures.require(
          "fetched again after a kill of the gateway",
          (double) Math.max(0, again - heads(came)),
          "bytes",
          Limit.atMost(Chunker.MOST),
          "[" + here / MIB + "] MiB were on its disk; -Xmx64m");
    }
    delete(directory);
    hubKilled(work, figures, broker, hub, registered);
  }

  /** At most what messages carry beside blocks. */
  private static long heads(long bytes) {
    return bytes / 1000;
  }

  private void hubKilled(
      Path work, Figures figures, Mosquitto broker, HubChild hub, Registered file)
      throws Exception {
    try (Link link = new Link(broker.port());
        Side side = new Side(work.resolve("hub-killed"), link.port())) {
      AtomicReference<String> failure = new AtomicReference<>("");
      AtomicLong here = new AtomicLong();
      Thread killer =
          new Thread(
              () -> {
                try {
                  while (side.fetcher().progress().done() < file.file().size() / 2) {
                    TimeUnit.MILLISECONDS.sleep(1);
                  }
                  here.set(side.fetcher().progress().done());
                  hub.killAndStart();
                } catch (IOException | InterruptedException e) {
                  failure.set(e.toString());
                }
              },
              "bench-kill");
      killer.start();
      side.fetcher().fetch(file.file(), file.source());
      killer.join();
      requireWhole(side, file);
      if (!String.valueOf(failure.get()).isEmpty()) {
        throw new IOException("killing the hub met " + failure.get());
      }
      figures.require(
          "fetched again after a kill of the hub",
          (double) side.fetcher().progress().refetched(),
          "bytes",
          Limit.atMost(Chunker.MOST),
          "killed half way and started again");
      figures.require(
          "sent again after a kill of the hub",
          (HubChild.sent(side.uplink()) - (file.file().size() - here.get())) / 1e6,
          "MB",
          Limit.atMost(WINDOW_AFTER_CUT / 1e6),
          "by its own count since it was started again, beside what was not here yet");
    }
  }
}
