package io.selvedge.bench.outbox;

import io.selvedge.bench.Figures;
import io.selvedge.bench.Limit;
import io.selvedge.bench.Sample;
import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.SegmentOutbox;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How fast records are accepted, against what the disk itself can do, in the same round. */
final class Rates {

  private static final long BYTES = 128L * 1024 * 1024;
  private static final int BUDGET = 384 * 1024 * 1024;
  private static final int EACH = 500;

  /** What is committed without waiting, and what waits at most while {@link Load} works. */
  private static final int BATCH = 64 * 1024;

  private static final int LARGE_BATCH = 1024 * 1024;

  private static final int[] PAYLOADS = {100, 1024};
  private static final int[] THREADS = {1, 2, 4, 8};

  private final Path work;
  private final Figures figures;
  private final int rounds;

  Rates(Path work, Figures figures, int rounds) {
    this.work = work;
    this.figures = figures;
    this.rounds = rounds;
  }

  /** One measurement of all ways to append. */
  private record Round(double bare, double large, List<Double> outbox, double drained) {}

  /**
   * Measures.
   *
   * @return accepted and durable records a second of 100 bytes with one thread: what others are
   *     compared with
   */
  double measure() throws Exception {
    OutboxOptions options = OutboxOptions.defaults().withBudget(BUDGET);
    try (BareDisk disk = new BareDisk(work.resolve("bare"), BYTES);
        SegmentOutbox outbox = SegmentOutbox.open(work.resolve("outbox"), options)) {
      Load load = new Load(outbox);
      figures.progress("warming up, and filling the outbox's segments once");
      load.append(BUDGET / 2 / 140, 100, 1);
      load.drain();
      round(disk, load, 100, 0);
      double reference = 0;
      for (int payload : PAYLOADS) {
        List<Round> all = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
          figures.progress("rates of " + payload + " B, round " + (i + 1) + " of " + rounds);
          all.add(round(disk, load, payload, i));
        }
        tell(payload, all);
        if (payload == PAYLOADS[0]) {
          reference = Sample.of(all, round -> round.outbox().get(0)).median();
        }
      }
      commitEach(disk, load);
      return reference;
    }
  }

  /** Which number of threads is first changes from round to round. */
  private static Round round(BareDisk disk, Load load, int payload, int number) throws Exception {
    int records = (int) (BYTES / payload);
    double bare = disk.groupCommit(BYTES, BATCH) / payload;
    double large = disk.groupCommit(BYTES, LARGE_BATCH) / payload;
    double[] outbox = new double[THREADS.length];
    double drained = 0;
    for (int i = 0; i < THREADS.length; i++) {
      int column = (i + number) % THREADS.length;
      outbox[column] = load.append(records, payload, THREADS[column]);
      drained = load.drain();
    }
    return new Round(bare, large, Arrays.stream(outbox).boxed().toList(), drained);
  }

  private void tell(int payload, List<Round> all) {
    String of = ", " + payload + " B";
    Sample bare = Sample.of(all, Round::bare);
    figures.tell("bare commits of 64 KiB" + of, bare.median(), "records/s", bare.spread());
    Sample large = Sample.of(all, Round::large);
    figures.tell("bare commits of 1 MiB" + of, large.median(), "records/s", large.spread());
    for (int i = 0; i < THREADS.length; i++) {
      int column = i;
      Sample outbox = Sample.of(all, round -> round.outbox().get(column));
      figures.tell(
          "outbox, accepted and durable, " + threads(THREADS[i]) + of,
          outbox.median(),
          "records/s",
          outbox.spread());
    }
    Sample ratio = Sample.of(all, round -> round.outbox().get(0) / round.bare());
    figures.require(
        "outbox with 1 thread / bare commits of 64 KiB" + of,
        ratio.median(),
        "",
        Limit.atLeast(0.5),
        ratio.spread());
    Sample toLarge = Sample.of(all, round -> round.outbox().get(0) / round.large());
    figures.tell(
        "outbox with 1 thread / bare commits of 1 MiB" + of,
        toLarge.median(),
        "",
        toLarge.spread());
    Sample drained = Sample.of(all, Round::drained);
    figures.tell(
        "outbox, taken out and settled" + of, drained.median(), "records/s", drained.spread());
  }

  private static String threads(int count) {
    return String.format(Locale.ROOT, "%d thread%s", count, count == 1 ? "" : "s");
  }

  private void commitEach(BareDisk disk, Load load) throws Exception {
    List<Double> bare = new ArrayList<>();
    List<Double> ratio = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      double limit = disk.commitEach(EACH, 132);
      double outbox = load.appendEach(EACH, 100);
      load.drain();
      bare.add(limit);
      ratio.add(outbox / limit);
    }
    Sample syncs = Sample.of(bare);
    Sample each = Sample.of(ratio);
    figures.tell("bare write and sync, each", syncs.median(), "/s", syncs.spread());
    figures.tell("outbox / bare, each record waited for", each.median(), "", each.spread());
  }
}
