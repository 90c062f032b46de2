package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import io.selvedge.api.deployment.ArtifactHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bundles of deployments, drivers for the most part: artifacts of kind BUNDLE with one file, {@code
 * bundle.jar}.
 *
 * <p>A bundle's location is {@code selvedge:BUNDLE/NAME/SHA256}, so what is installed is known by
 * its content. It is started transiently: after a restart of the gateway nothing of a deployment
 * runs before the deployment has been looked at. A new version is installed, resolved and started
 * beside the old one, then the old one stops and goes: devices are handed over without a gap. Where
 * it does not start beside it, or says {@code Selvedge-Handover: stop-first}, or is a singleton,
 * the old one stops first. Where the new one does not start at all, the old one is started again.
 *
 * <p>Bundles of one deployment may need each other's packages, in any order and in a circle: where
 * one does not resolve by what is here, those that come with it are installed beside it, and
 * started when their turn comes. What goes with the switch counts for nothing: {@link Leaving}.
 */
@Component(property = "artifact.kind=BUNDLE")
public final class BundleArtifacts implements ArtifactHandler {

  private static final Logger log = LoggerFactory.getLogger(BundleArtifacts.class);

  private static final String FILE = "bundle.jar";
  private static final String LOCATION = "selvedge:BUNDLE/";
  private static final String CHECKED = "selvedge:checked/";

  /** Header of a bundle that must not run beside another version of itself. */
  private static final String HANDOVER = "Selvedge-Handover";

  private static final String STOP_FIRST = "stop-first";

  /** As bundles that are dropped into {@code deploy/}. */
  private static final int START_LEVEL = 4;

  private static final int START_SECONDS = 120;

  /** How long a bundle's own code may take to start or to stop. */
  private static final Duration BUNDLE_LIMIT = Duration.ofSeconds(60);

  private static final long LOOK_MILLIS = 10;

  private final BundleContext context;
  private final FrameworkWiring wiring;
  private final BundleCalls calls;
  private final PackageRefresh packages;

  /** Whether what the framework had kept of an earlier process is gone. */
  private boolean swept;

  /** Installed because another one needs them; their own turn has not come. */
  private final List<Bundle> waiting = new ArrayList<>();

  @Activate
  public BundleArtifacts(BundleContext context) {
    this(context, () -> BUNDLE_LIMIT);
  }

  BundleArtifacts(BundleContext context, Supplier<Duration> limit) {
    this.context = context;
    this.calls = new BundleCalls(limit);
    this.wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    this.packages = new PackageRefresh(wiring, calls::isHanging);
  }

  @Override
  public void check(Artifact artifact, Path directory) throws ArtifactException {
    check(artifact, directory, Map::of);
  }

  @Override
  public void check(Artifact artifact, Path directory, Supplier<Map<Artifact, Path>> others)
      throws ArtifactException {
    begin(artifact);
    Leaving leaving = leaving(artifact, others);
    Bundle present = context.getBundle(location(artifact));
    if (present == null) {
      requireFree(artifact, symbolicName(artifact, directory));
    } else if (!leaving.hidden().contains(present)) {
      return;
    }
    List<Bundle> probes = new ArrayList<>();
    ServiceRegistration<?> hiding =
        leaving.hide(context, bundle -> bundle.getLocation().startsWith(CHECKED));
    try {
      probes.add(install(artifact, directory, CHECKED + digest(artifact)));
      resolve(
          artifact,
          probes.get(0),
          () -> probes.addAll(beside(others, CHECKED, leaving.hidden())),
          leaving.hidden());
    } finally {
      hiding.unregister();
      probes.forEach(calls::uninstall);
      if (probes.size() > 1) {
        packages.refresh(); // they used each other
      }
    }
  }

  /** What will not be there any more, or be wired anew, once all is live that is to be. */
  private Leaving leaving(Artifact artifact, Supplier<Map<Artifact, Path>> others) {
    Predicate<Bundle> deployed = bundle -> bundle.getLocation().startsWith(LOCATION);
    String own = location(artifact);
    if (Arrays.stream(context.getBundles())
        .allMatch(deployed.negate().or(bundle -> bundle.getLocation().equals(own)))) {
      return new Leaving(Set.of());
    }
    Set<String> staying =
        others.get().keySet().stream().map(BundleArtifacts::location).collect(Collectors.toSet());
    staying.add(own);
    return Leaving.of(context, wiring, deployed, bundle -> staying.contains(bundle.getLocation()));
  }

