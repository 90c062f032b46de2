package io.selvedge.outbox;

import io.selvedge.outbox.Settlements.Outcome;
import io.selvedge.outbox.Settlements.Run;
import io.selvedge.outbox.State.LaneState;
import io.selvedge.outbox.SteadyTime.Mark;
import io.selvedge.outbox.Tally.Counts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What an outbox holds: lanes, sources and counters under one lock, and the files behind them.
 * Files are the committing thread's own.
 */
final class Store {

  private static final long ID_RESERVE = 1_000_000;
  private static final long SERIAL_RESERVE = 1_000_000;

  /** As a power of two: more records a second than come for long. */
  private static final int IDS_OF_A_SECOND = 14;

  private final OutboxOptions options;
  private final Storage storage;
  private final StateFile stateFile;
  private final StateWriter stateWriter;
  private final SegmentFiles files;
  private final UUID id;
  private final SteadyTime time;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition readable = lock.newCondition();
  private final Lane[] lanes = new Lane[Outbox.PRIORITIES];
  private final Tally tally;
  private final Sources sources;
  private long generation;
  private long nextId;
  private long rewritten;

  private final List<Segment> retired = new ArrayList<>();
  private Optional<UnderWay> underWay = Optional.empty();
  private long reservedId;
  private int knownSources;

