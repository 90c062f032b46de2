package io.selvedge.outbox;

import io.selvedge.outbox.Settlements.Outcome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

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

  private static final int MOST_WAITING = 4 * 1024 * 1024;
  private static final Optional<DropReason> NO_REASON = Optional.empty();

  private final OutboxOptions options;
  private final String id; // asked for with each record that is sent
  private final FileChannel lockChannel;
  private final DeadLetters deadLetters;
  private final Store store;
  private final ReentrantLock lock;
  private final Committer committer;
  private boolean closed;

  /**
   * Opens the outbox in a directory, or makes a new one there.
   *
   * @throws OutboxException where it is in use, or the disk refuses
   */
  public static SegmentOutbox open(Path directory, OutboxOptions options) {
    return open(directory, options, new Storage(), System::nanoTime);
  }

  static SegmentOutbox open(
      Path directory, OutboxOptions options, Storage storage, LongSupplier nanos) {
    try {
      Files.createDirectories(directory);
      FileChannel lockChannel = DirectoryLock.take(storage, directory);
      try {
        Store store = new Store(directory, options, storage, nanos);
        return new SegmentOutbox(directory, store, lockChannel);
      } catch (IOException | RuntimeException e) {
        lockChannel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new OutboxException(
          "outbox [" + directory + "] cannot be opened: " + e.getMessage(), e);
    }
  }

  private SegmentOutbox(Path directory, Store store, FileChannel lockChannel) {
    this.store = store;
    this.lockChannel = lockChannel;
    options = store.options();
    id = store.id().toString();
    lock = store.lock();
    deadLetters = new DeadLetters(store.storage(), directory.resolve("dead"));
    committer = new Committer(options, new Commits(store)::commit, new States());
    committer.start();
  }

  /** Written beside the commits. */
  private final class States implements Committer.Saver {
    @Override
    public void begin(Runnable done) {
      store.beginState(done);
    }

    @Override
    public void end() throws IOException {
      store.endState();
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public CompletionStage<Long> append(
      String source, int priority, Duration timeToLive, byte[] payload) {
    checkPriority(priority);
    if (payload.length < 1 || payload.length > options.maxRecord()) {
      return refuse(
          "record of ["
              + payload.length
              + "] bytes is not accepted; it must have 1 to ["
              + options.maxRecord()
              + "] bytes");
    }
    int expiry = 0;
    if (!timeToLive.isZero()) {
      expiry = RecordFormat.seconds(store.now() + timeToLive.plusMillis(999).toSeconds());
    }
    CompletableFuture<Long> stage = new CompletableFuture<>();
    lock.lock();
    try {
      if (closed) {
        return refuse("outbox is closed");
      }
      int number = store.sources().number(source);
      Pending record = new Pending(priority, store.takeId(), number, expiry, payload, stage);
      if (!committer.offer(record, MOST_WAITING)) {
        return refuse(
            "outbox cannot write as fast as records come; more than ["
                + MOST_WAITING
                + "] bytes wait for the disk");
      }
    } finally {
      lock.unlock();
    }
    return stage;
  }

  private CompletionStage<Long> refuse(String why) {
    store.locked(() -> store.tally().refused());
    return CompletableFuture.failedFuture(new OutboxException(why));
  }

  private static void checkPriority(int priority) {
    if (priority < 0 || priority >= PRIORITIES) {
      throw new IllegalArgumentException("priority [" + priority + "] must be 0 to 9");
    }
  }

  @Override
  public Optional<OutRecord> poll(int lowest, Duration timeout) throws InterruptedException {
    return poll(lowest, timeout, 1).stream().findFirst();
  }

  /** The same as one by one, under one lock. */
  @Override
  public List<OutRecord> poll(int lowest, Duration timeout, int most) throws InterruptedException {
    checkPriority(lowest);
    List<OutRecord> records = new ArrayList<>(most);
    lock.lockInterruptibly();
    try {
      long nanos = timeout.toNanos();
      while (true) {
        if (!closed) {
          store.next(lowest, most, records);
        }
        if (!records.isEmpty() || closed || nanos <= 0) {
          return records;
        }
        nanos = store.readable().awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean delivered(OutRecord record) {
    return settle(record, Outcome.DELIVERED, NO_REASON);
  }

  @Override
  public void beforeState(Runnable runnable) {
    store.beforeState(runnable);
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

  private boolean settle(OutRecord record, Outcome outcome, Optional<DropReason> reason) {
    Lane lane = store.lane(record.priority());
    boolean first = store.locked(() -> lane.settle(record.ordinal(), outcome, reason));
    committer.settled();
    return first;
  }

  @Override
  public void handBack() {
    store.locked(
        () -> {
          for (int i = 0; i < PRIORITIES; i++) {
            store.lane(i).settlements().handBack();
          }
          store.readable().signalAll();
        });
  }

  @Override
  public OutboxStatus status() {
    return store.status(deadLetters.count());
  }

  @Override
  public List<DeadLetter> deadLetters() {
    return deadLetters.list();
  }

  @Override
  public Optional<byte[]> deadLetter(long deadLetterId) {
    return deadLetters.payload(deadLetterId);
  }

  @Override
  public boolean deleteDeadLetter(long deadLetterId) {
    return deadLetters.delete(deadLetterId);
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
      store.readable().signalAll();
    } finally {
      lock.unlock();
    }
    boolean ended = committer.close();
    try (lockChannel) {
      store.close(ended);
    } catch (IOException e) {
      options.report().accept("outbox was not closed cleanly: " + e.getMessage());
    }
  }
}
