package io.selvedge.mqtt.client;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of packets that wait for the broker's answer, of all kinds, so that no two under way bear
 * the same; and who waits for it. Thread-safe.
 */
final class PacketIds {

  private static final int MOST = 65_536;
  private static final int LEAST = 1024;

  /** Stands for those whose answers Paho hears. */
  private static final PublishListener ELSEWHERE =
      new PublishListener() {
        @Override
        public void done() {
          // Paho tells
        }

        @Override
        public void failed(String reason) {
          // Paho tells
        }
      };

  private final @Nullable PublishListener[] waiting;
  private final int mask;
  private int last;
  private int taken;
  private int published;
  private @Nullable String ended;

  /**
   * @param underWay so many at least may be under way at once
   */
  PacketIds(int underWay) {
    int size = LEAST;
    while (size < MOST && size < 2 * underWay) {
      size *= 2;
    }
    waiting = new PublishListener[size];
    mask = size - 1;
  }

  /** A number for a packet whose answer Paho hears; 0 where all are taken. */
  int take() {
    return take(ELSEWHERE);
  }

  /** A number for a packet that we publish; 0 where all are taken, or nothing is sent any more. */
  synchronized int take(PublishListener listener) {
    if (taken >= mask || ended != null) {
      return 0;
    }
    do {
      last = (last + 1) & mask;
    } while (last == 0 || waiting[last] != null);
    waiting[last] = listener;
    taken++;
    published += listener == ELSEWHERE ? 0 : 1;
    return last;
  }

  /** Whom the broker's acknowledgement of this number concerns; null where that is not us. */
  synchronized @Nullable PublishListener acknowledged(int id) {
    if (id > mask || waiting[id] == ELSEWHERE) {
      return null;
    }
    return free(id);
  }

  /** The number is free again; whoever waited hears nothing. */
  synchronized void give(int id) {
    PublishListener unused = free(id);
  }

  private @Nullable PublishListener free(int id) {
    PublishListener listener = waiting[id];
    if (listener != null) {
      waiting[id] = null;
      taken--;
      published -= listener == ELSEWHERE ? 0 : 1;
      if (published == 0) {
        notifyAll();
      }
    }
    return listener;
  }

  /** Nothing is acknowledged any more: tells all that wait, once. */
  void end(String reason) {
    @Nullable PublishListener[] rest;
    synchronized (this) {
      if (ended != null) {
        return;
      }
      ended = reason;
      rest = waiting.clone();
      Arrays.fill(waiting, null);
      taken = 0;
      published = 0;
      notifyAll();
    }
    for (PublishListener listener : rest) {
      if (listener != null) {
        listener.failed(reason);
      }
    }
  }

  /** Why nothing is sent any more; null while it is. */
  synchronized @Nullable String ended() {
    return ended;
  }

  /** Waits until nothing that we published is under way any more, so long at most. */
  synchronized void drain(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    long left = millis;
    while (published > 0 && left > 0) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }
}
