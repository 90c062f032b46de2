package io.selvedge.sparkplug;

import io.selvedge.api.device.Command;
import io.selvedge.mqtt.client.ConnectionListener;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What waits for the edge node's thread. It holds {@value #MOST} entries; what comes while it is
 * full is passed over and counted: a host that asked in vain asks again.
 */
final class Inbox implements ConnectionListener {

  private static final int MOST = 1000;

  /** What can come. */
  sealed interface Entry {

    /** A message on a topic that is subscribed to. */
    record Arrived(String topic, byte[] payload) implements Entry {}

    /**
     * A device has taken a command.
     *
     * @param nanos {@link System#nanoTime()} when it did
     */
    record Written(Command command, long nanos) implements Entry {}
  }

  private final BlockingQueue<Entry> entries = new LinkedBlockingQueue<>(MOST);
  private final Reporter reporter;
  private Optional<Entry> held = Optional.empty();

  Inbox(Reporter reporter) {
    this.reporter = reporter;
  }

  @Override
  public void arrived(Incoming message) {
    put(new Entry.Arrived(message.topic(), message.payload()));
  }

  @Override
  public void lost(String reason) {
    // the thread looks at the connection itself
  }

  void put(Entry entry) {
    if (!entries.offer(entry)) {
      reporter.commandRefused("more than [" + MOST + "] commands wait; later ones are passed over");
    }
  }

  /** The next one; empty where none came in time. For one thread. */
  Optional<Entry> poll(long millis) throws InterruptedException {
    await(millis);
    Optional<Entry> next = held;
    held = Optional.empty();
    return next;
  }

  /** Waits until there is one, so long at most. For the same thread. */
  void await(long millis) throws InterruptedException {
    if (held.isEmpty()) {
      held = Optional.ofNullable(entries.poll(millis, TimeUnit.MILLISECONDS));
    }
  }

  /** Forgets what a connection before brought. For the same thread. */
  void clear() {
    entries.clear();
    held = Optional.empty();
  }
}
