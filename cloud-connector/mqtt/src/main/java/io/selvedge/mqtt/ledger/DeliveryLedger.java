package io.selvedge.mqtt.ledger;

import io.selvedge.api.uplink.Deliveries;
import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.Outbox;
import io.selvedge.protocol.kura.PayloadException;
import io.selvedge.protocol.kura.Summary;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Settles delivered records and counts each once, across crashes:
 *
 * <ul>
 *   <li>a record is counted where the outbox says that it was not settled before, under one lock
 *       with the settling;
 *   <li>what was counted is written before the outbox's state that forgets the record, so that a
 *       crash never leaves a forgotten record uncounted;
 *   <li>what a crash lets the outbox hand out again is known by its number, which is on disk.
 * </ul>
 *
 * Thread-safe. The disk is written when the outbox writes its state, on a thread of its own as soon
 * as there is much to write, and at the end.
 */
public final class DeliveryLedger implements Deliveries, AutoCloseable {

  /**
   * More than an outbox can hand out again after a crash: 20,000, what was delivered while the
   * state was written, and what was sent.
   */
  static final int REMEMBERED = 131_072;

  private static final int MOST_UNWRITTEN = 100_000;

  /** So many are written at once, so that a state is not long in coming. */
  private static final int WRITTEN_EARLY = 4096;

  private static final long STOP_SECONDS = 5;

  /**
   * How a record went.
   *
   * @param accepted when it was handed over, in milliseconds since 1970; {@link Long#MIN_VALUE}
   *     where that is not known
   * @param sent when it was sent, for the last time, likewise
   * @param bytes of the payload as it was sent
   */
  public record Way(long accepted, long sent, int bytes) {

    private static Optional<Instant> instant(long millis) {
      return millis == Long.MIN_VALUE
          ? Optional.empty()
          : Optional.of(Instant.ofEpochMilli(millis));
    }
  }

  /** A path and its parts: most messages have that of the one before. */
  private record Path(String whole, String app, String resource) {}

  private final Outbox outbox;
  private final String outboxId;
  private final Clock clock;
  private final Consumer<String> report;
  private final Object writing = new Object();
  private final Journal journal;
  private final long[] counted;
  private final Sums sums;
  private final ExecutorService writer;
  private List<Delivery> unwritten = new ArrayList<>();
  private volatile Path last = new Path("", "", "");
  private long next;
  private boolean failing;

