package io.selvedge.sparkplug;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.Devices;
import io.selvedge.mqtt.client.ConnectionException;
import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.Outbox;
import io.selvedge.outbox.OutboxException;
import io.selvedge.sparkplug.Commands.Order;
import io.selvedge.sparkplug.HostState.Verdict;
import io.selvedge.sparkplug.Inbox.Entry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens on one connection, on the edge node's thread.
 *
 * <pre>
 *   subscribe ──▶ wait for the primary host ──▶ births ──▶ data, commands, births anew ──▶ end
 * </pre>
 */
final class EdgeSession {

  private static final Logger log = LoggerFactory.getLogger(EdgeSession.class);

  private static final long IDLE_MILLIS = 100;
  private static final long LOOK = Duration.ofMillis(500).toNanos();
  private static final long OLD_STATE_PATIENCE = Duration.ofMinutes(1).toNanos();

  /** With several brokers, so long a STATE message may take to come. */
  private static final long HOST_PATIENCE = Duration.ofSeconds(5).toNanos();

  /** How a session ends. */
  enum End {
    /** The connection is gone. */
    LOST,
    /** The primary host is not at this broker. */
    NO_HOST,
    /** A host sends the node to the next broker. */
    NEXT_SERVER,
    /** The gateway stops. */
    STOPPED
  }

  /** What all sessions share. */
  record Parts(
      Settings settings,
      EdgeNode node,
      Commands commands,
      Devices devices,
      Outbox outbox,
      Settlement settlement,
      Books books,
      Inbox inbox,
      Reporter reporter,
      Sessions sessions,
      FastLane fastLane,
      BooleanSupplier stopping) {}

  private final Parts parts;
  private final EdgeNode node;
  private final Link link;
  private final long number;
  private final Consumer<Link> born;
  private final HostState host = new HostState();
  private final RebirthTimer rebirth;
  private final Set<String> subscribed = new HashSet<>();
  private boolean isBorn;
  private long looked;

  /**
   * @param number of this session, as its last will has it
   * @param born hears when the births are out
   */
  EdgeSession(Parts parts, Link link, long number, Consumer<Link> born) {
    this.parts = parts;
    this.node = parts.node();
    this.link = link;
    this.number = number;
    this.born = born;
    rebirth = new RebirthTimer(parts.settings().rebirthPause(), System.nanoTime());
  }

  /** Whether the hosts know the node. */
  boolean isBorn() {
    return isBorn;
  }

  /** Works until the session ends; the connection is left open. */
  End run() throws ConnectionException, InterruptedException {
    link.subscribe(node.id().topic(NodeId.MessageType.NCMD));
    Optional<End> without = awaitHost();
    if (without.isPresent()) {
      return without.get();
    }
    subscribeDevices();
    publish(node.birth(number));
    rebirth.born(System.nanoTime());
    looked = System.nanoTime();
    isBorn = true;
    parts.fastLane().begin();
    parts.books().begin();
    parts.sessions().begin();
    born.accept(link);
    while (true) {
      Optional<End> end = step();
      if (end.isPresent()) {
        return end.get();
      }
    }
  }

  private Optional<End> awaitHost() throws ConnectionException, InterruptedException {
    Optional<String> id = parts.settings().primaryHost();
    if (id.isEmpty()) {
      return Optional.empty();
    }
    boolean several = parts.settings().endpoints().size() > 1;
    String topic = NodeId.stateTopic(id.get());
    long since = System.nanoTime();
    long oldSince = 0;
    link.subscribe(topic);
    while (true) {
      Optional<End> end = common();
      if (end.isPresent()) {
        return end;
      }
      Optional<Entry> entry = parts.inbox().poll(IDLE_MILLIS);
      Verdict verdict = entry.map(came -> verdict(topic, came)).orElse(Verdict.UNREADABLE);
      if (verdict == Verdict.ONLINE) {
        return Optional.empty();
      }
      if (verdict == Verdict.OFFLINE) {
        parts.reporter().waiting(id.get());
      }
      if (several && (verdict == Verdict.OFFLINE || System.nanoTime() - since > HOST_PATIENCE)) {
        parts.reporter().waiting(id.get());
        return Optional.of(End.NO_HOST);
      }
      if (verdict == Verdict.OLD && oldSince == 0) {
        oldSince = System.nanoTime();
      }
      if (oldSince != 0 && System.nanoTime() - oldSince > OLD_STATE_PATIENCE) {
        // the host's clock went back: a new connection begins with what the broker has kept
        return Optional.of(End.NO_HOST);
      }
    }
  }

  private Verdict verdict(String topic, Entry entry) {
    return entry instanceof Entry.Arrived message && message.topic().equals(topic)
        ? host.heard(message.payload())
        : Verdict.UNREADABLE;
  }

  private Optional<End> common() {
    if (parts.stopping().getAsBoolean()) {
      return Optional.of(End.STOPPED);
    }
    return link.isLost() ? Optional.of(End.LOST) : Optional.empty();
  }

  private Optional<End> step() throws ConnectionException, InterruptedException {
    Optional<End> end = common();
    Optional<Entry> entry = parts.inbox().poll(0);
    while (end.isEmpty() && entry.isPresent()) {
      end = handle(entry.get());
      entry = end.isEmpty() ? parts.inbox().poll(0) : Optional.empty();
    }
    if (end.isPresent()) {
      return end;
    }
    long now = System.nanoTime();
    if (rebirth.isDue(now)) {
      publish(node.birth());
      rebirth.born(now);
    }
    if (now - looked >= LOOK) {
      subscribeDevices();
      if (!rebirth.isAsked()) {
        publish(node.reconcile());
      }
      looked = now;
    }
    settle(now);
    if (rebirth.isAsked()) {
      parts.inbox().await(IDLE_MILLIS / 5);
    } else if (parts.settlement().hasRoom()) {
      sendNext();
    } else {
      parts.settlement().awaitRoom(IDLE_MILLIS / 5);
    }
    return Optional.empty();
  }

