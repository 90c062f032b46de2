package io.selvedge.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps records until they are settled: delivered, or dropped for a counted reason. At any time,
 * and after any restart, in total and for each source, accepted = delivered + dropped + pending.
 *
 * <p>Where the budget of bytes is used up, the policy ({@link OutboxOptions.WhenFull}) and the
 * shares of sources ({@link Shares}) decide who gives way; each record that does is counted with
 * its reason.
 *
 * <p>Any number of threads may append and settle; one thread polls. Records of a priority come out
 * in the order in which they went in; a lower number comes first.
 */
public interface Outbox extends AutoCloseable {

  /** Priorities are 0 (first) to 9 (last). */
  int PRIORITIES = 10;

  /** Identity of this outbox; new only where it was made anew. */
  String id();

  /**
   * Accepts a record. Does not block on the disk.
   *
   * @param source who appends, for counters and shares: {@code flow/office}; empty: the gateway
   *     itself. At most 100 bytes; {@value Sources#MOST} sources are told apart, later ones count
   *     together as {@code others}
   * @param priority 0 (first, written at once) to 9 (last)
   * @param timeToLive after this it is dropped instead of handed out; zero: never. Goes by the
   *     monotonic clock, between two runs by the wall clock where that can be right
   * @param payload at least one byte and at most {@link OutboxOptions#maxRecord()}; must not be
   *     changed afterwards
   * @return ends with the record's id when it is on disk, on the outbox's own thread, which must
   *     not be blocked; ends with an {@link OutboxException} where it is refused
   */
  CompletionStage<Long> append(String source, int priority, Duration timeToLive, byte[] payload);

  /**
   * Hands out the next record that is on disk: of the lowest priority number first. A record is
   * handed out once until {@link #handBack}.
   *
   * @param lowest only priorities 0 to this one: the rest waits, however long
   * @return empty where there was none within the time
   */
  Optional<OutRecord> poll(int lowest, Duration timeout) throws InterruptedException;

  /**
   * Hands out the next records, as {@link #poll(int, Duration)} would one after the other; does not
   * wait once there is one.
   *
   * @param most so many at most, 1 or more
   * @return none where there was none within the time
   */
  default List<OutRecord> poll(int lowest, Duration timeout, int most) throws InterruptedException {
    List<OutRecord> records = new ArrayList<>();
    Optional<OutRecord> next = poll(lowest, timeout);
    while (next.isPresent()) {
      records.add(next.get());
      next = records.size() < most ? poll(lowest, Duration.ZERO) : Optional.empty();
    }
    return records;
  }

  /** Hands out the next record of any priority. */
  default Optional<OutRecord> poll(Duration timeout) throws InterruptedException {
    return poll(PRIORITIES - 1, timeout);
  }

  /**
   * The record arrived. Out of order is fine; once too often does nothing.
   *
   * @return false where it was settled before
   */
  boolean delivered(OutRecord record);

  /**
   * For what is kept beside the outbox and must not fall behind it: runs on the outbox's thread
   * each time before cursors and counters are written, after they were taken. What was settled
   * before they were taken will not be handed out again; what the runnable writes then is on disk
   * before. It may write a little, and must not throw.
   */
  void beforeState(Runnable runnable);

  /** The record can never be delivered: it becomes a dead letter. */
  void refused(OutRecord record, String why);

  /** What was handed out and is not settled will be handed out again: after a lost connection. */
  void handBack();

  /** What is going on. */
  OutboxStatus status();

  /** What could not be delivered, oldest first; without the payloads. */
  List<DeadLetter> deadLetters();

  /**
   * The payload of a dead letter; empty where there is no such letter.
   *
   * @throws OutboxException where it cannot be read
   */
  Optional<byte[]> deadLetter(long deadLetterId);

  /**
   * Throws a dead letter away; it was counted when it became one.
   *
   * @return false where there is no such letter
   * @throws OutboxException where the disk refuses
   */
  boolean deleteDeadLetter(long deadLetterId);

  /**
   * Puts a dead letter in the queue again, as a new record.
   *
   * @return ends with the new record's id; ends with an {@link OutboxException} where there is no
   *     such letter
   */
  CompletionStage<Long> resend(long deadLetterId);

  /** Writes what was appended, and stops. What is pending is there at the next opening. */
  @Override
  void close();
}
