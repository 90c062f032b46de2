package io.selvedge.api.uplink;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The ledger of an uplink: what its other end has taken, each message once, whatever went out again
 * after a crash. Callable on any thread.
 */
@ProviderType
public interface Deliveries {

  /** What became of all records that were accepted, by sender. */
  List<Source> sources();

  /** What has been delivered since the ledger began, by time, source and application. */
  List<Sum> sums();

  /**
   * Single messages of the recent past, newest first.
   *
   * @param source only of this sender
   * @param before only those with a lower number
   * @param most at most so many, 1 or more
   */
  List<Delivery> newest(Optional<String> source, long before, int most);

  /**
   * Records of one sender in the outbox: accepted = delivered + dropped + pending.
   *
   * @param name who sends: {@code flow/office}; empty: the gateway itself; {@code others} for all
   *     that came when too many senders were told apart already
   * @param accepted records accepted, ever
   * @param delivered records delivered, ever
   * @param dropped records dropped, ever, by reason: {@code expired}, {@code full} …
   * @param pending records that wait
   * @param pendingBytes their bytes
   */
  record Source(
      String name,
      long accepted,
      long delivered,
      Map<String, Long> dropped,
      long pending,
      long pendingBytes) {

    public Source {
      dropped = Map.copyOf(dropped);
    }
  }

  /**
   * What one sender delivered of one application within one span of time.
   *
   * @param source who sent it: {@code flow/office}; empty: the gateway itself
   * @param app the application id
   * @param from begin of the span, of the messages' own time; 1970 for all that is older than what
   *     is told apart
   * @param span an hour, where it is recent, or a day, UTC; zero for all that is older
   * @param messages messages delivered
   * @param measurements measurements in them
   * @param bytes of payload, as sent
   * @param firstRecord lowest number in the outbox
   * @param lastRecord highest number in the outbox
   */
  record Sum(
      String source,
      String app,
      Instant from,
      Duration span,
      long messages,
      long measurements,
      long bytes,
      long firstRecord,
      long lastRecord) {}

  /**
   * One message that was delivered.
   *
   * @param number rises with each delivery, from 1
   * @param outbox identity of the outbox it came out of
   * @param record its number there; with the outbox's identity it names the message at the hub
   * @param source who sent it; empty: the gateway itself
   * @param app the application id
   * @param resource the rest of the topic
   * @param time the message's own time
   * @param accepted when it was handed to the uplink; empty where it was accepted or delivered by a
   *     version that did not keep that
   * @param sent when it was sent, for the last time; empty likewise
   * @param delivered when the other end had acknowledged it
   * @param bytes of payload, as sent
   * @param measurements measurements in it
   */
  record Delivery(
      long number,
      String outbox,
      long record,
      String source,
      String app,
      String resource,
      Instant time,
      Optional<Instant> accepted,
      Optional<Instant> sent,
      Instant delivered,
      int bytes,
      int measurements) {}
}
