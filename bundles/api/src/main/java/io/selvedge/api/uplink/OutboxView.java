package io.selvedge.api.uplink;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What lies in the outbox of an uplink, for people: counters, and the dead letters, which the
 * broker did not take. Callable on any thread; reads files, but never waits for the network.
 */
@ProviderType
public interface OutboxView {

  /** Counters; in total and for each source accepted = delivered + dropped + pending. */
  Status status();

  /** What the broker did not take, oldest first. */
  List<DeadLetter> deadLetters();

  /** What a dead letter says; empty where there is no such letter. */
  Optional<Content> content(long deadLetterId);

  /**
   * Puts a dead letter in the queue again, as a new record, kept for ever.
   *
   * @return ends with the new record's id when that is on disk and the letter is gone; ends with an
   *     exception where there is no such letter, or the outbox refuses it: then the letter stays
   */
  CompletionStage<Long> resend(long deadLetterId);

  /** Throws a dead letter away; false where there is no such letter. */
  boolean delete(long deadLetterId);

  /**
   * Records of one source, or of all.
   *
   * @param accepted records accepted, ever
   * @param delivered records delivered, ever
   * @param dropped records dropped, ever, by reason: {@code expired}, {@code full} …
   * @param pending records that wait
   * @param pendingBytes their bytes
   * @param oldest at most so long the oldest of them waits; empty where none does
   */
  record Counts(
      long accepted,
      long delivered,
      Map<String, Long> dropped,
      long pending,
      long pendingBytes,
      Optional<Duration> oldest) {

    public Counts {
      dropped = Map.copyOf(dropped);
    }
  }

  /**
   * Counters of an outbox.
   *
   * @param id identity of the outbox
   * @param total of all sources
   * @param sources by name: {@code flow/office}; empty: the gateway itself
   * @param refused records refused since it was opened; they were never accepted
   * @param diskBytes bytes of its files
   * @param writtenPerPayloadByte bytes written to files for each byte of payload since it was
   *     opened; empty before the first record
   * @param deadLetters how many there are
   */
  record Status(
      String id,
      Counts total,
      Map<String, Counts> sources,
      long refused,
      long diskBytes,
      OptionalDouble writtenPerPayloadByte,
      int deadLetters) {

    public Status {
      sources = Map.copyOf(sources);
    }
  }

  /**
   * What the broker did not take.
   *
   * @param id of the record
   * @param source who sent it; empty: the gateway itself
   * @param priority 0 to 9
   * @param time when it was refused, UTC
   * @param why as the broker or the connection said it
   * @param bytes of the message
   */
  record DeadLetter(long id, String source, int priority, Instant time, String why, long bytes) {}

  /**
   * What a message says.
   *
   * @param resource application and resource, the end of its topic; empty where it cannot be read
   * @param time what it is about happened then; empty where it does not say
   * @param metrics as text, by name
   * @param bodyBytes bytes beside the metrics
   */
  record Content(
      String resource, Optional<Instant> time, Map<String, String> metrics, long bodyBytes) {

    public Content {
      metrics = Map.copyOf(metrics);
    }
  }
}
