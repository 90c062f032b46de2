package io.selvedge.sparkplug;

import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.Outbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which records the broker has read. Data of Sparkplug is published at QoS 0, which nobody
 * acknowledges; but a broker handles the packets of a connection in their order, so its answer to a
 * later packet proves that it has read all before. Records are settled by such proofs.
 *
 * <p>Where a connection broke before it proved anything, the next one is careful: one record, one
 * proof. A record that was alone when {@value #MOST_BREAKS} connections in a row broke is refused.
 *
 * <p>All methods but {@link #proved} are for one thread; times are {@link System#nanoTime()}.
 */
final class Settlement {

  static final int MOST_BREAKS = 5;

  private static final int BATCH = 100;
  private static final long LONGEST_WAIT = Duration.ofSeconds(1).toNanos();
  private static final long PATIENCE = Duration.ofSeconds(15).toNanos();

  private final Outbox outbox;
  private final int window;
  private final List<OutRecord> unproved = new ArrayList<>();
  private List<OutRecord> underProof = List.of();
  private long oldest;
  private long proofAsked;
  private boolean proving;
  private boolean careful;
  private boolean provedAny;
  private Optional<OutRecord> suspect = Optional.empty();
  private int breaks;

  /**
   * @param window the most records that may be unproved
   */
  Settlement(Outbox outbox, int window) {
    this.outbox = outbox;
    this.window = window;
  }

  /** A connection begins. */
  synchronized void begin() {
    unproved.clear();
    underProof = List.of();
    proving = false;
    provedAny = false;
  }

  /** Whether one more record may be sent. */
  synchronized boolean hasRoom() {
    return unproved.size() + underProof.size() < (careful ? 1 : window);
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
    boolean enough = careful || unproved.size() >= BATCH || now - oldest >= LONGEST_WAIT;
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
    underProof.forEach(outbox::delivered);
    underProof = List.of();
    proving = false;
    provedAny = true;
    careful = false;
    breaks = 0;
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
    boolean proved = provedAny;
    begin();
    if (!broken || proved || lost.isEmpty()) {
      return Optional.empty();
    }
    if (!careful || lost.size() > 1) {
      careful = true;
      return Optional.empty();
    }
    OutRecord alone = lost.get(0);
    boolean same = suspect.map(OutRecord::id).filter(id -> id == alone.id()).isPresent();
    suspect = Optional.of(alone);
    breaks = same ? breaks + 1 : 1;
    return breaks >= MOST_BREAKS ? suspect : Optional.empty();
  }
}
