package io.selvedge.flow.ledger;

import io.selvedge.api.flow.Distribution.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of each row and decision of all flows, by day. Thread-safe. In memory, and every half
 * minute on disk where something changed, on a thread of its own: {@code selvedge-flow-ledger}.
 */
public final class FlowLedger implements AutoCloseable {

  static final int MOST_DAYS = 62;

  private static final Logger log = LoggerFactory.getLogger(FlowLedger.class);
  private static final LocalDate EARLIER = LocalDate.EPOCH;
  private static final long WRITE_SECONDS = 30;
  private static final long SETTLE_MILLIS = 2000;

  private final Optional<DayFiles> files;
  private final Object writing = new Object();
  private final Map<LineKey, Counts> lines;
  private final Set<LocalDate> changed = new HashSet<>();
  private final Optional<ScheduledExecutorService> timer;
  private final Map<Stream, Last> last = new EnumMap<>(Stream.class);
  private LocalDate changedLast = LocalDate.MAX;
  private long underWay;
  private boolean failing;

  private FlowLedger(Optional<DayFiles> files, Map<LineKey, Counts> lines) {
    this.files = files;
    this.lines = lines;
    timer = files.map(any -> timer());
  }

  private ScheduledExecutorService timer() {
    ScheduledExecutorService service =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "selvedge-flow-ledger");
              thread.setDaemon(true);
              return thread;
            });
    ScheduledFuture<?> unused =
        service.scheduleWithFixedDelay(this::write, WRITE_SECONDS, WRITE_SECONDS, TimeUnit.SECONDS);
    return service;
  }

  /** In memory only. */
  public static FlowLedger inMemory() {
    return new FlowLedger(Optional.empty(), new TreeMap<>(LineKey.ORDER));
  }

  /** Goes on with what is in the directory; in memory only where that cannot be used. */
  public static FlowLedger open(Path directory) {
    try {
      DayFiles files = new DayFiles(directory);
      Map<LineKey, Counts> lines = files.read();
      lines.values().forEach(Counts::cutOff);
      return new FlowLedger(Optional.of(files), lines);
    } catch (IOException e) {
      log.warn("ledger [{}] cannot be opened; it is kept in memory only", directory, e);
      return inMemory();
    }
  }

  /** The part of one flow. */
  public Book of(String flow) {
    return new Book(this, flow);
  }

  /** The line that was counted in last, of each stream: most that follow are of the same. */
  private record Last(String flow, LocalDate day, Counts counts) {

    boolean isOf(String wanted, LocalDate wantedDay) {
      return day.equals(wantedDay) && flow.equals(wanted);
    }
  }

  synchronized void count(String flow, Stream stream, LocalDate day, Consumer<Counts> how) {
    Last known = last.get(stream);
    if (known == null || !known.isOf(flow, day)) {
      known =
          new Last(
              flow,
              day,
              lines.computeIfAbsent(new LineKey(day, flow, stream), key -> new Counts()));
      last.put(stream, known);
    }
    how.accept(known.counts);
    if (!day.equals(changedLast)) {
      changed.add(day);
      changedLast = day;
    }
  }

  /** After lines were taken away, or what has changed was written. */
  private void forgetLast() {
    last.clear();
    changedLast = LocalDate.MAX;
  }

  synchronized long bytes(String flow, Stream stream, LocalDate day) {
    Counts counts = lines.get(new LineKey(day, flow, stream));
    return counts == null ? 0 : counts.bytes;
  }

  /** An uplink was given a message, or has answered. */
  synchronized void underWay(int more) {
    underWay += more;
    if (underWay == 0) {
      notifyAll();
    }
  }

  /** All lines, by day, flow and stream. */
  public synchronized List<Line> lines() {
    List<Line> list = new ArrayList<>();
    lines.forEach((key, counts) -> list.add(counts.line(key.flow(), key.stream(), key.day())));
    return list;
  }

  /** The newest day for which a flow has a line of this stream. */
  public synchronized Optional<Line> newest(String flow, Stream stream) {
    Optional<Line> newest = Optional.empty();
    for (Map.Entry<LineKey, Counts> line : lines.entrySet()) {
      LineKey key = line.getKey();
      if (key.flow().equals(flow) && key.stream() == stream) {
        newest = Optional.of(line.getValue().line(flow, stream, key.day()));
      }
    }
    return newest;
  }

  /** Writes the days that have changed. */
  private void write() {
    synchronized (writing) {
      Map<LocalDate, Map<LineKey, Counts>> days = new TreeMap<>();
      synchronized (this) {
        Set<LocalDate> old = fold();
        changed.forEach(day -> days.put(day, copy(day)));
        old.forEach(day -> days.put(day, Map.of()));
        changed.clear();
        forgetLast();
      }
      for (Map.Entry<LocalDate, Map<LineKey, Counts>> day : days.entrySet()) {
        write(day.getKey(), day.getValue());
      }
    }
  }

  private void write(LocalDate day, Map<LineKey, Counts> ofDay) {
    try {
      if (ofDay.isEmpty()) {
        files.orElseThrow().remove(day);
      } else {
        files.orElseThrow().write(day, ofDay);
      }
      failing = false;
    } catch (IOException e) {
      synchronized (this) {
        changed.add(day);
      }
      if (!failing) {
        failing = true;
        log.warn("ledger of flows cannot be written; it is kept in memory", e);
      }
    }
  }

  private Map<LineKey, Counts> copy(LocalDate day) {
    Map<LineKey, Counts> copy = new TreeMap<>(LineKey.ORDER);
    lines.forEach(
        (key, counts) -> {
          if (key.day().equals(day)) {
            Counts twin = new Counts();
            twin.add(counts);
            copy.put(key, twin);
          }
        });
    return copy;
  }

  /** Adds days that are too old to be told apart to the one line; answers with these days. */
  private Set<LocalDate> fold() {
    TreeSet<LocalDate> days = new TreeSet<>();
    lines.keySet().forEach(key -> days.add(key.day()));
    days.remove(EARLIER);
    Set<LocalDate> old = new HashSet<>();
    while (days.size() > MOST_DAYS) {
      old.add(days.pollFirst());
    }
    for (LineKey key : old.isEmpty() ? List.<LineKey>of() : List.copyOf(lines.keySet())) {
      if (old.contains(key.day())) {
        Counts counts = Objects.requireNonNull(lines.remove(key));
        lines
            .computeIfAbsent(new LineKey(EARLIER, key.flow(), key.stream()), k -> new Counts())
            .add(counts);
        changed.add(EARLIER);
      }
    }
    changed.removeAll(old);
    return old;
  }

  /** Waits a moment for what the uplinks were given last, writes and ends. */
  @Override
  public void close() {
    timer.ifPresent(ScheduledExecutorService::shutdownNow);
    awaitAnswers();
    if (files.isPresent()) {
      write();
    }
  }

  private synchronized void awaitAnswers() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS);
    long left = SETTLE_MILLIS;
    try {
      while (underWay > 0 && left > 0) {
        wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
