package io.selvedge.outbox;

import io.selvedge.outbox.Settlements.Outcome;
import io.selvedge.outbox.State.LaneState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * An outbox in segments: files of fixed size, preallocated and used again, so that a commit writes
 * little more than the records. A lane of segments for each priority; one thread, {@code
 * selvedge-outbox}, writes and commits for all that appended in the meantime.
 *
 * <pre>
 *   DIRECTORY/lock               held while it is open
 *   DIRECTORY/state-a, state-b   cursors and counters: {@link StateFile}, {@link State}
 *   DIRECTORY/segment-000001.log a segment: {@link SegmentHeader}, then records: {@link RecordFormat}
 *   DIRECTORY/dead/17.dead       a dead letter: {@link DeadLetters}
 * </pre>
 *
 * <p>Survives the end of the process and of the power at any point, given a disk that keeps what it
 * was told to keep (fdatasync) and writes a sector of 512 bytes whole or not at all. A segment is
 * written anew only after a state is on disk that does not need it.
 */
public final class SegmentOutbox implements Outbox {

  private static final long ID_RESERVE = 1_000_000;
  private static final int MOST_WAITING = 4 * 1024 * 1024;
  private static final Instant CLOCK_IS_RIGHT = Instant.parse("2025-01-01T00:00:00Z");

  private final OutboxOptions options;
  private final Storage storage;
  private final FileChannel lockChannel;
  private final StateFile stateFile;
  private final SegmentFiles files;
  private final DeadLetters deadLetters;
  private final UUID id;
  private final LaneWriter[] writers = new LaneWriter[PRIORITIES];
  private final Committer committer;
  private final List<Segment> retired = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition readable = lock.newCondition();
  private final Lane[] lanes = new Lane[PRIORITIES];
  private final Tally tally;
  private final Sources sources;
  private long generation;
  private long nextId;
  private long reservedId;
  private int knownSources;
  private boolean closed;

  /**
   * Opens the outbox in a directory, or makes a new one there.
   *
   * @throws OutboxException where it is in use, or the disk refuses
   */
  public static SegmentOutbox open(Path directory, OutboxOptions options) {
    return open(directory, options, new Storage());
  }

