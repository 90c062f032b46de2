package io.selvedge.deployment;

import io.selvedge.api.uplink.Uplink;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The uplink that is there at the moment. It is fetched when it is first needed, and again the next
 * time where it could not be had: it may still be in the making, after a start or an update of its
 * bundle, and declarative services, which try only once, would leave this bundle without it for
 * good. On any thread.
 */
final class WayToHub implements Supplier<Optional<Uplink>> {

  private record Bound(Object key, Supplier<@Nullable Uplink> source) {}

  private Optional<Bound> bound = Optional.empty();
  private @Nullable Uplink fetched;

  /**
   * From now on it is this one.
   *
   * @param source gives null where it cannot be had now
   */
  synchronized void bind(Object key, Supplier<@Nullable Uplink> source) {
    bound = Optional.of(new Bound(key, source));
    fetched = null;
  }

  /** The one that was bound by this key goes; nothing where another one has taken its place. */
  synchronized void unbind(Object key) {
    if (bound.filter(b -> b.key().equals(key)).isPresent()) {
      bound = Optional.empty();
      fetched = null;
    }
  }

  @Override
  public Optional<Uplink> get() {
    Optional<Bound> from;
    synchronized (this) {
      if (fetched != null) {
        return Optional.of(fetched);
      }
      from = bound;
    }
    // Without the lock: whoever is made meanwhile may need this bundle, on another thread.
    Uplink made = from.map(b -> b.source().get()).orElse(null);
    synchronized (this) {
      if (made != null && from.equals(bound)) {
        fetched = made;
      }
    }
    return Optional.ofNullable(made);
  }
}
