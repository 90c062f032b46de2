package io.selvedge.hub.share;

import io.selvedge.hub.store.Claims;
import io.selvedge.hub.store.Hubs;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other hubs on the database that this one is there, and keeps what those leave behind
 * that are gone: their sessions at the broker hold messages that nobody else would get. When one is
 * back, it has its own again. Thread {@code hub-presence}.
 */
public final class Presence implements AutoCloseable {

  /** Takes what another hub leaves. */
  @FunctionalInterface
  public interface Keeping {
    /**
     * Begins; what it returns is closed when that hub is back.
     *
     * @param mine asks whether that hub is still gone and this one still keeps what it left
     */
    AutoCloseable begin(String hub, BooleanSupplier mine);
  }

  private static final Logger log = LoggerFactory.getLogger(Presence.class);
  private static final long BEAT_MILLIS = 3000;
  private static final long VALID_NANOS = TimeUnit.SECONDS.toNanos(Hubs.GONE_SECONDS - 5);
  private static final int BEATS_A_CLEANING = 100;

  private final Hubs hubs;
  private final Claims claims;
  private final String name;
  private final String process;
  private final Keeping keeping;
  private final Map<String, AutoCloseable> kept = new TreeMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "hub-presence");
  private volatile long seenNanos = System.nanoTime();
  private volatile boolean named = true; // until another process takes the name

  /**
   * @param name this hub's
   * @param process this process's, the same after a restart
   * @param keeping takes what others leave
   */
  public Presence(Hubs hubs, Claims claims, String name, String process, Keeping keeping) {
    this.hubs = hubs;
    this.claims = claims;
    this.name = name;
    this.process = process;
    this.keeping = keeping;
  }

  /**
   * Enters this hub; waits for one of the same name that has just ended.
   *
   * @param keyId of the key that deployments are signed with
   * @param former ids of the keys that led to it
   * @throws IOException it may not run beside the others
   */
  public void start(String keyId, List<String> former) throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(Hubs.GONE_SECONDS + 3L);
    Optional<String> refused = hubs.register(name, process, keyId, former);
    while (refused.isPresent() && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(500);
      refused = hubs.register(name, process, keyId, former);
    }
    if (refused.isPresent()) {
      throw new IOException(refused.get());
    }
    seenNanos = System.nanoTime();
    thread.start();
  }

  /** Whether the others know that it is there: else they may take what is its own. */
  public boolean valid() {
    return named && System.nanoTime() - seenNanos < VALID_NANOS;
  }

  private boolean keeps(String gone) {
    try {
      return valid() && hubs.keep(gone, name);
    } catch (RuntimeException e) { // the store is away
      log.debug("Presence", e);
      return false;
    }
  }

  private void run() {
    try {
      for (int beat = 0; !closed.await(BEAT_MILLIS, TimeUnit.MILLISECONDS); beat++) {
        beat(beat % BEATS_A_CLEANING == 0);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void beat(boolean cleaning) {
    try {
      long asked = System.nanoTime();
      boolean mine = hubs.seen(name, process);
      if (mine) {
        seenNanos = asked;
      } else if (named) {
        log.error("Another process runs as hub [{}]; stop one of the two", name);
      }
      named = mine;
      look();
      if (cleaning) {
        claims.forgetOld();
      }
    } catch (RuntimeException e) { // the store is away: others may take over meanwhile
      log.debug("Presence", e);
    }
    if (!valid()) {
      release();
    }
  }

  private void look() {
    var gone = hubs.gone();
    for (String hub : gone) {
      if (!hub.equals(name) && hubs.keep(hub, name) && !kept.containsKey(hub)) {
        log.warn("Hub {} is gone; its messages are taken here until it is back", hub);
        kept.put(hub, keeping.begin(hub, () -> keeps(hub)));
      }
    }
    kept.entrySet()
        .removeIf(
            one -> {
              boolean back = !gone.contains(one.getKey());
              if (back) {
                log.info("Hub {} is back", one.getKey());
                close(one.getValue());
              }
              return back;
            });
  }

  private void release() {
    kept.values().forEach(Presence::close);
    kept.clear();
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) { // the others shall be closed all the same
      log.warn("What was kept of another hub did not close", e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    release();
  }
}