  /**
   * Opens the ledger of an outbox, or makes a new one.
   *
   * @param thread name of the thread that writes early
   * @param report hears, once, that it cannot be written, and what was damaged
   */
  public DeliveryLedger(
      java.nio.file.Path directory,
      Outbox outbox,
      Clock clock,
      String thread,
      Consumer<String> report)
      throws IOException {
    this.outbox = outbox;
    outboxId = outbox.id();
    this.clock = clock;
    this.report = report;
    journal = Journal.open(directory, report);
    counted = remembered(journal, outbox.id());
    sums = journal.sums();
    next = journal.next();
    writer =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, thread);
              made.setDaemon(true);
              return made;
            });
    outbox.beforeState(this::write);
  }

  /** Numbers of the records that were counted last, sorted. */
  private static long[] remembered(Journal journal, String outbox) throws IOException {
    LongStream numbers = LongStream.empty();
    int found = 0;
    for (int back = 0; back < journal.files() && found < REMEMBERED; back++) {
      List<Delivery> file = journal.file(back);
      found += file.size();
      numbers =
          LongStream.concat(
              numbers,
              file.stream().filter(one -> one.outbox().equals(outbox)).mapToLong(Delivery::record));
    }
    return numbers.sorted().toArray();
  }

  /**
   * The other end has it: settles the record and counts it, once.
   *
   * @param path app and resource
   * @param stored what holds the payload, not compressed, up to its end
   * @param from where the payload begins there
   */
  public void delivered(OutRecord record, String path, byte[] stored, int from, Way way) {
    Path parts = last;
    if (!parts.whole.equals(path)) {
      int slash = path.indexOf('/');
      parts = new Path(path, path.substring(0, slash), path.substring(slash + 1));
      last = parts;
    }
    delivered(record, parts.app, parts.resource, summary(parts.app, stored, from), way);
  }

  /**
   * The same, of a payload of another kind.
   *
   * @param about what the payload holds
   */
  public void delivered(OutRecord record, String app, String resource, Summary about, Way way) {
    Instant now = clock.instant();
    synchronized (this) {
      if (!outbox.delivered(record) || isCounted(record.id())) {
        return;
      }
      // the same text for all of one sender, as far as it is the outbox's
      String source = about.source().equals(record.source()) ? record.source() : about.source();
      Delivery delivery =
          new Delivery(
              next++,
              outboxId,
              record.id(),
              source,
              app,
              resource,
              about.time(),
              Way.instant(way.accepted),
              Way.instant(way.sent),
              now,
              way.bytes,
              about.measurements());
      sums.add(delivery);
      unwritten.add(delivery);
      if (unwritten.size() == WRITTEN_EARLY) {
        writer.execute(this::write);
      }
    }
  }

  private static Summary summary(String app, byte[] stored, int from) {
    try {
      return Summary.of(app, stored, from);
    } catch (PayloadException e) {
      return new Summary(Instant.EPOCH, "", 0); // it was sent all the same; the hub refuses it
    }
  }

  private boolean isCounted(long record) {
    return counted.length > 0
        && record <= counted[counted.length - 1]
        && Arrays.binarySearch(counted, record) >= 0;
  }

  /** Writes what was counted since the last time. */
  private void write() {
    synchronized (writing) {
      List<Delivery> batch;
      synchronized (this) {
        batch = unwritten;
        unwritten = new ArrayList<>();
      }
      if (batch.isEmpty()) {
        return;
      }
      try {
        journal.append(batch);
        failing = false;
      } catch (IOException e) {
        keep(batch);
        if (!failing) {
          failing = true;
          report.accept("ledger of deliveries cannot be written: " + e.getMessage());
        }
      }
    }
  }

  /** For the next time; what is too much is in the sums until the gateway stops. */
  private synchronized void keep(List<Delivery> batch) {
    batch.addAll(unwritten);
    int tooMany = Math.max(0, batch.size() - MOST_UNWRITTEN);
    unwritten = new ArrayList<>(batch.subList(tooMany, batch.size()));
  }

  @Override
  public List<Source> sources() {
    List<Source> sources = new ArrayList<>();
    new TreeMap<>(outbox.status().sources())
        .forEach(
            (name, counts) ->
                sources.add(
                    new Source(
                        name,
                        counts.accepted(),
                        counts.delivered(),
                        counts.droppedByName(),
                        counts.pending(),
                        counts.pendingBytes())));
    return sources;
  }

  @Override
  public synchronized List<Sum> sums() {
    sums.fold();
    return sums.list();
  }

  @Override
  public List<Delivery> newest(Optional<String> source, long before, int most) {
    List<Delivery> found = new ArrayList<>();
    synchronized (writing) { // so that none is missing between memory and disk
      List<Delivery> memory;
      synchronized (this) {
        memory = List.copyOf(unwritten);
      }
      take(memory, source, before, most, found);
      try {
        for (int back = 0; back < journal.files() && found.size() < most; back++) {
          take(journal.file(back), source, before, most, found);
        }
      } catch (IOException e) {
        report.accept("ledger of deliveries cannot be read: " + e.getMessage());
      }
    }
    return found;
  }

  private static void take(
      List<Delivery> from, Optional<String> source, long before, int most, List<Delivery> into) {
    for (int i = from.size() - 1; i >= 0 && into.size() < most; i--) {
      Delivery one = from.get(i);
      if (one.number() < before && source.map(one.source()::equals).orElse(true)) {
        into.add(one);
      }
    }
  }

  /** After the outbox is closed. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        report.accept("ledger of deliveries still waits for the disk after [5] s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    write();
    try {
      synchronized (writing) {
        journal.close();
      }
    } catch (IOException e) {
      report.accept("ledger of deliveries was not closed cleanly: " + e.getMessage());
    }
  }
}
