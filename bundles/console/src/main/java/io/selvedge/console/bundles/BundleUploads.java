package io.selvedge.console.bundles;

import io.selvedge.console.http.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Installs and replaces bundles by the rules of the Felix web console, but to the end: whoever
 * uploaded them is told that they run, or why not. What that console does in the background can
 * fail for no reason but that something else is changed at the same moment, and then nothing but
 * the log says that the version before still runs.
 */
final class BundleUploads {

  private static final String DEPLOYED = "selvedge:";
  private static final String PACKAGED = "selvedge-package:";
  private static final long REFRESH_SECONDS = 30;

  private final BundleContext context;
  private final FrameworkWiring wiring;
  private final Duration patience;

  /**
   * @param patience for what is just starting or stopping
   */
  BundleUploads(BundleContext context, Duration patience) {
    this.context = context;
    this.wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    this.patience = patience;
  }

  /**
   * Puts all of them in their places, then has what uses them wired anew where that is wished, then
   * starts what is to run: they may need each other in any order. For a thread that nobody but the
   * framework interrupts, and that may wait as long as a bundle does not return.
   *
   * @return false where the console would have to stop itself for it, and nothing was done
   * @throws Refusal not all of it runs that is to run; the message has a line for each
   */
  boolean apply(List<Upload> uploads) throws Refusal {
    List<Placement> placements = new ArrayList<>();
    for (Upload upload : uploads) {
      placements.add(new Placement(context, upload, () -> present(upload)));
    }
    for (Placement one : placements) {
      requireOwn(one.bundle());
    }
    if (isUnderTheConsole(placements)) {
      return false;
    }
    List<Placement> refreshed =
        placements.stream().filter(one -> one.upload().wish().refresh()).toList();
    Set<Bundle> users = closure(changed(refreshed));
    placements.forEach(one -> one.bundle().ifPresent(users::remove));
    requireCalm(users);
    users.removeIf(user -> !Placement.isRunning(user));

    placements.forEach(Placement::put);
    List<String> faults = new ArrayList<>(refresh(changed(refreshed)));
    placements.forEach(Placement::start);
    placements.forEach(one -> one.fault().ifPresent(faults::add));
    for (Bundle user : users) {
      startAgain(user).ifPresent(faults::add);
    }
    if (!faults.isEmpty()) {
      throw new Refusal(409, "bundle.not_running", String.join("\n", faults));
    }
    return true;
  }

  private boolean isUnderTheConsole(List<Placement> placements) {
    Set<Bundle> touched = closure(changed(placements));
    return touched.contains(context.getBundle())
        || touched.contains(context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION));
  }

  private Set<Bundle> closure(Set<Bundle> bundles) {
    Set<Bundle> closure = new HashSet<>(bundles);
    if (!bundles.isEmpty()) { // the framework waits for its lock even for nothing
      closure.addAll(wiring.getDependencyClosure(bundles));
    }
    return closure;
  }

  /** They themselves, and what they are fragments of. */
  private Set<Bundle> changed(List<Placement> placements) {
    Set<Bundle> changed = new HashSet<>();
    for (Placement one : placements) {
      Upload upload = one.upload();
      one.bundle().ifPresent(changed::add);
      one.bundle().map(BundleUploads::hosts).ifPresent(changed::addAll);
      Arrays.stream(context.getBundles())
          .filter(bundle -> upload.isFragment() && isCalled(bundle, upload.host()))
          .forEach(changed::add);
    }
    return changed;
  }

  private static List<Bundle> hosts(Bundle fragment) {
    BundleWiring now = fragment.adapt(BundleWiring.class);
    return now == null
        ? List.of()
        : now.getRequiredWires(BundleRevision.HOST_NAMESPACE).stream()
            .map(wire -> wire.getProvider().getBundle())
            .toList();
  }

  /** The framework has two names. */
  private static boolean isCalled(Bundle bundle, String name) {
    return name.equals(bundle.getSymbolicName())
        || (bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID
            && name.equals(Constants.SYSTEM_BUNDLE_SYMBOLICNAME));
  }

  /** The one that it replaces. */
  private Optional<Bundle> present(Upload upload) {
    if (upload.wish().target() >= 0) {
      return Optional.ofNullable(context.getBundle(upload.wish().target()));
    }
    return Arrays.stream(context.getBundles())
        .filter(
            bundle ->
                bundle.getLocation().equals(Placement.LOCATION + upload.file())
                    || (isCalled(bundle, upload.name())
                        && (!upload.wish().beside()
                            || upload.version().equals(bundle.getVersion()))))
        .findFirst();
  }

  /** What came signed from a hub or by remote management is not replaced behind its back. */
  private static void requireOwn(Optional<Bundle> bundle) throws Refusal {
    String location = bundle.map(Bundle::getLocation).orElse("");
    if (location.startsWith(DEPLOYED) || location.startsWith(PACKAGED)) {
      throw new Refusal(
          409,
          "bundle.taken",
          "bundle ["
              + bundle.map(Bundle::getSymbolicName).orElse("")
              + "] is here from ["
              + location
              + "] and not to be replaced by hand; change it where it came from: a deployment of the"
              + " hub, or a package of remote management");
    }
  }

  /**
   * While something just starts or stops, Felix would wait for its end without limit before it
   * refreshes it, and hold up every start, stop and installation of the gateway.
   */
  private void requireCalm(Set<Bundle> users) throws Refusal {
    long end = System.nanoTime() + patience.toNanos();
    while (users.stream().anyMatch(Placement::isBetween)) {
      if (System.nanoTime() > end) {
        throw new Refusal(
            409,
            "bundle.busy",
            users.stream()
                    .filter(Placement::isBetween)
                    .map(Bundle::getSymbolicName)
                    .sorted()
                    .toList()
                + " use what is to be replaced and are just starting or stopping; upload again when"
                + " they are done, or restart the gateway where they hang");
      }
      Collisions.pause();
    }
  }

  /** Has what uses them wired anew; what is wrong with that. */
  private List<String> refresh(Set<Bundle> changed) {
    CountDownLatch done = new CountDownLatch(1);
    try {
      if (!changed.isEmpty()) {
        wiring.refreshBundles(changed, event -> done.countDown());
        if (!done.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
          return List.of(
              "wiring anew what uses it takes longer than ["
                  + REFRESH_SECONDS
                  + " s]; see the page of the bundles");
        }
      }
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of("wiring anew what uses it was interrupted; the gateway stops");
    }
  }

  /** The framework itself starts again only what was active, and before what they may need. */
  private static Optional<String> startAgain(Bundle user) {
    String why = "";
    try {
      if (!Placement.isRunning(user)) {
        Collisions.insist(() -> user.start(Placement.startAsBefore(user)));
      }
    } catch (BundleException | IOException | IllegalStateException e) {
      why = ": " + e.getMessage();
    }
    return Placement.isRunning(user)
        ? Optional.empty()
        : Optional.of(
            "bundle ["
                + user.getSymbolicName()
                + " "
                + user.getVersion()
                + "] uses what was replaced, ran before and does not now"
                + why
                + "; upload one that fits");
  }
}
