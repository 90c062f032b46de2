package io.selvedge.core;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services that are told of something, each isolated from the faults of the others. A service is
 * fetched when it is first told, not when it appears: listeners often need the very service that
 * tells them, and fetching early would close that circle during activation.
 */
final class Listeners<L> {

  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final List<Entry<L>> entries = new CopyOnWriteArrayList<>();
  private final @Nullable BundleContext context; // none in unit tests, which add plain listeners

  Listeners(@Nullable BundleContext context) {
    this.context = context;
  }

  void add(ServiceReference<L> reference) {
    BundleContext from = context;
    if (from != null) {
      boolean ranked = reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer;
      int ranking = ranked ? (Integer) reference.getProperty(Constants.SERVICE_RANKING) : 0;
      insert(new Entry<>(reference, ranking, () -> from.getService(reference)));
    }
  }

  void add(L listener) {
    add(listener, 0);
  }

  void add(L listener, int ranking) {
    insert(new Entry<>(listener, ranking, () -> listener));
  }

  // Together with remove: a place is looked for and then used.
  private synchronized void insert(Entry<L> entry) {
    int at = 0;
    while (at < entries.size() && entries.get(at).ranking >= entry.ranking) {
      at++;
    }
    entries.add(at, entry);
  }

  /** Forgets a listener or a reference to one. */
  void remove(Object key) {
    synchronized (this) {
      entries.removeIf(entry -> entry.key.equals(key));
    }
    if (context != null && key instanceof ServiceReference<?> reference) {
      context.ungetService(reference);
    }
  }

  /**
   * Tells each, the highest {@code service.ranking} first, then in the order in which they came;
   * what one throws is logged and the next is told.
   */
  <T> void tell(BiConsumer<L, T> how, T what) {
    tell(how, what, true);
  }

  /** The same with what follows a message: that it went well does not mean that all is well. */
  void tellAfter(Consumer<L> message) {
    tell((listener, after) -> after.accept(listener), message, false);
  }

  private <T> void tell(BiConsumer<L, T> how, T what, boolean heals) {
    long begun = System.nanoTime();
    for (Iterator<Entry<L>> i = entries.iterator(); i.hasNext(); ) {
      Entry<L> entry = i.next();
      entry.tell(how, what, heals);
      long now = System.nanoTime();
      entry.complainIfSlow(now - begun);
      begun = now;
    }
  }

  /** Whether it threw, and has heard no message since. */
  boolean isFaulty(Object key) {
    return entries.stream().anyMatch(entry -> entry.faulty && entry.key.equals(key));
  }

  private interface Source<L> {
    @Nullable L get();
  }

  private static final class Entry<L> {
    private final Object key;
    private final int ranking;
    private final Source<L> source;
    private volatile @Nullable L listener;
    private volatile boolean faulty;
    private volatile boolean slow;

    Entry(Object key, int ranking, Source<L> source) {
      this.key = key;
      this.ranking = ranking;
      this.source = source;
    }

    private void complainIfSlow(long nanos) {
      if (nanos > SLOW_NANOS && !slow) {
        slow = true;
        log.warn(
            "listener [{}] took [{}] ms; it must hand over and return, for nothing else is read"
                + " meanwhile; this is said once",
            key,
            nanos / 1_000_000);
      }
    }

    // Every exception is caught: a plugin's fault must not end the thread that tells it.
    <T> void tell(BiConsumer<L, T> how, T what, boolean heals) {
      try {
        L known = listener;
        if (known == null) {
          known = source.get();
          listener = known;
        }
        if (known != null) {
          how.accept(known, what);
          faulty &= !heals;
        }
      } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
        if (faulty) {
          log.debug("listener [{}] threw again", key, e);
        } else {
          faulty = true;
          log.warn("listener [{}] threw; the others are told all the same", key, e);
        }
      }
    }
  }
}
