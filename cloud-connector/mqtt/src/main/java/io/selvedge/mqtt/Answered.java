package io.selvedge.mqtt;

import io.selvedge.protocol.kura.Calls.Correlation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What was asked lately and what was answered, so that a request that comes twice is done once and
 * answered twice. Remembers for ten minutes, at most {@value #MOST} requests and {@value
 * #MOST_BYTES} bytes of replies; of older ones only that they were done. Used by one thread.
 */
final class Answered {

  static final int MOST = 1000;
  static final int MOST_BYTES = 4 << 20;
  static final Duration MEMORY = Duration.ofMinutes(10);

  /**
   * A request: the same id on another topic is another one.
   *
   * @param topic where it came
   * @param correlation who asked, and which of its requests
   */
  record Key(String topic, Correlation correlation) {}

  /**
   * The reply to a request that was done.
   *
   * @param bytes as they went out; none where they are no longer kept
   */
  record Done(Optional<byte[]> bytes) {}

  private record Entry(byte[] reply, long since) {
    private static final byte[] FORGOTTEN = {};
  }

  private final LongSupplier nanos;
  private final Map<Key, Entry> entries = new LinkedHashMap<>();
  private long bytes;

  /**
   * @param nanos a clock that only goes forward: {@link System#nanoTime}
   */
  Answered(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Empty where this was not asked, or too long ago. */
  Optional<Done> find(Key key) {
    forget();
    Entry entry = entries.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    return Optional.of(new Done(Optional.of(entry.reply).filter(reply -> reply.length > 0)));
  }

  /** It was done, and this was the reply. */
  void done(Key key, byte[] reply) {
    Entry before = entries.remove(key);
    bytes += reply.length - (before == null ? 0 : before.reply.length);
    entries.put(key, new Entry(reply, nanos.getAsLong()));
    forget();
  }

  private void forget() {
    long oldest = nanos.getAsLong() - MEMORY.toNanos();
    while (!entries.isEmpty() && (entries.size() > MOST || first().since - oldest < 0)) {
      bytes -= first().reply.length;
      entries.remove(entries.keySet().iterator().next());
    }
    for (Map.Entry<Key, Entry> entry : entries.entrySet()) {
      if (bytes <= MOST_BYTES) {
        return;
      }
      bytes -= entry.getValue().reply.length;
      entry.setValue(new Entry(Entry.FORGOTTEN, entry.getValue().since));
    }
  }

  private Entry first() {
    return entries.values().iterator().next();
  }
}