  private void settle(long now) throws ConnectionException, InterruptedException {
    Settlement settlement = parts.settlement();
    if (settlement.isStalled(now)) {
      link.giveUp("the broker answers nothing any more");
    } else if (settlement.wantsProof(now)) {
      settlement.ask(now);
      link.prove(settlement::proved);
    }
  }

  private void sendNext() throws ConnectionException, InterruptedException {
    Optional<FastLane.Entry> ahead = parts.fastLane().next();
    if (ahead.isPresent()) {
      sendAhead(ahead.get());
    }
    Optional<OutRecord> next = Optional.empty();
    try {
      next = parts.outbox().poll(Duration.ofMillis(ahead.isPresent() ? 0 : IDLE_MILLIS));
    } catch (OutboxException e) {
      parts.reporter().problem("Sparkplug: outbox: " + e.getMessage());
      parts.inbox().await(IDLE_MILLIS);
      return;
    }
    if (next.isPresent()) {
      send(next.get());
    } else if (ahead.isEmpty()) {
      parts.fastLane().caughtUp();
      publish(node.settle());
    }
  }

  /** What cannot be sent is refused when its turn comes. */
  private void sendAhead(FastLane.Entry entry) throws ConnectionException, InterruptedException {
    Optional<StoredMessage> message =
        StoredMessage.parse(entry.stored())
            .filter(stored -> parts.sessions().isCurrent(stored.accepted()));
    try {
      if (message.isPresent()) {
        List<Outgoing> out = node.data(message.get(), true);
        parts.books().sentAhead(entry.id(), message.get(), out);
        publish(out);
      }
    } catch (IllegalArgumentException e) {
      log.debug("Record [{}] cannot be sent ahead of its turn", entry.id(), e);
      parts.fastLane().turn(entry.id(), true);
    }
  }

  private void send(OutRecord record) throws ConnectionException, InterruptedException {
    Optional<StoredMessage> message = StoredMessage.parse(record.payload());
    if (message.isEmpty()) {
      refuse(record, "written by a version that this one does not know");
      return;
    }
    boolean fresh = parts.sessions().isCurrent(message.get().accepted());
    if (parts.fastLane().turn(record.id(), fresh)) {
      parts.books().sent(record, message.get(), List.of());
      parts.settlement().sent(record, System.nanoTime());
      return;
    }
    List<Outgoing> out;
    try {
      out = node.data(message.get(), fresh);
    } catch (IllegalArgumentException e) {
      refuse(record, String.valueOf(e.getMessage()));
      return;
    }
    parts.books().sent(record, message.get(), out);
    parts.settlement().sent(record, System.nanoTime());
    publish(out);
  }

  private void refuse(OutRecord record, String why) {
    parts.outbox().refused(record, why);
    parts.reporter().deadLetter(record.id(), why);
  }

  private void publish(List<Outgoing> messages) throws ConnectionException, InterruptedException {
    for (Outgoing message : messages) {
      link.publish(message);
    }
  }

  /** Before a device is born, its commands are subscribed to. */
  private void subscribeDevices() throws ConnectionException, InterruptedException {
    for (DeviceStatus device : parts.devices().list()) {
      boolean writable = device.channels().stream().anyMatch(Channel::isWritable);
      if (writable && subscribed.add(device.id())) {
        link.subscribe(node.id().topic(NodeId.MessageType.DCMD, device.id()));
      }
    }
  }

  private Optional<End> handle(Entry entry) throws ConnectionException, InterruptedException {
    if (entry instanceof Entry.Written done) {
      Command command = done.command();
      publish(node.written(command.target(), command.value(), done.nanos()));
      return Optional.empty();
    }
    Entry.Arrived message = (Entry.Arrived) entry;
    Optional<String> id = parts.settings().primaryHost();
    if (id.isPresent() && message.topic().equals(NodeId.stateTopic(id.get()))) {
      if (host.heard(message.payload()) == Verdict.OFFLINE) {
        parts.reporter().waiting(id.get());
        return Optional.of(End.NO_HOST);
      }
      return Optional.empty();
    }
    for (Order order : parts.commands().orders(message.topic(), message.payload())) {
      if (order instanceof Order.Rebirth) {
        rebirth.ask();
      } else if (order instanceof Order.NextServer) {
        return Optional.of(End.NEXT_SERVER);
      } else if (order instanceof Order.Write write) {
        write(write.command());
      } else if (order instanceof Order.Refused refused) {
        parts.reporter().commandRefused(refused.why());
      }
    }
    return Optional.empty();
  }

  /** The device's bus thread ends it: hands over. */
  private void write(Command command) {
    Inbox inbox = parts.inbox();
    Reporter reporter = parts.reporter();
    parts
        .devices()
        .send(command)
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                inbox.put(new Entry.Written(command, System.nanoTime()));
              } else {
                log.debug("Command [{}] is not taken", command, failure);
                reporter.commandRefused(
                    "command to ["
                        + command.target()
                        + "] is not taken: "
                        + Failures.text(failure));
              }
            });
  }
}
