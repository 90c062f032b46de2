package io.selvedge.bench.week;

import io.selvedge.bench.Bench;
import io.selvedge.bench.Children;
import io.selvedge.bench.Figures;
import io.selvedge.bench.Limit;
import io.selvedge.bench.Mosquitto;
import io.selvedge.bench.UsageException;
import io.selvedge.testkit.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A week offline at 100 readings a second, and the return of the link. */
@Command(
    name = "offline-week",
    mixinStandardHelpOptions = true,
    description = {
      "A simulated week without a link at 100 readings a second into the outbox's budget, then the"
          + " return: does the policy hold, is the heap flat, how fast does it catch up, and do"
          + " urgent messages wait? With a real mosquitto. 10 minutes."
    })
public final class WeekBench extends Bench {

  private static final long WEEK = 7L * 24 * 3600 * 100;
  private static final String DROP_OLDEST = "drop-oldest";
  private static final Duration STOP = Duration.ofSeconds(5);
  private static final double MOST_HEAP_GROWTH_MIB = 4;
  private static final int LEAST_BYTES = 115; // of a reading on disk
  private static final int LEAST_MIB = 16;
  private static final double MIB_NOT_KEPT = 12; // segments: written, kept free, just dropped
  private static final double LEAST_KEPT = 0.8; // a whole week kept 3.96 million, which is 0.87

  @Option(
      names = "--readings",
      paramLabel = "N",
      description = "How many, 100 a second. Default: 60480000, a week.")
  private long readings = WEEK;

  @Option(names = "--outbox-mib", paramLabel = "N", description = "The budget. Default: 512.")
  private int mebibytes = 512;

  @Option(
      names = "--when-full",
      paramLabel = "POLICY",
      description =
          "As outbox.when.full of the gateway: drop-oldest or thin-out. Default: drop-oldest.")
  private String whenFull = DROP_OLDEST;

  @Override
  protected void measure(Path work, Figures figures) throws Exception {
    if (readings < 2_000_000 || readings > 100_000_000) {
      throw new UsageException("readings [" + readings + "] must be 2000000 to 100000000");
    }
    if (mebibytes < LEAST_MIB) {
      throw new UsageException("budget [" + mebibytes + "] must be at least " + LEAST_MIB + " MiB");
    }
    if (!whenFull.equals(DROP_OLDEST) && !whenFull.equals(WeekGateway.THIN_OUT)) {
      throw new UsageException(
          "policy [" + whenFull + "] must be " + DROP_OLDEST + " or " + WeekGateway.THIN_OUT);
    }
    Map<String, Double> told = new TreeMap<>();
    AtomicLong mostDisk = new AtomicLong();
    Thread watch = new Thread(() -> watch(work.resolve("data/outbox"), mostDisk), "bench-disk");
    watch.start();
    try {
      run(work, told, figures);
    } finally {
      watch.interrupt();
      watch.join();
    }
    report(new Children.Told(told), mostDisk.get(), figures);
  }

  private void run(Path work, Map<String, Double> told, Figures figures)
      throws IOException, InterruptedException {
    int port = Ports.free();
    Mosquitto first = Mosquitto.start(work, port);
    Process gateway = start(work, port);
    Thread end = Children.endWithUs(gateway);
    try (first;
        BufferedReader lines = gateway.inputReader(StandardCharsets.UTF_8);
        PrintWriter answers = new PrintWriter(gateway.outputWriter(StandardCharsets.UTF_8), true)) {
      listen(lines, WeekGateway.BROKER_GOES, told, figures);
      first.close();
      answers.println();
      listen(lines, WeekGateway.BROKER_COMES, told, figures);
      try (Mosquitto second = Mosquitto.start(work, port);
          DiskProbe probe = new DiskProbe(work)) {
        figures.progress("broker is back at port " + second.port());
        answers.println();
        listen(lines, WeekGateway.CAUGHT_UP, told, figures);
        told.put("disk.p99", probe.percentile(0.99));
        answers.println();
        listen(lines, "", told, figures);
      }
      if (gateway.waitFor() != 0 || !told.containsKey("end")) {
        throw new IOException(
            "the gateway ended with exit code [" + gateway.waitFor() + "] after telling " + told);
      }
    } finally {
      Children.end(gateway, end, STOP);
    }
  }

