package io.selvedge.api.uplink;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The way to the hub. Callable on any thread; no method blocks on the network. */
@ProviderType
public interface Uplink {

  /** Service property: which connection this is. Where there are several, {@link #HUB} leads. */
  String NAME = "uplink.name";

  /** The {@link #NAME} of the connection to the hub. */
  String HUB = "hub";

  /**
   * Accepts a message into the outbox. Ends with the record's id when it is on disk: from then on
   * it is delivered at least once, or dropped for a counted reason. Ends with an exception where
   * the outbox refuses it.
   */
  CompletionStage<Long> send(Message message);

  /**
   * Asks the hub, over the live connection only. Ends with its reply; ends with an exception where
   * there is no connection or no reply in time.
   */
  CompletionStage<Reply> request(String app, Request request, Duration timeout);

  /** What is going on. */
  Status status();

  /** What the way costs and can bear now. */
  default LinkState link() {
    return LinkState.NORMAL;
  }

  /**
   * Says what the way costs and can bear, until it is said again or configured otherwise; survives
   * a restart. Writes to the disk.
   *
   * @throws UnsupportedOperationException where this uplink knows no such states
   */
  default void link(LinkState state) {
    throw new UnsupportedOperationException("this uplink has one state only, NORMAL");
  }

  /** The same, and why it is so. */
  default LinkReason linkReason() {
    return new LinkReason(link(), LinkReason.Cause.CONFIGURED, status().since(), "configured");
  }

  /**
   * Takes back what {@link #link(LinkState)} said: configuration, schedule and measurement decide
   * again. Writes to the disk.
   *
   * @throws UnsupportedOperationException where this uplink knows no such states
   */
  default void linkByItself() {
    throw new UnsupportedOperationException("this uplink has one state only, NORMAL");
  }

  /** The ledger of what was delivered, where this uplink keeps one. */
  default Optional<Deliveries> deliveries() {
    return Optional.empty();
  }

  /** A connection of their own for files, where this uplink can have one. */
  default Optional<Downloads> downloads() {
    return Optional.empty();
  }

  /** How messages fare on their way. Cheap; may be asked many times a second. */
  default Traffic traffic() {
    return Traffic.NONE;
  }

  /** The outbox in front of it, where it can be looked into. */
  default Optional<OutboxView> outbox() {
    return Optional.empty();
  }

  /**
   * The state of the connection and of the outbox.
   *
   * @param connected whether the connection is up
   * @param endpoint the broker's address
   * @param since when this state began
   * @param reason why there is no connection; empty while there is one
   * @param outboxId identity of the outbox; changes only where it was made anew
   * @param accepted messages accepted, ever
   * @param delivered messages that the broker took, ever
   * @param dropped messages dropped, ever, by reason
   * @param pending messages that wait; accepted = delivered + dropped + pending, always
   */
  record Status(
      boolean connected,
      String endpoint,
      Instant since,
      String reason,
      String outboxId,
      long accepted,
      long delivered,
      Map<String, Long> dropped,
      long pending) {

    public Status {
      dropped = Map.copyOf(dropped);
    }
  }
}