  static SegmentOutbox open(Path directory, OutboxOptions options, Storage storage) {
    try {
      Files.createDirectories(directory);
      FileChannel lockChannel = DirectoryLock.take(storage, directory);
      try {
        return new SegmentOutbox(directory, options, storage, lockChannel);
      } catch (IOException | RuntimeException e) {
        lockChannel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new OutboxException(
          "outbox [" + directory + "] cannot be opened: " + e.getMessage(), e);
    }
  }

  private SegmentOutbox(
      Path directory, OutboxOptions options, Storage storage, FileChannel lockChannel)
      throws IOException {
    this.options = options;
    this.storage = storage;
    this.lockChannel = lockChannel;
    deadLetters = new DeadLetters(storage, directory.resolve("dead"));
    files = new SegmentFiles(storage, directory, options);
    stateFile = new StateFile(storage, directory);
    storage.forceDirectory(directory);
    Recovery.Found found = new Recovery(storage, files, options.report()).recover(stateFile.read());
    State state = found.state();
    id = state.outbox();
    generation = state.generation();
    nextId = state.nextId();
    long accepted = state.accepted();
    sources = new Sources(state.sources());
    tally = new Tally(state.delivered(), state.dropped());
    for (int i = 0; i < PRIORITIES; i++) {
      lanes[i] = new Lane(i, tally, sources);
      lanes[i].open(found.segments().get(i), state.lanes()[i]);
      accepted += lanes[i].end() - state.lanes()[i].end();
      writers[i] = new LaneWriter(i, storage, options, new Rooms());
      writers[i].resume(lanes[i].last().filter(this::hasRoom), lanes[i].end());
    }
    tally.addAccepted(accepted, 0);
    reportLost(tally.damaged() - state.dropped(DropReason.DAMAGED));
    saveState(true);
    saveState(true);
    stateFile.forgetOld();
    committer = new Committer(options, this::commit, () -> saveState(true));
    committer.start();
  }

  private boolean hasRoom(Segment segment) {
    return !segment.sealed() && segment.end() < options.segmentSize();
  }

  @Override
  public String id() {
    return id.toString();
  }

  @Override
  public CompletionStage<Long> append(
      String source, int priority, Duration timeToLive, byte[] payload) {
    checkPriority(priority);
    Sources.check(source);
    if (payload.length < 1 || payload.length > options.maxRecord()) {
      return refuse(
          "record of ["
              + payload.length
              + "] bytes is not accepted; it must have 1 to ["
              + options.maxRecord()
              + "] bytes");
    }
    Instant now = options.clock().instant();
    boolean expires = !timeToLive.isZero() && now.isAfter(CLOCK_IS_RIGHT);
    int expiry =
        RecordFormat.expires(expires ? now.plus(timeToLive).plusMillis(999).getEpochSecond() : 0);
    CompletableFuture<Long> stage = new CompletableFuture<>();
    lock.lock();
    try {
      Pending record =
          new Pending(priority, nextId, sources.number(source), expiry, payload, stage);
      if (closed || !committer.offer(record, MOST_WAITING)) {
        return refuse(
            closed
                ? "outbox is closed"
                : "outbox cannot write as fast as records come; more than ["
                    + MOST_WAITING
                    + "] bytes wait for the disk");
      }
      nextId++;
    } finally {
      lock.unlock();
    }
    return stage;
  }

  private CompletionStage<Long> refuse(String why) {
    locked(tally::addRefused);
    return CompletableFuture.failedFuture(new OutboxException(why));
  }

  private static void checkPriority(int priority) {
    if (priority < 0 || priority >= PRIORITIES) {
      throw new IllegalArgumentException("priority [" + priority + "] must be 0 to 9");
    }
  }

  @Override
  public Optional<OutRecord> poll(int lowest, Duration timeout) throws InterruptedException {
    checkPriority(lowest);
    lock.lockInterruptibly();
    try {
      long nanos = timeout.toNanos();
      while (true) {
        Optional<OutRecord> record = closed ? Optional.empty() : next(lowest);
        if (record.isPresent() || closed || nanos <= 0) {
          return record;
        }
        nanos = readable.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private Optional<OutRecord> next(int lowest) {
    Instant now = options.clock().instant();
    long nowSeconds = now.isAfter(CLOCK_IS_RIGHT) ? now.getEpochSecond() : 0;
    long damagedBefore = tally.damaged();
    try {
      for (int i = 0; i <= lowest; i++) {
        Optional<OutRecord> record = lanes[i].next(nowSeconds);
        if (record.isPresent()) {
          return record;
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new OutboxException("outbox cannot be read: " + e.getMessage(), e);
    } finally {
      reportLost(tally.damaged() - damagedBefore);
    }
  }

  private void reportLost(long records) {
    if (records > 0) {
      options.report().accept("outbox has lost [" + records + "] records to damage on disk");
    }
  }

  @Override
  public boolean delivered(OutRecord record) {
    return settle(record, Outcome.DELIVERED, Optional.empty());
  }

  private boolean settle(OutRecord record, Outcome outcome, Optional<DropReason> reason) {
    boolean first =
        locked(() -> lanes[record.priority()].settle(record.ordinal(), outcome, reason));
    committer.stateChanged();
    return first;
  }

  @Override
  public void beforeState(Runnable runnable) {
    stateFile.before(runnable);
  }

  @Override
  public void refused(OutRecord record, String why) {
    try {
      deadLetters.add(record, why, options.clock().instant());
    } catch (IOException e) {
      options.report().accept("dead letter [" + record.id() + "] is not kept: " + e.getMessage());
    }
    settle(record, Outcome.DROPPED, Optional.of(DropReason.REFUSED));
  }

  @Override
  public void handBack() {
    locked(
        () -> {
          for (Lane lane : lanes) {
            lane.settlements().handBack();
          }
          readable.signalAll();
        });
  }

  @Override
  public OutboxStatus status() {
    int letters = deadLetters.count();
    lock.lock();
    try {
      long pending = Stream.of(lanes).mapToLong(Lane::pending).sum();
      return new OutboxStatus(
          tally.accepted(),
          tally.delivered(),
          tally.dropped(),
          pending,
          tally.refused(),
          tally.payloadBytes(),
          storage.written(),
          files.bytes(),
          letters);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<DeadLetter> deadLetters() {
    return deadLetters.list();
  }

  @Override
  public CompletionStage<Long> resend(long deadLetterId) {
    return deadLetters.resend(deadLetterId, this, options.report());
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      readable.signalAll();
    } finally {
      lock.unlock();
    }
    boolean ended = committer.close();
    try (lockChannel;
        stateFile) {
      if (ended) {
        saveState(false);
      }
    } catch (IOException e) {
      options.report().accept("outbox was not closed cleanly: " + e.getMessage());
    }
    locked(() -> Stream.of(lanes).forEach(Lane::release));
  }

  /** All that follows runs on the committing thread. */
  private void commit(List<Pending> batch) {
    List<List<Pending>> byLane = new ArrayList<>();
    for (int i = 0; i < PRIORITIES; i++) {
      byLane.add(new ArrayList<>());
    }
    batch.forEach(record -> byLane.get(record.lane()).add(record));
    try {
      if (!batch.isEmpty() && isUncovered(batch.get(batch.size() - 1))) {
        saveState(true);
      }
    } catch (IOException e) {
      fail(batch, "outbox cannot be written: " + e.getMessage());
      return;
    }
    for (int i = 0; i < PRIORITIES; i++) {
      if (!byLane.get(i).isEmpty()) {
        commit(i, byLane.get(i));
      }
    }
  }

  /** Ids and sources must be on disk before a record that bears them. */
  private boolean isUncovered(Pending last) {
    return last.id() >= reservedId || locked(() -> sources.names().size() > knownSources);
  }

  private void commit(int lane, List<Pending> records) {
    try {
      fail(writers[lane].write(records), "outbox is full, and nothing in it matters less");
    } catch (IOException e) {
      lock.lock();
      try {
        writers[lane].abandon(lanes[lane].end());
      } finally {
        lock.unlock();
      }
      fail(records, "outbox cannot be written: " + e.getMessage());
    }
  }

  /** Those that are committed have ended already and do not notice. */
  private void fail(List<Pending> records, String why) {
    for (Pending record : records) {
      if (!record.stage().isDone()) {
        locked(tally::addRefused);
        record.stage().completeExceptionally(new OutboxException(why));
      }
    }
  }

  private final class Rooms implements LaneWriter.Room {

    @Override
    public Optional<Segment> newSegment(int lane, long firstOrdinal) throws IOException {
      Optional<Path> file = findFile(lane);
      if (file.isEmpty()) {
        return Optional.empty();
      }
      Segment segment = files.use(file.get(), lane, id, firstOrdinal);
      locked(() -> lanes[lane].add(segment));
      return Optional.of(segment);
    }

    @Override
    public void committed(Segment segment, int end, long endOrdinal, List<Pending> records) {
      long bytes = records.stream().mapToLong(record -> record.payload().length).sum();
      locked(
          () -> {
            lanes[segment.lane()].committed(segment, end, endOrdinal);
            tally.addAccepted(records.size(), bytes);
            readable.signalAll();
          });
      records.forEach(record -> record.stage().complete(record.id()));
    }
  }

  private Optional<Path> findFile(int lane) throws IOException {
    Optional<Path> file = Optional.empty();
    Optional<IOException> full = Optional.empty();
    try {
      file = files.take();
    } catch (IOException e) {
      full = Optional.of(e); // no space for a new file: use one that is there
    }
    if (file.isEmpty() && reuseRetired()) {
      file = files.take();
    }
    if (file.isEmpty() && dropOldest(lane) && reuseRetired()) {
      file = files.take();
    }
    if (file.isEmpty() && full.isPresent()) {
      throw full.get();
    }
    return file;
  }

  private boolean dropOldest(int lane) {
    if (options.whenFull() == OutboxOptions.WhenFull.REFUSE_NEWEST) {
      return false;
    }
    return locked(
        () -> {
          for (int victim = PRIORITIES - 1; victim >= lane; victim--) {
            if (lanes[victim].holdsSegments()) {
              writers[victim].forget(lanes[victim].dropFirst());
              return true;
            }
          }
          return false;
        });
  }

  private boolean reuseRetired() throws IOException {
    long before = files.free();
    saveState(true);
    saveState(true);
    return files.free() > before;
  }

  /** Writes cursors and counters; then what the last two do not need any more is free. */
  private void saveState(boolean goesOn) throws IOException {
    State state;
    List<Segment> fresh = new ArrayList<>();
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
    stateFile.write(state);
    reservedId = state.nextId();
    knownSources = state.sources().size();
    for (Segment segment : retired) {
      files.giveBack(segment);
    }
    retired.clear();
    retired.addAll(fresh);
  }

  private State snapshot(long idsUpTo) {
    LaneState[] states = new LaneState[PRIORITIES];
    long delivered = tally.delivered();
    Map<DropReason, Long> dropped = new EnumMap<>(tally.dropped());
    for (int i = 0; i < PRIORITIES; i++) {
      states[i] = lanes[i].state();
      Settlements beyond = lanes[i].settlements();
      delivered -= beyond.deliveredCount();
      for (Map.Entry<DropReason, Long> entry : dropped.entrySet()) {
        entry.setValue(entry.getValue() - beyond.droppedCount(entry.getKey()));
      }
    }
    return new State(
        generation, id, idsUpTo, tally.accepted(), delivered, dropped, states, sources.names());
  }

  private boolean locked(BooleanSupplier work) {
    lock.lock();
    try {
      return work.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }
}