  /** Installs what comes with a bundle and is not here yet, or is not to be seen. */
  private List<Bundle> beside(
      Supplier<Map<Artifact, Path>> others, String prefix, Set<Bundle> hidden) {
    List<Bundle> installed = new ArrayList<>();
    others
        .get()
        .forEach(
            (other, directory) -> {
              try {
                String location =
                    prefix.equals(CHECKED) ? CHECKED + digest(other) : location(other);
                Bundle present = context.getBundle(location(other));
                if ((present == null || hidden.contains(present))
                    && context.getBundle(location) == null) {
                  requireFree(other, symbolicName(other, directory));
                  installed.add(install(other, directory, location));
                }
              } catch (ArtifactException e) {
                log.debug("Not beside another", e); // told when its own turn comes
              }
            });
    return installed;
  }

  @Override
  public void activate(Artifact artifact, Path directory) throws ArtifactException {
    activate(artifact, directory, Map::of);
  }

  @Override
  public void activate(Artifact artifact, Path directory, Supplier<Map<Artifact, Path>> others)
      throws ArtifactException {
    begin(artifact);
    Bundle present = context.getBundle(location(artifact));
    if (present != null && present.getState() == Bundle.ACTIVE) {
      return;
    }
    ServiceRegistration<?> replacing = Singletons.replace(context, BundleArtifacts::prefix);
    try {
      replace(artifact, directory, others, present);
    } finally {
      replacing.unregister();
    }
  }

  private void replace(
      Artifact artifact,
      Path directory,
      Supplier<Map<Artifact, Path>> others,
      @Nullable Bundle present)
      throws ArtifactException {
    Bundle next = present == null ? install(artifact, directory, location(artifact)) : present;
    waiting.remove(next);
    next.adapt(BundleStartLevel.class).setStartLevel(START_LEVEL);
    List<Bundle> before = versions(artifact).stream().filter(b -> !b.equals(next)).toList();
    try {
      resolve(artifact, next, () -> waiting.addAll(beside(others, LOCATION, Set.of())), Set.of());
      if (!startsBeside(artifact, next, before)) {
        before.forEach(calls::stop);
        start(artifact, next);
      }
    } catch (ArtifactException e) {
      calls.uninstall(next);
      waiting.forEach(calls::uninstall);
      waiting.clear();
      before.forEach(calls::startAgain);
      throw e;
    }
    before.forEach(calls::uninstall);
    packages.refresh();
  }

  /**
   * Starts it while the one before still runs, unless it says that it cannot. Its drivers wait in
   * the device loop for their devices and get them, one by one, when the old ones let go.
   */
  private boolean startsBeside(Artifact artifact, Bundle next, List<Bundle> before)
      throws ArtifactException {
    if (before.isEmpty()
        || Singletons.isOne(next)
        || STOP_FIRST.equals(next.getHeaders("").get(HANDOVER))) {
      return false;
    }
    try {
      start(artifact, next);
      before.forEach(calls::stop);
      return true;
    } catch (ArtifactException e) {
      if (e.getCause() instanceof LateException) {
        throw e; // the old one is not to stand still for as long again
      }
      log.info("{} does not start beside the one before; that one stops first", text(artifact), e);
      return false;
    }
  }

  @Override
  public void retire(Artifact artifact) {
    versions(artifact).forEach(calls::uninstall);
    packages.refresh();
  }

  private void begin(Artifact artifact) throws ArtifactException {
    awaitFramework(artifact);
    if (!swept) {
      forgetKept();
      swept = true;
    }
  }

  /**
   * The framework keeps copies of what it installed, over a stop that was clean. Nobody compares
   * those with what was signed, so they go, and all is installed anew from files that are compared.
   */
  private void forgetKept() {
    List<Bundle> kept =
        Arrays.stream(context.getBundles())
            .filter(
                bundle ->
                    bundle.getLocation().startsWith(LOCATION)
                        || bundle.getLocation().startsWith(CHECKED))
            .filter(
                bundle ->
                    bundle.getState() == Bundle.INSTALLED || bundle.getState() == Bundle.RESOLVED)
            .toList();
    if (!kept.isEmpty()) {
      kept.forEach(calls::uninstall);
      packages.refresh();
    }
  }

