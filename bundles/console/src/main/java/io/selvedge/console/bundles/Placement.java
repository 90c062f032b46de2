package io.selvedge.console.bundles;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One uploaded jar on its way to be a bundle: put there, then started. For one thread. */
final class Placement {

  /** Before the file's name in the location of what is new: as the Felix web console has it. */
  static final String LOCATION = "inputstream:";

  private static final Logger log = LoggerFactory.getLogger(Placement.class);

  private final BundleContext context;
  private final Upload upload;
  private final Supplier<Optional<Bundle>> present;
  private final boolean toRun;
  private final int start;
  private Optional<Bundle> bundle;
  private String failure = "";

  /**
   * @param present looks for what it replaces; nothing where it is new
   */
  Placement(BundleContext context, Upload upload, Supplier<Optional<Bundle>> present) {
    this.context = context;
    this.upload = upload;
    this.present = present;
    bundle = present.get();
    toRun = bundle.map(Placement::isToRun).orElse(upload.wish().start());
    start = bundle.map(Placement::startAsBefore).orElse(0);
  }

  Upload upload() {
    return upload;
  }

  /** What it replaces, or has become. */
  Optional<Bundle> bundle() {
    return bundle;
  }

  /** Running, or stopped by its own failure and nobody's wish. */
  private static boolean isToRun(Bundle bundle) {
    return isRunning(bundle) || bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
  }

  /** Without a change of what the operator has said of its start. */
  static int startAsBefore(Bundle bundle) {
    boolean lazy =
        bundle.getState() != Bundle.ACTIVE
            && bundle.adapt(BundleStartLevel.class).isActivationPolicyUsed();
    return Bundle.START_TRANSIENT | (lazy ? Bundle.START_ACTIVATION_POLICY : 0);
  }

  /** One that waits for its first class to be used runs, too. */
  static boolean isRunning(Bundle bundle) {
    return bundle.getState() == Bundle.ACTIVE
        || (bundle.getState() == Bundle.STARTING && !isBetween(bundle));
  }

  /** Just starting or stopping: Felix waits for its end without limit before it is refreshed. */
  static boolean isBetween(Bundle bundle) {
    return bundle.getState() == Bundle.STOPPING
        || (bundle.getState() == Bundle.STARTING
            && (bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY) == null
                || !bundle.adapt(BundleStartLevel.class).isActivationPolicyUsed()));
  }

  /** Installs it, or replaces what is here, which is stopped then. */
  void put() {
    attempt(
        () -> {
          bundle = bundle.or(present); // another of the same name may have come meanwhile
          if (bundle.isPresent()) {
            update(bundle.get());
          } else {
            install();
          }
        });
  }

  private void install() throws BundleException, IOException {
    try (InputStream in = Files.newInputStream(upload.jar())) {
      Bundle made = context.installBundle(LOCATION + upload.file(), in);
      bundle = Optional.of(made);
      if (upload.wish().startLevel() > 0) {
        made.adapt(BundleStartLevel.class).setStartLevel(upload.wish().startLevel());
      }
      if (!isUploaded(made)) {
        update(made); // it came at the same time, by the same file name
      }
    }
  }

  private boolean isUploaded(Bundle here) {
    return upload.name().equals(here.getSymbolicName())
        && upload.version().equals(here.getVersion());
  }

  private void update(Bundle here) throws BundleException, IOException {
    try {
      if (isRunning(here)) {
        here.stop(Bundle.STOP_TRANSIENT); // once for both the update and the refresh
      }
    } catch (BundleException e) {
      // Whatever its own code throws, it has stopped; where it has not the update stops it.
      log.warn("Bundle [{}] made an error while it stopped", here.getSymbolicName(), e);
    }
    Collisions.insist(
        () -> {
          try (InputStream in = Files.newInputStream(upload.jar())) {
            here.update(in);
          }
        });
  }

  /** Starts what is to run: the version before where this one could not be put there. */
  void start() {
    Bundle here = bundle.orElse(null);
    if (here != null && isMeantToRun(here)) {
      attempt(() -> Collisions.insist(() -> here.start(start)));
    }
  }

  private void attempt(Collisions.Change step) {
    try {
      step.run();
    } catch (BundleException | IOException | IllegalStateException e) {
      log.warn("{} could not be brought to run", upload.text(), e);
      Throwable cause = e instanceof BundleException && e.getCause() != null ? e.getCause() : e;
      String why = String.valueOf(cause == e ? e.getMessage() : cause);
      failure = failure.isEmpty() ? why : failure + "; " + why;
    }
  }

  /** What went wrong, and what is here now; empty where all is as it is meant to be. */
  Optional<String> fault() {
    boolean fine = bundle.filter(here -> !isMeantToRun(here) || isRunning(here)).isPresent();
    if (fine && (failure.isEmpty() || bundle.filter(this::isUploaded).isPresent())) {
      return Optional.empty();
    }
    String why =
        failure.isEmpty()
            ? "its start level must not be above the framework's, and nobody may stop it meanwhile"
            : failure;
    return Optional.of(upload.text() + " could not be brought to run: " + why + "; " + outcome());
  }

  private boolean isMeantToRun(Bundle here) {
    return toRun && here.getHeaders("").get(Constants.FRAGMENT_HOST) == null;
  }

  private String outcome() {
    return bundle
        .map(
            here ->
                "["
                    + here.getSymbolicName()
                    + " "
                    + here.getVersion()
                    + "] is here and "
                    + (isRunning(here) ? "runs" : "does not run"))
        .orElse("nothing of it is here");
  }
}
