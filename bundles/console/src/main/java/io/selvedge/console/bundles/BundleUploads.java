package io.selvedge.console.bundles;

import io.selvedge.console.http.Refusal;
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
import org.osgi.framework.Constants;
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

  BundleUploads(BundleContext context) {
    this.context = context;
    this.wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
  }

  /**
   * Whether the console would have to stop itself for one of them, and could not tell the end.
   *
   * @throws Refusal one is not to be replaced by hand
   */
  boolean areUnderTheConsole(List<Upload> uploads) throws Refusal {
    Set<Bundle> changed = new HashSet<>();
    for (Upload upload : uploads) {
      Optional<Bundle> present = present(upload);
      if (present.isPresent()) {
        requireOwn(present.get());
        changed.add(present.get());
      }
      changed.addAll(hosts(upload));
    }
    Set<Bundle> touched = new HashSet<>(changed);
    touched.addAll(wiring.getDependencyClosure(changed));
    return touched.contains(context.getBundle())
        || touched.contains(context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION));
  }

  /**
   * Puts all of them in their places, then has what uses them wired anew where that is wished, then
   * starts what is to run: they may need each other in any order. For a thread that nobody but the
   * framework interrupts.
   *
   * @throws Refusal not all of it runs that is to run; the message has a line for each
   */
  void apply(List<Upload> uploads) throws Refusal {
    List<Placement> placements =
        uploads.stream().map(one -> new Placement(context, one, present(one))).toList();
    Set<Bundle> users = users(placements);
    requireCalm(users);
    users.removeIf(user -> !Placement.isRunning(user));
    placements.forEach(Placement::put);
    List<String> faults = new ArrayList<>(refresh(placements));
    placements.forEach(Placement::start);
    placements.forEach(one -> one.fault().ifPresent(faults::add));
    for (Bundle user : users) {
      if (!Placement.isRunning(user)) {
        faults.add(
            "bundle ["
                + user.getSymbolicName()
                + " "
                + user.getVersion()
                + "] uses what was replaced, ran before and does not now; upload one that fits");
      }
    }
    if (!faults.isEmpty()) {
      throw new Refusal(409, "bundle.not_running", String.join("\n", faults));
    }
  }

  /** What uses what is replaced, and is not replaced itself. */
  private Set<Bundle> users(List<Placement> placements) {
    List<Bundle> changed = changed(placements);
    Set<Bundle> users = new HashSet<>();
    if (!changed.isEmpty()) {
      users.addAll(wiring.getDependencyClosure(changed));
    }
    placements.forEach(one -> one.bundle().ifPresent(users::remove));
    return users;
  }

  /** They themselves, or what they are fragments of. */
  private List<Bundle> changed(List<Placement> placements) {
    List<Bundle> changed = new ArrayList<>();
    for (Placement one : placements) {
      one.bundle().ifPresent(changed::add);
      changed.addAll(hosts(one.upload()));
    }
    return changed;
  }

  private List<Bundle> hosts(Upload upload) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> upload.isFragment() && upload.host().equals(bundle.getSymbolicName()))
        .toList();
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
                    || (upload.name().equals(bundle.getSymbolicName())
                        && (!upload.wish().beside()
                            || upload.version().equals(bundle.getVersion()))))
        .findFirst();
  }

  /** What came signed from a hub or by remote management is not replaced behind its back. */
  private static void requireOwn(Bundle bundle) throws Refusal {
    String location = bundle.getLocation();
    if (location.startsWith(DEPLOYED) || location.startsWith(PACKAGED)) {
      throw new Refusal(
          409,
          "bundle.taken",
          "bundle ["
              + bundle.getSymbolicName()
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
  private static void requireCalm(Set<Bundle> users) throws Refusal {
    for (int tried = 1; users.stream().anyMatch(Placement::isBetween); tried++) {
      if (tried == Collisions.TRIES) {
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
  private List<String> refresh(List<Placement> placements) {
    List<Bundle> changed =
        changed(placements.stream().filter(one -> one.upload().wish().refresh()).toList());
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
}
