package io.selvedge.hub.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Small numbers for long names, so that a measurement costs few bytes. A name is put into its table
 * once, in a transaction of its own, and never changes its number. Thread-safe.
 */
final class Names {

  /** A channel of a device of a gateway. */
  record Series(String gateway, String device, String channel) {}

  /** An outbox of a gateway. */
  record Outbox(String gateway, String outbox) {}

  /** Bound on what is remembered; beyond it the database is asked again. */
  private static final int REMEMBERED = 100_000;

  private static final int BLOCK = 1000; // the sequence's increment

  private final Jdbi jdbi;
  private final Map<Series, Integer> series = new ConcurrentHashMap<>();
  private final Map<Outbox, Integer> outboxes = new ConcurrentHashMap<>();
  private final Object ids = new Object();
  private long nextId;
  private long lastId = -1;

  Names(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  int number(Series name) {
    return remembered(series, name, () -> jdbi.withHandle(h -> number(h, name)));
  }

  int number(Outbox name) {
    return remembered(outboxes, name, () -> jdbi.withHandle(h -> number(h, name)));
  }

  /** A message's number: rises, with gaps; never the same twice, also among several hubs. */
  long nextMessage() {
    synchronized (ids) {
      if (nextId > lastId) {
        nextId =
            jdbi.withHandle(
                h -> h.createQuery("select nextval('message_ids')").mapTo(Long.class).one());
        lastId = nextId + BLOCK - 1;
      }
      return nextId++;
    }
  }

  private static <K> int remembered(
      Map<K, Integer> known, K name, java.util.function.IntSupplier ask) {
    Integer number = known.get(name);
    if (number != null) {
      return number;
    }
    int asked = ask.getAsInt();
    if (known.size() < REMEMBERED) {
      known.put(name, asked);
    }
    return asked;
  }

  private static int number(Handle h, Series name) {
    h.createUpdate(
            "insert into series (gateway, device, channel) values (?, ?, ?)"
                + " on conflict do nothing")
        .bind(0, name.gateway())
        .bind(1, name.device())
        .bind(2, name.channel())
        .execute();
    return h.createQuery("select id from series where gateway = ? and device = ? and channel = ?")
        .bind(0, name.gateway())
        .bind(1, name.device())
        .bind(2, name.channel())
        .mapTo(Integer.class)
        .one();
  }

  private static int number(Handle h, Outbox name) {
    h.createUpdate("insert into outboxes (gateway, outbox) values (?, ?) on conflict do nothing")
        .bind(0, name.gateway())
        .bind(1, name.outbox())
        .execute();
    return h.createQuery("select id from outboxes where gateway = ? and outbox = ?")
        .bind(0, name.gateway())
        .bind(1, name.outbox())
        .mapTo(Integer.class)
        .one();
  }
}
