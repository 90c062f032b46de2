package io.selvedge.deployment;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of classes of bundles that are gone. The framework stops what uses them for that; where
 * one of these is just starting or stopping it waits for it without limit, and nobody may start,
 * stop or install anything meanwhile. So it is left for later while there is such a bundle; a
 * restart of the gateway does it too. Used by one thread.
 */
final class PackageRefresh {

  private static final Logger log = LoggerFactory.getLogger(PackageRefresh.class);
  private static final int SECONDS = 30;

  private final FrameworkWiring wiring;
  private final Predicate<Bundle> hanging;
  private List<String> told = List.of();

  /**
   * @param hanging whether a bundle was left behind
   */
  PackageRefresh(FrameworkWiring wiring, Predicate<Bundle> hanging) {
    this.wiring = wiring;
    this.hanging = hanging;
  }

  /** Waits until it is done, since Felix bears no other change meanwhile. */
  void refresh() {
    List<String> busy =
        wiring.getDependencyClosure(wiring.getRemovalPendingBundles()).stream()
            .filter(bundle -> hanging.test(bundle) || isBetween(bundle))
            .map(Bundle::getLocation)
            .sorted()
            .toList();
    if (!busy.isEmpty()) {
      if (!busy.equals(told)) {
        log.warn("{} neither run nor rest and use what is gone; it is let go of later", busy);
      }
      told = busy;
      return;
    }
    told = List.of();
    CountDownLatch done = new CountDownLatch(1);
    wiring.refreshBundles(null, event -> done.countDown());
    try {
      if (!done.await(SECONDS, TimeUnit.SECONDS)) {
        log.warn("Refreshing bundles takes longer than [{}] s", SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A lazy one that waits for its first class to be used holds up nobody. */
  private static boolean isBetween(Bundle bundle) {
    return bundle.getState() == Bundle.STOPPING
        || (bundle.getState() == Bundle.STARTING
            && bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY) == null);
  }
}
