package io.selvedge.console.bundles;

import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs and replaces bundles by the rules of the Felix web console, but to the end: whoever
 * uploaded one is told that it runs, or why not. What that console does in the background can fail
 * for no reason but that something else is changed at the same moment, and then nothing but the log
 * says that the version before still runs. For any thread.
 */
final class BundleUploads {

  private static final Logger log = LoggerFactory.getLogger(BundleUploads.class);
  private static final String LOCATION = "inputstream:"; // the Felix web console's
  private static final String DEPLOYED = "selvedge:";
  private static final String PACKAGED = "selvedge-package:";
  private static final String MALFORMED = "bundle.malformed";
  private static final long REFRESH_SECONDS = 30;

  /** What the operator has said of its start stays. */
  private static final int AS_BEFORE = Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY;

  private final BundleContext context;
  private final FrameworkWiring wiring;

  BundleUploads(BundleContext context) {
    this.context = context;
    this.wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
  }

  /** Whether the console would have to stop itself for it, and could not tell the end. */
  boolean isUnderTheConsole(Upload upload) throws IOException, Refusal {
    Optional<Bundle> present = present(upload, headers(upload));
    return present.isPresent()
        && (present.get().getBundleId() == Constants.SYSTEM_BUNDLE_ID
            || wiring.getDependencyClosure(List.of(present.get())).contains(context.getBundle()));
  }

  /**
   * Installs it, or puts it in the place of the one that is here, and waits until it runs.
   *
   * @throws Refusal it is no bundle, is not to be replaced by hand, or could not be brought to run
   */
  void apply(Upload upload) throws Refusal, IOException, InterruptedException {
    Attributes headers = headers(upload);
    Optional<Bundle> present = present(upload, headers);
    String name = name(headers) + " " + version(headers);
    try {
      if (present.isPresent()) {
        requireOwn(present.get());
        replace(present.get(), upload);
      } else {
        install(upload);
      }
    } catch (BundleException | IllegalStateException e) {
      throw new Refusal(
          409,
          "bundle.not_running",
          "bundle ["
              + name
              + "] from ["
              + Json.brief(upload.file())
              + "] could not be brought to run: "
              + why(e)
              + "; "
              + left(headers),
          e);
    }
  }

  private void replace(Bundle bundle, Upload upload)
      throws BundleException, IOException, InterruptedException {
    boolean ran = (bundle.getState() & (Bundle.ACTIVE | Bundle.STARTING)) != 0;
    if (ran) {
      stop(bundle); // once for both the update and the refresh
    }
    try {
      Collisions.insist(
          () -> {
            try (InputStream in = upload.jar().open()) {
              bundle.update(in);
            }
          });
    } catch (BundleException | IllegalStateException e) {
      if (ran) {
        startAgain(bundle);
      }
      throw e;
    }
    if (upload.refresh()) {
      refresh(bundle);
    }
    if (ran) {
      Collisions.insist(() -> bundle.start(AS_BEFORE));
    }
  }

  /** Whatever its own code throws while it stops, it has stopped then. */
  private static void stop(Bundle bundle)
      throws BundleException, IOException, InterruptedException {
    try {
      Collisions.insist(() -> bundle.stop(Bundle.STOP_TRANSIENT));
    } catch (BundleException e) {
      if (bundle.getState() == Bundle.ACTIVE) {
        throw e;
      }
      log.warn("Bundle [{}] made an error while it stopped", bundle.getSymbolicName(), e);
    }
  }

  private static void startAgain(Bundle bundle) throws IOException, InterruptedException {
    try {
      Collisions.insist(() -> bundle.start(AS_BEFORE));
    } catch (BundleException e) {
      log.error("Bundle [{}] does not start again", bundle.getSymbolicName(), e);
    }
  }

  private void install(Upload upload) throws BundleException, IOException, InterruptedException {
    String location = LOCATION + upload.file();
    Collisions.insist(
        () -> {
          try (InputStream in = upload.jar().open()) {
            Bundle unused = context.installBundle(location, in);
          }
        });
    Bundle bundle = context.getBundle(location);
    if (upload.startLevel() > 0) {
      bundle.adapt(BundleStartLevel.class).setStartLevel(upload.startLevel());
    }
    if (upload.start() && bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
      Collisions.insist(bundle::start);
    }
    if (upload.refresh()) {
      refresh(bundle);
    }
  }

  private void refresh(Bundle bundle) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    wiring.refreshBundles(List.of(bundle), event -> done.countDown());
    if (!done.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
      log.warn("Refreshing bundles takes longer than [{}] s", REFRESH_SECONDS);
    }
  }

  /** The one that it replaces. */
  private Optional<Bundle> present(Upload upload, Attributes headers) {
    if (upload.target() >= 0) {
      return Optional.ofNullable(context.getBundle(upload.target()));
    }
    return Arrays.stream(context.getBundles())
        .filter(
            bundle ->
                bundle.getLocation().equals(LOCATION + upload.file())
                    || (name(headers).equals(bundle.getSymbolicName())
                        && (!upload.beside() || bundle.getVersion().equals(version(headers)))))
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

  private static Attributes headers(Upload upload) throws IOException, Refusal {
    try (InputStream in = upload.jar().open();
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
          Attributes headers = new Manifest(zip).getMainAttributes();
          if (headers.getValue(Constants.BUNDLE_SYMBOLICNAME) != null) {
            Version unused = version(headers);
            return headers;
          }
        }
      }
    } catch (IllegalArgumentException | ZipException e) {
      throw new Refusal(400, MALFORMED, malformed(upload, " (" + e.getMessage() + ")"), e);
    }
    throw Refusal.badRequest(MALFORMED, malformed(upload, ""));
  }

  private static String malformed(Upload upload, String why) {
    return "file ["
        + Json.brief(upload.file())
        + "] is no bundle"
        + why
        + "; it must be a jar whose manifest has a Bundle-SymbolicName and a valid Bundle-Version, as"
        + " bnd makes it";
  }

  private static String name(Attributes headers) {
    return headers.getValue(Constants.BUNDLE_SYMBOLICNAME).replaceFirst(";.*", "").strip();
  }

  private static Version version(Attributes headers) {
    return Version.parseVersion(headers.getValue(Constants.BUNDLE_VERSION));
  }

  private static String why(Exception e) {
    Throwable cause = e instanceof BundleException && e.getCause() != null ? e.getCause() : e;
    return cause == e ? String.valueOf(e.getMessage()) : cause.toString();
  }

  /** What is here now. */
  private String left(Attributes headers) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> name(headers).equals(bundle.getSymbolicName()))
        .map(bundle -> "version [" + bundle.getVersion() + "] is here and " + state(bundle))
        .findFirst()
        .orElse("nothing of it was installed");
  }

  private static String state(Bundle bundle) {
    return bundle.getState() == Bundle.ACTIVE ? "runs" : "does not run";
  }
}
