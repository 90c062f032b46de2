package io.selvedge.sparkplug;

import io.selvedge.outbox.OutRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Which records the broker has read. Data of Sparkplug is published at QoS 0, which nobody
 * acknowledges; but a broker handles the packets of a connection in their order, so its answer to a
 * later packet proves that it has read all before. Records are settled by such proofs.
 *
 * <p>Where two connections broke while the same record was open, the next ones are careful: one
 * record, one proof, until that record is proved. One that was alone when {@value #MOST_BREAKS}
 * connections broke is refused. What else is proved in the meantime makes no difference.
 *
 * <p>All methods but {@link #proved} are for one thread; times are {@link System#nanoTime()}.
 */
final class Settlement {

  static final int MOST_BREAKS = 5;

  private static final int MOST_IN_A_BATCH = 100;
  private static final long LONGEST_WAIT = Duration.ofSeconds(1).toNanos();
  private static final long PATIENCE = Duration.ofSeconds(15).toNanos();

  private final Consumer<OutRecord> delivered;
  private final int window;
  private final int batch;
  private final List<OutRecord> unproved = new ArrayList<>();
  private List<OutRecord> underProof = List.of();
  private long oldest;
  private long proofAsked;
  private boolean proving;
  private final Set<Long> suspects = new HashSet<>();
  private int repeats;
  private Optional<Long> alone = Optional.empty();
  private int breaks;

  /**
   * @param delivered hears, on any thread, of each record that the broker has read
   * @param window the most records that may be unproved
   */
  Settlement(Consumer<OutRecord> delivered, int window) {
    this.delivered = delivered;
    this.window = window;
    batch = Math.max(1, Math.min(MOST_IN_A_BATCH, window / 2));
  }

  /** A connection begins. */
  synchronized void begin() {
    unproved.clear();
    underProof = List.of();
    proving = false;
  }

  /** Whether one more record may be sent. */
  synchronized boolean hasRoom() {
    return unproved.size() + underProof.size() < (isCareful() ? 1 : window);
  }

  /** Waits for room, so long at most. */
  synchronized void awaitRoom(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    long left = millis;
    while (!hasRoom() && left > 0) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }

  /** A record was published. */
  synchronized void sent(OutRecord record, long now) {
    if (unproved.isEmpty()) {
      oldest = now;
    }
    unproved.add(record);
  }

  /** Whether a proof should be asked for now. */
  synchronized boolean wantsProof(long now) {
    boolean enough = isCareful() || unproved.size() >= batch || now - oldest >= LONGEST_WAIT;
    return !proving && !unproved.isEmpty() && enough;
  }

  /** A proof is asked for: what was published until now is what it proves. */
  synchronized void ask(long now) {
    underProof = new ArrayList<>(unproved);
    unproved.clear();
    proving = true;
    proofAsked = now;
  }

  /** The proof came. On any thread. */
  synchronized void proved() {
    for (OutRecord record : underProof) {
      delivered.accept(record);
      suspects.remove(record.id());
    }
    underProof = List.of();
    proving = false;
    if (suspects.isEmpty()) {
      trust();
    }
    notifyAll();
  }

  private void trust() {
    suspects.clear();
    repeats = 0;
    alone = Optional.empty();
    breaks = 0;
  }

  private boolean isCareful() {
    return repeats >= 2;
  }

  /** Whether a proof has been under way for so long that the connection is of no use. */
  synchronized boolean isStalled(long now) {
    return proving && now - proofAsked > PATIENCE;
  }

  /** What was published and is not settled. */
  synchronized List<OutRecord> open() {
    List<OutRecord> open = new ArrayList<>(underProof);
    open.addAll(unproved);
    return open;
  }

  /**
   * The connection is at its end.
   *
   * @param broken whether the other side ended it
   * @return the record that broke it, as so many before
   */
  synchronized Optional<OutRecord> end(boolean broken) {
    List<OutRecord> lost = open();
    begin();
    if (!broken || lost.isEmpty()) {
      return Optional.empty();
    }
    if (isCareful() && lost.size() == 1) {
      return judge(lost.get(0));
    }
    Set<Long> ids = lost.stream().map(OutRecord::id).collect(Collectors.toSet());
    suspects.retainAll(ids);
    repeats = suspects.isEmpty() ? 1 : repeats + 1;
    if (suspects.isEmpty()) {
      suspects.addAll(ids);
    }
    return Optional.empty();
  }

  private Optional<OutRecord> judge(OutRecord record) {
    breaks = alone.filter(id -> id == record.id()).isPresent() ? breaks + 1 : 1;
    alone = Optional.of(record.id());
    if (breaks < MOST_BREAKS) {
      return Optional.empty();
    }
    trust();
    return Optional.of(record);
  }
}
