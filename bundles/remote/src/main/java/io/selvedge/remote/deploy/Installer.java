package io.selvedge.remote.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the bundles of packages into the framework, beside those of the version before; these stop
 * once the new ones are resolved, and go once the new ones run. Where they do not, the old ones
 * start again.
 */
final class Installer {

  /** Before the location of a bundle of ours: {@code selvedge-package:NAME/SHA256/ENTRY}. */
  static final String LOCATION = "selvedge-package:";

  private static final Logger log = LoggerFactory.getLogger(Installer.class);
  private static final int START_LEVEL = 4;

  /** At the next start nothing runs before its file has been verified again. */
  private static final int START = Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY;

  private static final long REFRESH_SECONDS = 30;

  private final BundleContext context;
  private final FrameworkWiring wiring;

  Installer(BundleContext context) {
    this.context = context;
    this.wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
  }

  /** Bundles of a package, of any version. */
  private List<Bundle> of(String name) {
    String prefix = LOCATION + name + '/';
    return Arrays.stream(context.getBundles())
        .filter(bundle -> bundle.getLocation().startsWith(prefix))
        .toList();
  }

  /** Makes them those of the file; does nothing where they are and run. */
  void install(String name, String sha256, PackageFile file) throws IOException, DeployException {
    String prefix = LOCATION + name + '/' + sha256 + '/';
    for (PackageFile.Member one : file.bundles()) {
      requireFree(name, one);
    }
    List<Bundle> before =
        of(name).stream().filter(one -> !one.getLocation().startsWith(prefix)).toList();
    List<Bundle> next = new ArrayList<>();
    List<Bundle> stopped = new ArrayList<>();
    try {
      for (PackageFile.Member one : file.bundles()) {
        next.add(add(prefix, file, one));
      }
      resolve(next);
      for (Bundle old : before) {
        if (old.getState() == Bundle.ACTIVE || old.getState() == Bundle.STARTING) {
          stopped.add(old);
          old.stop(Bundle.STOP_TRANSIENT);
        }
      }
      for (Bundle one : next) {
        if (one.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
          one.start(START);
        }
      }
    } catch (BundleException | DeployException | IOException e) {
      next.forEach(Installer::remove);
      stopped.forEach(Installer::startAgain);
      refresh();
      throw new DeployException(
          "the package [" + name + "] cannot be installed: " + why(e) + "; what was here runs on",
          e);
    }
    before.forEach(Installer::remove);
    refresh();
  }

  /**
   * Takes out what the framework has kept of packages that do not run, over a clean stop: nobody
   * compares its copies with the file that was verified.
   */
  void forgetKept() {
    for (String name : names()) {
      if (of(name).stream().allMatch(Installer::isAtRest)) {
        uninstall(name);
      }
    }
  }

  private static boolean isAtRest(Bundle bundle) {
    return bundle.getState() == Bundle.INSTALLED || bundle.getState() == Bundle.RESOLVED;
  }

  /** Takes a package's bundles out. */
  void uninstall(String name) {
    of(name).forEach(Installer::remove);
    refresh();
  }

  /** Names of packages of which there are bundles. */
  List<String> names() {
    return Arrays.stream(context.getBundles())
        .map(Bundle::getLocation)
        .filter(location -> location.startsWith(LOCATION))
        .map(location -> location.substring(LOCATION.length()).replaceFirst("/.*", ""))
        .distinct()
        .toList();
  }

  private void requireFree(String name, PackageFile.Member member) throws DeployException {
    for (Bundle bundle : context.getBundles()) {
      if (member.symbolicName().equals(bundle.getSymbolicName())
          && !bundle.getLocation().startsWith(LOCATION + name + '/')) {
        throw new DeployException(
            "bundle ["
                + member.symbolicName()
                + "] is here from ["
                + bundle.getLocation()
                + "] and not this package's to replace; the gateway's own bundles change with an"
                + " upgrade, others where they came from");
      }
    }
  }

  private Bundle add(String prefix, PackageFile file, PackageFile.Member member)
      throws BundleException, IOException {
    String location = prefix + member.entry();
    Bundle present = context.getBundle(location);
    if (present != null) {
      return present;
    }
    if (member.entry().isEmpty()) {
      try (InputStream in = Files.newInputStream(file.path())) {
        return level(context.installBundle(location, in));
      }
    }
    try (JarFile jar = new JarFile(file.path().toFile(), false);
        InputStream in = jar.getInputStream(jar.getEntry(member.entry()))) {
      return level(context.installBundle(location, in));
    }
  }

  private static Bundle level(Bundle bundle) {
    bundle.adapt(BundleStartLevel.class).setStartLevel(START_LEVEL);
    return bundle;
  }

  private void resolve(List<Bundle> bundles) throws DeployException {
    if (!wiring.resolveBundles(bundles)) {
      String missing =
          bundles.stream()
              .filter(one -> one.getState() == Bundle.INSTALLED)
              .map(one -> one.getSymbolicName() + " needs " + missing(one))
              .collect(Collectors.joining("; "));
      throw new DeployException(
          "it needs what this gateway does not have: " + missing + "; put that into the package");
    }
  }

  private String missing(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision.getRequirements(null).stream()
        .filter(one -> !"optional".equals(one.getDirectives().get("resolution")))
        .filter(one -> wiring.findProviders(one).isEmpty())
        .map(one -> one.getDirectives().getOrDefault("filter", one.getNamespace()))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String why(Exception e) {
    Throwable cause = e instanceof BundleException && e.getCause() != null ? e.getCause() : e;
    return cause instanceof DeployException ? String.valueOf(cause.getMessage()) : cause.toString();
  }

  private static void remove(Bundle bundle) {
    try {
      bundle.uninstall();
    } catch (BundleException e) {
      log.warn("Bundle [{}] made an error while it went", bundle.getLocation(), e);
    }
  }

  private static void startAgain(Bundle bundle) {
    try {
      bundle.start(START);
    } catch (BundleException e) {
      log.error("Bundle [{}] does not start again", bundle.getLocation(), e);
    }
  }

  /**
   * Lets go of classes of what is gone; waits, since Felix bears no other change meanwhile. Left
   * for later while a bundle that would be stopped for it is just starting or stopping: Felix would
   * wait for that without limit, and hold up every start, stop and installation.
   */
  private void refresh() {
    List<String> busy =
        wiring.getDependencyClosure(wiring.getRemovalPendingBundles()).stream()
            .filter(Installer::isBetween)
            .map(Bundle::getLocation)
            .toList();
    if (!busy.isEmpty()) {
      log.warn("{} neither run nor rest and use what is gone; it is let go of later", busy);
      return;
    }
    CountDownLatch done = new CountDownLatch(1);
    wiring.refreshBundles(null, event -> done.countDown());
    try {
      if (!done.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
        log.warn("Refreshing bundles takes longer than [{}] s", REFRESH_SECONDS);
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