  private Process start(Path work, int port) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                WeekGateway.class.getName(),
                work.resolve("data").toString(),
                "tcp://127.0.0.1:" + port,
                Integer.toString(mebibytes),
                whenFull,
                Long.toString(readings)))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Notes what is told, until the gateway asks for something or ends. */
  private static void listen(
      BufferedReader lines, String question, Map<String, Double> told, Figures figures)
      throws IOException {
    String line = lines.readLine();
    while (line != null && !line.equals(question)) {
      int equals = line.indexOf('=');
      double value = Double.parseDouble(line.substring(equals + 1));
      told.put(line.substring(0, equals), value);
      if (!line.startsWith("readings=") || value % 5_000_000 == 0) {
        figures.progress(line);
      }
      line = lines.readLine();
    }
  }

  /** The most that the directory's files took. */
  private static void watch(Path directory, AtomicLong most) {
    try {
      while (true) {
        long now = size(directory);
        most.accumulateAndGet(now, Math::max);
        Thread.sleep(500);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long size(Path directory) {
    if (Files.notExists(directory)) {
      return 0;
    }
    long size = 0;
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        size += Files.size(file);
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      return size; // a file went while it was counted; the next count is near
    }
    return size;
  }

  private void report(Children.Told told, long mostDisk, Figures figures) throws IOException {
    figures.tell("readings", (double) readings, "", "a week has " + WEEK);
    figures.tell(
        "readings accepted in the week",
        readings / told.get("week.seconds"),
        "/s",
        "all in " + Math.round(told.get("week.seconds")) + " s");
    figures.require(
        "readings that were refused", told.get("failed"), "", Limit.atMost(0), whenFull);
    figures.require(
        "counters that did not add up",
        told.get("violations") + told.get("catchup.violations"),
        "",
        Limit.atMost(0),
        "each million, and at the end");
    heap(told, figures);
    figures.require(
        "outbox on disk, at most",
        mostDisk / 1048576.0,
        "MiB",
        Limit.atMost(mebibytes + 1.0),
        "twice a second; budget " + mebibytes + " MiB for segments, and the state");
    figures.tell("kept at the end of the week", told.get("week.pending"), "", policy(told));
    catchUp(told, figures);
  }

  private static String policy(Children.Told told) {
    List<String> reasons = new ArrayList<>();
    told.values()
        .forEach(
            (name, value) -> {
              if (name.startsWith("week.dropped.")) {
                reasons.add(name.substring(13) + " " + value.longValue());
              }
            });
    return "dropped: " + String.join(", ", reasons);
  }

  private void heap(Children.Told told, Figures figures) throws IOException {
    double early = told.get("heap.1000000");
    double middle = told.get("heap." + readings / 2);
    double late = told.get("heap." + readings);
    figures.tell("heap after 1 million readings", early, "MiB", "after a full collection, of 64");
    figures.tell("heap in the middle of the week", middle, "MiB", "");
    figures.tell("heap at the end of the week", late, "MiB", "");
    figures.tell("heap after catching up", told.get("heap.end"), "MiB", "");
    figures.require(
        "heap's growth",
        Math.max(middle, late) - early,
        "MiB",
        Limit.atMost(MOST_HEAP_GROWTH_MIB),
        "from the first million on");
  }

  private void catchUp(Children.Told told, Figures figures) throws IOException {
    double live = Math.max(told.get("live.before"), told.get("live.after"));
    figures.tell("first reading after the broker's return", told.get("first.seconds"), "s", "");
    figures.tell("live maximum", live, "/s", "the better of before and after the week");
    figures.tell(
        "catching up",
        told.get("catchup.rate"),
        "/s",
        Math.round(told.get("catchup.seconds")) + " s");
    figures.require(
        "catching up / live maximum", told.get("catchup.rate") / live, "", Limit.atLeast(0.5), "");
    figures.require(
        "urgent message to acknowledgement, p99",
        told.get("urgent.p99"),
        "ms",
        Limit.atMost(250),
        "of " + Math.round(told.get("urgent.count")) + " sent at 10/s while it caught up");
    figures.tell("urgent message to acknowledgement, p50", told.get("urgent.p50"), "ms", "");
    figures.tell("urgent message to acknowledgement, most", told.get("urgent.most"), "ms", "");
    figures.tell("urgent message on disk, p99", told.get("accepted.p99"), "ms", "part of it");
    figures.tell(
        "bare write and sync of 512 bytes, p99",
        told.get("disk.p99"),
        "ms",
        "on the same disk at the same time, 10/s: what the machine gave");
    if (whenFull.equals(DROP_OLDEST)) {
      kept(told, figures);
      if (readings * (double) LEAST_BYTES > mebibytes * 1048576.0) {
        figures.require(
            "of the budget, held what was kept",
            told.get("week.pending") * LEAST_BYTES / ((mebibytes - MIB_NOT_KEPT) * 1048576.0),
            "",
            Limit.atLeast(LEAST_KEPT),
            "as much as fits into all but three segments; a reading takes 115 bytes or more");
      }
      figures.require(
          "readings that were not counted as accepted",
          Math.abs(readings - told.get("week.accepted")),
          "",
          Limit.atMost(0),
          "");
    }
    if (whenFull.equals(WeekGateway.THIN_OUT)) {
      thinned(told, figures);
    }
  }

  /** Each reading is there, stands in a mean, or was counted as dropped. */
  private void thinned(Children.Told told, Figures figures) throws IOException {
    double dropped =
        told.values().getOrDefault("week.dropped.full", 0.0) + told.get("catchup.dropped");
    figures.tell("messages delivered for the week", told.get("catchup.readings"), "", "");
    figures.tell(
        "oldest of them before the week's end", told.get("catchup.oldest.days"), "days", "");
    figures.tell("readings dropped", dropped, "", "where thinning out was not enough");
    figures.require(
        "readings that nothing stands for, and that were not counted",
        Math.abs(readings - told.get("catchup.represented") - dropped),
        "",
        Limit.atMost(0),
        "by the counts in the means");
  }

  /** Urgent messages take room as well: for theirs, the oldest readings go. */
  private static void kept(Children.Told told, Figures figures) throws IOException {
    double dropped = told.get("catchup.dropped");
    figures.require(
        "kept, not delivered, and not counted as dropped",
        Math.max(0, told.get("week.pending") - told.get("catchup.different") - dropped),
        "",
        Limit.atMost(0),
        Math.round(dropped) + " gave way to urgent messages");
    figures.require(
        "gaps in what was kept, beyond that",
        Math.max(0, told.get("catchup.gaps") - dropped),
        "",
        Limit.atMost(0),
        "the oldest went, and nothing else");
    figures.require(
        "newest that were not kept", told.get("catchup.newest.missing"), "", Limit.atMost(0), "");
  }
}