  /**
   * Until the framework has started: before that it starts no bundle of a higher start level than
   * it has reached, and its own thread trips over bundles that come and go.
   */
  private void awaitFramework(Artifact artifact) throws ArtifactException {
    Bundle system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    try {
      for (long i = 0; system.getState() == Bundle.STARTING; i++) {
        if (i * LOOK_MILLIS > TimeUnit.SECONDS.toMillis(START_SECONDS)) {
          throw new ArtifactException(
              "bundle.not_started",
              text(artifact)
                  + " cannot start, because the framework has not started within ["
                  + START_SECONDS
                  + " s]; see the log");
        }
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ArtifactException(
          "bundle.not_started", text(artifact) + " cannot start, because the gateway stops", e);
    }
  }

  private List<Bundle> versions(Artifact artifact) {
    String prefix = prefix(location(artifact));
    return Arrays.stream(context.getBundles())
        .filter(bundle -> bundle.getLocation().startsWith(prefix) && !calls.isHanging(bundle))
        .toList();
  }

  /** What the locations of all versions of one artifact have in common; others have none. */
  private static String prefix(String location) {
    return location.startsWith(LOCATION)
        ? location.substring(0, location.lastIndexOf('/') + 1)
        : "";
  }

  private static String location(Artifact artifact) {
    return LOCATION + artifact.name() + '/' + digest(artifact);
  }

  private static String digest(Artifact artifact) {
    return artifact.files().get(0).sha256();
  }

  private static String symbolicName(Artifact artifact, Path directory) throws ArtifactException {
    if (artifact.files().size() != 1 || !artifact.files().get(0).path().equals(FILE)) {
      throw new ArtifactException(
          "bundle.malformed",
          text(artifact) + " must have one file, [" + FILE + "]; publish it anew");
    }
    try (JarFile jar = new JarFile(directory.resolve(FILE).toFile())) {
      Attributes main =
          Optional.ofNullable(jar.getManifest()).map(Manifest::getMainAttributes).orElseThrow();
      String name = main.getValue(Constants.BUNDLE_SYMBOLICNAME);
      if (name == null || main.getValue(Constants.FRAGMENT_HOST) != null) {
        throw new ArtifactException(
            "bundle.malformed",
            text(artifact)
                + (name == null ? " has no Bundle-SymbolicName" : " is a fragment")
                + "; a bundle that can be started must be built, for example with bnd");
      }
      return name.replaceFirst(";.*", "").strip();
    } catch (IOException | NoSuchElementException e) {
      throw new ArtifactException(
          "bundle.malformed", text(artifact) + " is not a jar with a manifest: " + e, e);
    }
  }

  /** The gateway's own bundles, and those of {@code deploy/}, are not a deployment's to replace. */
  private void requireFree(Artifact artifact, String symbolicName) throws ArtifactException {
    String own = LOCATION + artifact.name() + '/';
    for (Bundle bundle : context.getBundles()) {
      if (symbolicName.equals(bundle.getSymbolicName()) && !bundle.getLocation().startsWith(own)) {
        throw new ArtifactException(
            "bundle.taken",
            text(artifact)
                + " holds bundle ["
                + symbolicName
                + "], which is here from ["
                + bundle.getLocation()
                + "]; remove that one first");
      }
    }
  }

  private Bundle install(Artifact artifact, Path directory, String location)
      throws ArtifactException {
    try (InputStream in = Files.newInputStream(directory.resolve(FILE))) {
      return context.installBundle(location, in);
    } catch (BundleException | IOException e) {
      throw new ArtifactException(
          "bundle.not_installed", text(artifact) + " cannot be installed: " + e.getMessage(), e);
    }
  }

  /**
   * Resolves it by what is here, or else with what comes with it.
   *
   * @param installOthers installs that
   * @param hidden what it does not see
   */
  private void resolve(Artifact artifact, Bundle bundle, Runnable installOthers, Set<Bundle> hidden)
      throws ArtifactException {
    if (wiring.resolveBundles(Collections.singleton(bundle))) {
      return;
    }
    installOthers.run();
    if (!wiring.resolveBundles(Collections.singleton(bundle))) {
      String after = hidden.isEmpty() ? "" : ", or not any more with this deployment";
      throw new ArtifactException(
          "bundle.unresolved",
          text(artifact)
              + " needs what this gateway does not have"
              + after
              + ": "
              + missing(bundle, hidden)
              + "; put it into the bundle, or deploy it with it");
    }
  }

  private String missing(Bundle bundle, Set<Bundle> hidden) {
    return bundle.adapt(BundleRevision.class).getRequirements(null).stream()
        .filter(BundleArtifacts::isMandatory)
        .filter(
            requirement ->
                wiring.findProviders(requirement).stream()
                    .map(one -> one.getRevision().getBundle())
                    .allMatch(hidden::contains))
        .map(one -> one.getDirectives().getOrDefault("filter", one.getNamespace()))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static boolean isMandatory(Requirement requirement) {
    String resolution = requirement.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE);
    return !Namespace.RESOLUTION_OPTIONAL.equals(resolution);
  }

  private void start(Artifact artifact, Bundle bundle) throws ArtifactException {
    try {
      calls.start(bundle);
    } catch (BundleException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ArtifactException(
          "bundle.not_started", text(artifact) + " does not start: " + cause, e);
    }
  }

  private static String text(Artifact artifact) {
    return "artifact [" + artifact.name() + " " + artifact.version() + "]";
  }
}
