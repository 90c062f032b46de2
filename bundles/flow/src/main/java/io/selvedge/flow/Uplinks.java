package io.selvedge.flow;

import io.selvedge.api.uplink.Uplink;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * The uplinks by name. Each is fetched when it is first needed, and again the next time where it
 * could not be had: on a slow machine it may still be in the making, and declarative services,
 * which wait for it for a while and try only once, would leave the flows without it for good.
 * Thread-safe.
 */
final class Uplinks {

  private final List<Entry> entries = new CopyOnWriteArrayList<>();
  private final @Nullable BundleContext context; // none in unit tests, which add plain ones

  Uplinks(@Nullable BundleContext context) {
    this.context = context;
  }

  void add(ServiceReference<Uplink> reference) {
    BundleContext from = context;
    if (from != null) {
      add(name(reference), reference, () -> from.getService(reference));
    }
  }

  /**
   * Another one.
   *
   * @param source gives null where it cannot be had now
   */
  void add(String name, Object key, Supplier<@Nullable Uplink> source) {
    entries.add(new Entry(name, key, source));
  }

  /** Forgets the one that was added by this key. */
  void remove(Object key) {
    entries.removeIf(entry -> entry.key.equals(key));
    if (context != null && key instanceof ServiceReference<?> reference) {
      context.ungetService(reference);
    }
  }

  /** The uplink of this name, where there is one and it can be had now. */
  Optional<Uplink> find(String name) {
    for (Entry entry : entries) {
      if (entry.name.equals(name)) {
        Uplink uplink = entry.get();
        if (uplink != null) {
          return Optional.of(uplink);
        }
      }
    }
    return Optional.empty();
  }

  private static String name(ServiceReference<Uplink> reference) {
    Object name = reference.getProperty(Uplink.NAME);
    return name == null ? Uplink.HUB : name.toString();
  }

  private static final class Entry {
    private final String name;
    private final Object key;
    private final Supplier<@Nullable Uplink> source;
    private volatile @Nullable Uplink fetched;

    Entry(String name, Object key, Supplier<@Nullable Uplink> source) {
      this.name = name;
      this.key = key;
      this.source = source;
    }

    @Nullable Uplink get() {
      Uplink known = fetched;
      if (known == null) {
        known = source.get();
        fetched = known;
      }
      return known;
    }
  }
}