  Store(Path directory, OutboxOptions options, Storage storage, LongSupplier nanos)
      throws IOException {
    this.options = options;
    this.storage = storage;
    files = new SegmentFiles(storage, directory, options);
    stateFile = new StateFile(storage, directory);
    stateWriter = new StateWriter(stateFile);
    storage.forceDirectory(directory);
    Recovery.Found found = new Recovery(storage, files, options.report()).recover(stateFile.read());
    State state = found.state();
    id = state.outbox();
    generation = state.generation();
    nextId = firstId(state, options.clock().instant().getEpochSecond());
    rewritten = state.rewritten();
    time = new SteadyTime(nanos, options.clock(), state.mark());
    sources = new Sources(state.sources());
    tally = new Tally(state.counts());
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = new Lane(i, tally, sources);
      lanes[i].open(found.segments().get(i), state.lanes()[i]);
    }
    long damagedBefore = tally.damaged();
    balance(found);
    reportDamage(tally.damaged() - damagedBefore);
    saveState(true);
    saveState(true);
    stateFile.forgetOld();
    storage.opened();
  }

  /**
   * From the clock's second on, if it is set, so that a directory that comes back from a copy gives
   * away none that was given since: the hub takes an id that it knows for a record that it has.
   */
  private static long firstId(State state, long second) {
    boolean made = state.generation() == 0 && state.nextId() == 1; // nobody knows its name yet
    return made || !SteadyTime.canBeRight(second)
        ? state.nextId()
        : Math.max(
            state.nextId(),
            Integer.toUnsignedLong(RecordFormat.seconds(second)) << IDS_OF_A_SECOND);
  }

  /** What the state says is pending and is not there is damaged. */
  private void balance(Recovery.Found found) {
    Census there = new Census();
    found.segments().forEach(lane -> lane.forEach(segment -> there.add(segment.unread())));
    for (int source = 0; source < Sources.MOST; source++) {
      tally.accepted(source, found.beyond().records(source));
      long missing = tally.pending(source) - there.records(source);
      if (missing > 0) {
        tally.dropped(DropReason.DAMAGED, source, missing, 0);
      } else {
        tally.accepted(source, -missing);
      }
    }
    tally.accepted(Sources.OTHERS, found.lostBeyond());
    tally.dropped(DropReason.DAMAGED, Sources.OTHERS, found.lostBeyond(), 0);
  }

  void reportDamage(long lost) {
    if (lost > 0) {
      options.report().accept("outbox has lost [" + lost + "] records to damage on disk");
    }
  }

  UUID id() {
    return id;
  }

  OutboxOptions options() {
    return options;
  }

  SegmentFiles files() {
    return files;
  }

  Storage storage() {
    return storage;
  }

  Condition readable() {
    return readable;
  }

  ReentrantLock lock() {
    return lock;
  }

  /** Under the lock. */
  Lane lane(int number) {
    return lanes[number];
  }

  /** Under the lock. */
  Tally tally() {
    return tally;
  }

  /** Under the lock. */
  Sources sources() {
    return sources;
  }

  /** Under the lock. */
  long takeId() {
    nextId++;
    return nextId - 1;
  }

  long now() {
    return time.now();
  }

  Mark mark() {
    return time.mark();
  }

  <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  /** The next records to hand out, added to those; under the lock. */
  void next(int lowest, int most, List<OutRecord> records) {
    long now = time.now();
    long damagedBefore = tally.damaged();
    try {
      for (int i = 0; i <= lowest; i++) {
        Optional<OutRecord> record = lanes[i].next(now);
        while (record.isPresent()) {
          records.add(record.get());
          if (records.size() >= most) {
            return;
          }
          record = lanes[i].next(now);
        }
      }
    } catch (IOException e) {
      if (records.isEmpty()) { // what was read goes out; the next call meets it again
        throw new OutboxException("outbox cannot be read: " + e.getMessage(), e);
      }
    } finally {
      reportDamage(tally.damaged() - damagedBefore);
    }
  }

  /** Ids and sources must be on disk before a record that bears them. */
  boolean isCovered(long recordId) {
    return recordId < reservedId && locked(() -> sources.names().size()) <= knownSources;
  }

  /** These stand for others once the next state is on disk. Under the lock. */
  void rewritten(List<Segment> segments) {
    for (Segment segment : segments) {
      rewritten = Math.max(rewritten, segment.serial());
    }
  }

  /** Writes cursors and counters until what nobody needs any more is free. */
  boolean reuseRetired() throws IOException {
    long before = files.free();
    saveState(true);
    saveState(true);
    return files.free() > before;
  }

  /** Writes cursors and counters; then what the last two do not need any more is free. */
  void saveState(boolean goesOn) throws IOException {
    try {
      endState();
    } catch (IOException e) {
      // this one says more, and tells by itself whether it can be written
    }
    Saving saving = prepare(goesOn);
    stateFile.write(saving.state);
    saved(saving);
  }

  /**
   * The same, but it is written beside what is committed meanwhile, so that nobody waits for it.
   *
   * @param done hears, on another thread, that {@link #endState} need not wait any more
   */
  void beginState(Runnable done) {
    if (underWay.isEmpty()) {
      Saving saving = prepare(true);
      underWay = Optional.of(new UnderWay(saving, stateWriter.begin(saving.state, done)));
    }
  }

  /** What was begun counts once it is written; waits for that. */
  void endState() throws IOException {
    if (underWay.isPresent()) {
      UnderWay one = underWay.get();
      underWay = Optional.empty();
      StateWriter.await(one.written);
      saved(one.saving);
    }
  }

  /**
   * A state that is to be written.
   *
   * @param free not needed any more once it is
   */
  private record Saving(State state, List<Segment> free) {}

  private record UnderWay(Saving saving, Future<?> written) {}

  private Saving prepare(boolean goesOn) {
    List<Segment> fresh = new ArrayList<>();
    State state;
    lock.lock();
    try {
      generation++;
      state = snapshot(goesOn ? nextId + ID_RESERVE : nextId);
      for (Lane lane : lanes) {
        fresh.addAll(lane.takeRetired());
      }
    } finally {
      lock.unlock();
    }
    List<Segment> free = List.copyOf(retired);
    retired.addAll(fresh);
    return new Saving(state, free);
  }

  private void saved(Saving saving) throws IOException {
    State state = saving.state;
    reservedId = state.nextId();
    knownSources = state.sources().size();
    retired.removeAll(saving.free);
    for (Segment segment : saving.free) {
      files.giveBack(segment);
    }
    locked(
        () -> {
          for (Lane lane : lanes) {
            lane.thaw(state.rewritten());
          }
          readable.signalAll();
        });
  }

  private State snapshot(long idsUpTo) {
    LaneState[] states = new LaneState[lanes.length];
    Tally settled = new Tally(List.of());
    for (int i = 0; i < lanes.length; i++) {
      states[i] = lanes[i].state();
      for (Run run : lanes[i].settlements().runs()) {
        if (run.outcome == Outcome.DELIVERED) {
          settled.delivered(run.source, 0);
        } else if (run.outcome == Outcome.DROPPED) {
          settled.dropped(run.reason.orElseThrow(), run.source, run.count, 0);
        }
      }
    }
    List<Counts> counts = new ArrayList<>();
    for (int source = 0; source < Sources.MOST; source++) {
      counts.add(tally.counts(source).without(settled.counts(source)));
    }
    return new State(
        generation,
        id,
        idsUpTo,
        rewritten,
        files.newestSerial() + SERIAL_RESERVE,
        time.mark(),
        sources.names(),
        counts,
        states);
  }

  /** Runs each time before a state is written. */
  void beforeState(Runnable runnable) {
    stateFile.before(runnable);
  }

  /** What is going on. */
  OutboxStatus status(int deadLetters) {
    lock.lock();
    try {
      return new StatusReport(lanes, tally, sources, time.now())
          .status(storage.written(), files.bytes(), deadLetters);
    } finally {
      lock.unlock();
    }
  }

  void close(boolean ended) throws IOException {
    try (stateFile;
        stateWriter) {
      if (ended && underWay.map(one -> StateWriter.isOver(one.written)).orElse(true)) {
        saveState(false);
      }
    }
    locked(
        () -> {
          for (Lane lane : lanes) {
            lane.release();
          }
        });
  }
}
