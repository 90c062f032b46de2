package io.selvedge.mqtt;

import io.selvedge.api.uplink.Message;
import io.selvedge.mqtt.client.Connection;
import io.selvedge.mqtt.client.ConnectionException;
import io.selvedge.mqtt.client.PublishListener;
import io.selvedge.mqtt.ledger.DeliveryLedger;
import io.selvedge.mqtt.ledger.DeliveryLedger.Way;
import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.Outbox;
import io.selvedge.outbox.OutboxException;
import io.selvedge.protocol.kura.Identity;
import io.selvedge.protocol.kura.PayloadException;
import io.selvedge.protocol.kura.PayloadFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Takes records out of the outbox and publishes them, on the uplink's thread. A record is delivered
 * when the broker has acknowledged it, at QoS 0 when it is written; all others are handed out again
 * on the next connection.
 *
 * <p>A record that breaks connections is found, whatever else goes through beside it: where one
 * broke, the first that was under way is suspected, and the next connection sends one message at a
 * time until the suspect is acknowledged. A suspect that was alone under way at {@value
 * #MOST_BREAKS} broken connections becomes a dead letter.
 */
final class Pump {

  static final int MOST_BREAKS = 5;

  private static final String STALLED = "nothing was acknowledged any more";

  /** So many leave together; what is urgent waits for no more. */
  private static final int MOST_AT_ONCE = 64;

  private static final long RENEW_MILLIS = 5000;
  private static final Duration POLL = Duration.ofMillis(250);

  private final Settings settings;
  private final PayloadFormat format;
  private final Outbox outbox;
  private final LinkSwitch link;
  private final LinkMeter meter;
  private final DeliveryLedger ledger;
  private final Reporter reporter;
  private final TrafficMeter traffic;
  private final Identity identity;
  private final Denials denials = new Denials();
  private volatile boolean held;
  private Optional<StoredMessage> last = Optional.empty();
  private String topic = "";
  private OptionalLong suspect = OptionalLong.empty();
  private int breaks;

  Pump(
      Settings settings,
      PayloadFormat format,
      Outbox outbox,
      LinkSwitch link,
      LinkMeter meter,
      DeliveryLedger ledger,
      Reporter reporter,
      TrafficMeter traffic) {
    this.settings = settings;
    this.format = format;
    this.outbox = outbox;
    this.link = link;
    this.meter = meter;
    this.ledger = ledger;
    this.reporter = reporter;
    this.traffic = traffic;
    identity = new Identity(outbox.id());
  }

  /**
   * Ends with the connection, or when that is to be made anew and nothing is under way any more;
   * tells whether anything was acknowledged.
   */
  boolean run(Session session, BooleanSupplier ends) throws InterruptedException {
    outbox.handBack();
    meter.connected();
    denials.connected();
    held = false;
    Flight flight = new Flight(session.window(), suspect, settings.keepAlive().dividedBy(2));
    boolean interrupted = true;
    try {
      while (!session.isLost() && !ends.getAsBoolean()) {
        step(session, flight);
      }
      flight.drain(session.isLost() ? 0 : RENEW_MILLIS);
      interrupted = false;
    } finally {
      if (interrupted) {
        drain(flight);
      }
    }
    if (session.isLost()) {
      judge(session, flight);
    }
    return flight.acknowledged() > 0;
  }

  /** Whether the last connection ended because the broker allowed nothing of what it was sent. */
  boolean wasDenied() {
    return held;
  }

  private void step(Session session, Flight flight) throws InterruptedException {
    if (flight.stalled()) {
      session.lose(STALLED);
      return;
    }
    long before = System.nanoTime();
    int room = flight.enter(POLL.toMillis(), MOST_AT_ONCE);
    meter.look(System.nanoTime() - before, flight.silence());
    if (room == 0) {
      return;
    }
    List<OutRecord> records = poll(room);
    flight.leave(room - records.size());
    for (OutRecord record : records) {
      if (!send(session, flight, record)) {
        flight.leave(1);
      }
    }
    try {
      session.flush();
    } catch (ConnectionException e) {
      session.lose(e.reason());
    }
  }

  private List<OutRecord> poll(int most) throws InterruptedException {
    try {
      return link.poll(POLL, most);
    } catch (OutboxException e) {
      reporter.problem(String.valueOf(e.getMessage()));
      Thread.sleep(POLL.toMillis());
      return List.of();
    }
  }

  /** False where the record did not take the room it was given. */
  private boolean send(Session session, Flight flight, OutRecord record) {
    Optional<StoredMessage> parsed = StoredMessage.parse(record.payload(), last);
    if (parsed.isEmpty()) {
      outbox.refused(record, "written by a version that this one does not know");
      return false;
    }
    StoredMessage stored = parsed.get();
    byte[] payload;
    try {
      payload = format.encodeStored(identity.append(stored.stored(), stored.from(), record.id()));
    } catch (PayloadException e) {
      refuse(record, String.valueOf(e.getMessage()));
      return false;
    }
    int most = session.largestPayload();
    if (payload.length > most) {
      refuse(
          record,
          "payload of ["
              + payload.length
              + "] bytes is larger than the ["
              + most
              + "] that the broker may be sent; raise largest.message.kib if it takes more");
      return false;
    }
    flight.sent(record);
    String topic = topic(stored);
    try {
      session.queue(
          topic,
          payload,
          stored.qos(),
          new Published(session, flight, record, stored, payload.length));
      return true;
    } catch (IllegalArgumentException e) { // the client's word on topics
      flight.forget(record);
      refuse(record, "topic [" + topic + "] is not allowed: " + e.getMessage());
      return true;
    } catch (ConnectionException e) {
      session.lose(e.reason());
      return true;
    }
  }

  /** The same text for messages that follow each other with the same path. */
  private String topic(StoredMessage stored) {
    if (last.isEmpty() || !last.get().path().equals(stored.path())) {
      topic = settings.account() + '/' + settings.gateway() + '/' + stored.path();
    }
    last = Optional.of(stored);
    return topic;
  }

  /** Hears what became of a record, on the client's thread. */
  private final class Published implements PublishListener {
    private final Session session;
    private final Flight flight;
    private final OutRecord record;
    private final StoredMessage stored;
    private final int bytes;
    private final long sentAt = System.nanoTime();
    private final long sent = System.currentTimeMillis();
    private final long handed;

    Published(Session session, Flight flight, OutRecord record, StoredMessage stored, int bytes) {
      this.session = session;
      this.flight = flight;
      this.record = record;
      this.stored = stored;
      this.bytes = bytes;
      handed = traffic.sent(stored.path());
    }

    @Override
    public void done() {
      Way way = new Way(stored.accepted(), sent, bytes);
      ledger.delivered(record, stored.path(), stored.stored(), stored.from(), way);
      if (stored.qos() == Message.AT_LEAST_ONCE) {
        meter.acknowledged(System.nanoTime() - sentAt, bytes);
        flight.acknowledged(record);
        denials.taken(stored.path());
        traffic.acknowledged(stored.path(), handed);
      } else {
        flight.written(record);
      }
    }

    @Override
    public void refused(String reason) {
      flight.refused(record);
      refuse(record, "the broker does not take it: " + reason);
    }

    /** A broker that takes others means this one; one that takes none may be in trouble itself. */
    @Override
    public void denied(String reason) {
      if (flight.tookLately() && denials.believe(stored.path())) {
        refused(reason);
      } else {
        held = true;
        failed("the broker does not take a message: " + reason);
      }
    }

    @Override
    public void failed(String reason) {
      session.lose(reason);
    }
  }

  /** A network that is gone says nothing of the message that was on its way. */
  private static boolean isSilence(String why) {
    return why.equals(STALLED) || why.startsWith(Connection.SILENCE);
  }

  private void judge(Session session, Flight flight) {
    Optional<OutRecord> first = flight.first();
    boolean silence = isSilence(session.whyLost());
    if (silence && flight.acknowledged() > 0) {
      return;
    }
    if (first.isEmpty() || suspect.isEmpty() || suspect.getAsLong() != first.get().id()) {
      suspect = first.isEmpty() ? OptionalLong.empty() : OptionalLong.of(first.get().id());
      breaks = 0;
    }
    if (first.isPresent() && flight.oneByOne() && !silence) {
      breaks++;
      if (breaks >= MOST_BREAKS) {
        refuse(
            first.get(),
            "the broker closed ["
                + breaks
                + "] connections when it was sent these ["
                + first.get().payload().length
                + "] bytes");
        suspect = OptionalLong.empty();
        breaks = 0;
      }
    }
  }

  private void refuse(OutRecord record, String why) {
    outbox.refused(record, why);
    reporter.deadLetter(record.id(), why);
  }

  private static void drain(Flight flight) throws InterruptedException {
    Thread.interrupted();
    flight.drain(1000);
  }
}
