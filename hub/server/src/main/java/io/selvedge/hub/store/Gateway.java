package io.selvedge.hub.store;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the hub knows of one gateway.
 *
 * @param id its id
 * @param enrolled when it was given a password; empty where it was only heard on a broker of others
 * @param groups that it is of
 * @param state whether it is there
 * @param since when the state began
 * @param lastSeen when its newest message arrived
 * @param born when its newest birth arrived
 * @param birth that birth's metrics, values as text
 * @param reported its newest reported state, JSON
 * @param reportedAt when that arrived
 */
public record Gateway(
    String id,
    Optional<Instant> enrolled,
    Set<String> groups,
    State state,
    Instant since,
    Optional<Instant> lastSeen,
    Optional<Instant> born,
    Map<String, String> birth,
    Optional<String> reported,
    Optional<Instant> reportedAt) {

  /** Names are stable: they are stored. */
  public enum State {
    /** Enrolled, and never heard of. */
    NEW,
    /** Its birth came, and neither a farewell nor a will since. */
    ONLINE,
    /** It said farewell, or the hub was started anew and has not heard of it since. */
    OFFLINE,
    /** The broker lost it: its will was published. */
    LOST
  }

  public Gateway {
    groups = Collections.unmodifiableSet(new TreeSet<>(groups));
    birth = Map.copyOf(birth);
  }
}
