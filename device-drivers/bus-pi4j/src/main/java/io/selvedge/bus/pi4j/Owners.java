package io.selvedge.bus.pi4j;

import com.pi4j.io.IO;
import com.pi4j.registry.Registry;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.SynchronousBundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which bundle made which input or output. What a bundle leaves behind when it stops is given back,
 * so that its next version finds its lines free.
 */
final class Owners implements SynchronousBundleListener {

  private static final Logger log = LoggerFactory.getLogger(Owners.class);

  private final Supplier<Optional<Bundle>> caller;
  private final Map<Long, Set<String>> made = new HashMap<>();
  private Optional<Registry> registry = Optional.empty();

  Owners() {
    this(Owners::callingBundle);
  }

  /**
   * @param caller the bundle that calls just now, other than Pi4J's and this one
   */
  Owners(Supplier<Optional<Bundle>> caller) {
    this.caller = caller;
  }

  private static Optional<Bundle> callingBundle() {
    Bundle own = FrameworkUtil.getBundle(Owners.class);
    Bundle pi4j = FrameworkUtil.getBundle(IO.class);
    return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
        .walk(
            frames ->
                frames
                    .map(
                        frame ->
                            Optional.ofNullable(FrameworkUtil.getBundle(frame.getDeclaringClass())))
                    .flatMap(Optional::stream)
                    .filter(bundle -> !bundle.equals(own) && !bundle.equals(pi4j))
                    .findFirst());
  }

  synchronized void made(IO<?, ?, ?> io, Registry in) {
    registry = Optional.of(in);
    caller
        .get()
        .ifPresent(
            bundle ->
                made.computeIfAbsent(bundle.getBundleId(), id -> new LinkedHashSet<>())
                    .add(io.id()));
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    if (event.getType() == BundleEvent.STOPPED) {
      release(event.getBundle());
    }
  }

  /** Gives back what a bundle has made and not shut down. */
  void release(Bundle bundle) {
    Set<String> left;
    Registry from;
    synchronized (this) {
      left = made.remove(bundle.getBundleId());
      if (left == null || registry.isEmpty()) {
        return;
      }
      from = registry.get();
    }
    for (String id : left) {
      if (from.exists(id)) {
        log.debug("bundle [{}] has left [{}]; it is given back", bundle.getSymbolicName(), id);
        try {
          IO<?, ?, ?> unused = from.remove(id);
        } catch (RuntimeException e) { // Pi4J's shutdown runs code of whoever made it
          log.warn("[{}] of bundle [{}] did not shut down", id, bundle.getSymbolicName(), e);
        }
      }
    }
  }
}
