package io.selvedge.mqtt;

import java.util.HashSet;
import java.util.Set;

/**
 * Whether a broker that says "not authorized" means the message. It does where it takes others
 * after that; where it takes none, nobody knows, and what it denies must not push all that waits
 * through the dead letters: there is room for {@value #MOST} of them. So many in a row are
 * believed, then {@value #MOST_AGAIN} on each connection, until something is taken again. Used on
 * the client's threads.
 */
final class Denials {

  static final int MOST = 1000;
  static final int MOST_AGAIN = 10;

  private static final int MOST_PATHS = 256;

  /** Denied on this connection since a message was taken. */
  private final Set<String> denied = new HashSet<>();

  /** Denied while others were taken. */
  private final Set<String> known = new HashSet<>();

  private int left = MOST;

  /** A connection begins. */
  synchronized void connected() {
    denied.clear();
    left = Math.max(left, MOST_AGAIN);
  }

  /** The broker has acknowledged a message; its birth is none. */
  synchronized void taken(String path) {
    left = MOST;
    known.remove(path);
    if (!denied.isEmpty()) {
      denied.remove(path);
      if (known.size() < MOST_PATHS) {
        known.addAll(denied);
      }
      denied.clear();
    }
  }

  /** Whether one that was denied is to be set aside; where not, it has to wait. */
  synchronized boolean believe(String path) {
    if (known.contains(path)) {
      return true;
    }
    if (left == 0) {
      known.clear(); // a broker that takes nothing any more
      return false;
    }
    left--;
    if (denied.size() < MOST_PATHS) {
      denied.add(path);
    }
    return true;
  }
}
