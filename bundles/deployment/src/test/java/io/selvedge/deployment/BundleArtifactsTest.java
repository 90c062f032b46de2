package io.selvedge.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;

/** In a real framework, with bundles that are made here. */
class BundleArtifactsTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** For a bundle that hangs; one that does not has {@link #LIMIT}, however busy the machine is. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  @TempDir Path directory;
  private Framework framework;
  private BundleArtifacts artifacts;
  private volatile Duration limit = LIMIT;

  @BeforeEach
  void framework() throws Exception {
    start();
  }

  private void start() throws Exception {
    init();
    framework.start();
    artifacts = new BundleArtifacts(context(), () -> limit);
  }

  private void init() throws Exception {
    framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    directory.resolve("cache").toString(),
                    Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                    "10",
                    Constants.FRAMEWORK_BSNVERSION,
                    Constants.FRAMEWORK_BSNVERSION_MULTIPLE,
                    "felix.log.level",
                    "0"));
    framework.init();
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
  }

  @Test
  void aNewVersionTakesThePlaceOfTheOldOne() throws Exception {
    Artifact one = bundle("pump", "1", Map.of());
    activate(one);
    assertThat(running()).containsExactly("pump 1.0.0");
    activate(bundle("pump", "2", Map.of()));
    assertThat(running()).containsExactly("pump 2.0.0");
    artifacts.retire(one);
    assertThat(running()).isEmpty();
    assertThat(context().getBundles()).hasSize(1);
  }

  @Test
  void itIsKnownThatTheFrameworkStopsBeforeTheFirstBundleDoes() throws Exception {
    var stopping = DeploymentComponent.isStopping(context());
    activate(bundle("pump", "1", Map.of()));
    assertThat(stopping.getAsBoolean()).isFalse();
    AtomicBoolean known = new AtomicBoolean();
    context()
        .addBundleListener(
            (SynchronousBundleListener)
                event -> {
                  if (event.getType() == BundleEvent.STOPPING
                      && "pump".equals(event.getBundle().getSymbolicName())) {
                    known.set(stopping.getAsBoolean());
                  }
                });
    stop();
    assertThat(known).isTrue();
  }

  @Test
  void theSameAgainChangesNothing() throws Exception {
    Artifact one = bundle("pump", "1", Map.of());
    activate(one);
    long id = deployed()[0].getBundleId();
    activate(one);
    assertThat(deployed()).extracting(Bundle::getBundleId).containsExactly(id);
  }

  @Test
  void checkingLeavesNothingBehind() throws Exception {
    artifacts.check(bundle("pump", "1", Map.of()), folder("pump", "1"));
    assertThat(context().getBundles()).hasSize(1);
  }

  @Test
  void whatIsMissingIsNamedAndNothingChanges() throws Exception {
    activate(bundle("pump", "1", Map.of()));
    Artifact next =
        bundle("pump", "2", Map.of(Constants.IMPORT_PACKAGE, "org.example.missing,java.util"));
    assertRefused("bundle.unresolved", () -> artifacts.check(next, folder("pump", "2")))
        .withMessageContaining("[pump 2] needs what this gateway does not have")
        .withMessageContaining("org.example.missing");
    assertRefused("bundle.unresolved", () -> artifacts.activate(next, folder("pump", "2")));
    assertThat(running()).containsExactly("pump 1.0.0");
  }

  @Test
  void whereTheNewOneDoesNotStartTheOldOneRunsOn() throws Exception {
    activate(bundle("pump", "1", Map.of()));
    Artifact next = bundle("pump", "2", Map.of(Constants.BUNDLE_ACTIVATOR, "not.There"));
    artifacts.check(next, folder("pump", "2"));
    assertRefused("bundle.not_started", () -> artifacts.activate(next, folder("pump", "2")))
        .withMessageContaining("[pump 2] does not start: java.lang.ClassNotFoundException");
    assertThat(running()).containsExactly("pump 1.0.0");
    assertThat(context().getBundles()).hasSize(2);
  }

  @Test
  void theNewOneRunsBeforeTheOldOneStops() throws Exception {
    activate(bundle("pump", "1", Map.of()));
    List<String> order = watch();
    activate(bundle("pump", "2", Map.of()));
    assertThat(order).containsExactly("started 2.0.0", "stopped 1.0.0");
  }

  @Test
  void aBundleMayAskThatTheOldOneStopsFirst() throws Exception {
    activate(bundle("pump", "1", Map.of()));
    List<String> order = watch();
    activate(bundle("pump", "2", Map.of("Selvedge-Handover", "stop-first")));
    assertThat(order).containsExactly("stopped 1.0.0", "started 2.0.0");
    assertThat(running()).containsExactly("pump 2.0.0");
  }

  /** It hangs and listens to being interrupted: nothing of it stays. */
  @Test
  void oneWhoseStartHangsIsLateAndTheOldOneRunsOn() throws Exception {
    activate(bundle("pump", "1", Map.of()));
    List<String> order = watch();
    Artifact next = hanging("2", HangingActivator.class);
    assertRefused("bundle.not_started", () -> activateHanging(next));
    assertThat(running()).containsExactly("pump 1.0.0");
    assertThat(deployed()).hasSize(1);
    assertThat(order).as("the old one never stood still").containsExactly("stopped 2.0.0");
  }

  /** It does not even listen: it is left behind, and what comes after it is not held up. */
  @Test
  void oneThatHangsForGoodIsLeftBehind() throws Exception {
    activate(bundle("pump", "1", Map.of()));
    Artifact next = hanging("2", DeafActivator.class);
    for (int i = 0; i < 2; i++) {
      assertRefused("bundle.not_started", () -> activateHanging(next))
          .withMessageContaining("[pump 2] does not start")
          .withMessageContaining("does not start, for which it has");
      assertThat(running()).containsExactly("pump 1.0.0");
    }
    artifacts.retire(next); // as the twin does after a refusal; and takes up the old one
    activate(bundle("pump", "1", Map.of()));
    activate(bundle("pump", "3", Map.of()));
    assertThat(running()).containsExactly("pump 3.0.0");

    letGo(1);
    assertThat(running()).as("it came back and went").containsExactly("pump 3.0.0");
  }

  /** The framework would wait for it, and let nobody else start, stop or install meanwhile. */
  @Test
  void oneThatIsLeftBehindHoldsUpNobodyThoughWhatItUsesGoes() throws Exception {
    activate(bundle("lib", "1", Map.of(Constants.EXPORT_PACKAGE, "lib")));
    Artifact deaf = hanging("2", DeafActivator.class, "lib");
    assertRefused("bundle.not_started", () -> activateHanging(deaf));
    java.util.concurrent.FutureTask<Void> goingOn =
        new java.util.concurrent.FutureTask<>(
            () -> {
              activate(bundle("lib", "2", Map.of(Constants.EXPORT_PACKAGE, "lib")));
              activate(bundle("valve", "1", Map.of(Constants.IMPORT_PACKAGE, "lib")));
              return null;
            });
    new Thread(goingOn, "test-activation").start();
    try {
      goingOn.get(25, java.util.concurrent.TimeUnit.SECONDS);
      assertThat(running()).containsExactly("lib 2.0.0", "valve 1.0.0");
    } finally {
      letGo(2);
    }
    artifacts.retire(bundle("valve", "1", Map.of()));
    assertThat(context().getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class))
        .as("once it came back, what it used is let go of")
        .satisfies(wiring -> assertThat(wiring.getRemovalPendingBundles()).isEmpty());
  }

  private void activateHanging(Artifact artifact) throws ArtifactException {
    limit = SHORT;
    try {
      artifacts.activate(artifact, folder(artifact.name(), artifact.version()));
    } finally {
      limit = LIMIT;
    }
  }

  /** Ends what is deaf, and waits until so many are there. */
  private void letGo(int left) {
    System.clearProperty(DeafActivator.INTERRUPTED);
    System.setProperty(DeafActivator.GO_ON, "true");
    try {
      long end = System.nanoTime() + LIMIT.toNanos();
      while (deployed().length > left) {
        assertThat(System.nanoTime()).as(Arrays.toString(deployed())).isLessThan(end);
        Thread.onSpinWait();
      }
      assertThat(System.getProperty(DeafActivator.INTERRUPTED))
          .as("its thread while it was uninstalled: what is interrupted gets no lock")
          .isEqualTo("false");
    } finally {
      System.clearProperty(DeafActivator.GO_ON);
    }
  }

  private Artifact hanging(String version, Class<?> activator, String... uses) throws Exception {
    return bundle(
        "pump",
        version,
        Map.of(
            Constants.BUNDLE_ACTIVATOR,
            activator.getName(),
            Constants.IMPORT_PACKAGE,
            String.join(",", "org.osgi.framework", String.join(",", uses)).replaceFirst(",$", "")),
        activator);
  }

  private List<String> watch() {
    List<String> order = new java.util.concurrent.CopyOnWriteArrayList<>();
    context()
        .addBundleListener(
            (org.osgi.framework.SynchronousBundleListener)
                event -> {
                  if (event.getType() == org.osgi.framework.BundleEvent.STARTED) {
                    order.add("started " + event.getBundle().getVersion());
                  } else if (event.getType() == org.osgi.framework.BundleEvent.STOPPED) {
                    order.add("stopped " + event.getBundle().getVersion());
                  }
                });
    return order;
  }

  @Test
  void afterARestartNothingRunsBeforeItIsActivatedAgain() throws Exception {
    Artifact one = bundle("pump", "1", Map.of());
    activate(one);
    stop();
    start();
    assertThat(running()).isEmpty();
    activate(one);
    assertThat(running()).containsExactly("pump 1.0.0");
  }

  /** Found by killing gateways: whoever is quick after a start is ahead of the start levels. */
  @Test
  void whileTheFrameworkStartsItWaits() throws Exception {
    Artifact one = bundle("pump", "1", Map.of());
    stop();
    init();
    artifacts = new BundleArtifacts(context());
    java.util.concurrent.FutureTask<Void> activation =
        new java.util.concurrent.FutureTask<>(
            () -> {
              activate(one);
              return null;
            });
    Thread thread = new Thread(activation, "test-activation");
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING && !activation.isDone()) {
      Thread.onSpinWait();
    }
    assertThat(activation.isDone()).isFalse();
    framework.start();
    activation.get(30, java.util.concurrent.TimeUnit.SECONDS);
    assertThat(running()).containsExactly("pump 1.0.0");
  }

  @Test
  void theGatewaysOwnBundlesAreNotReplaced() throws Exception {
    Artifact pump = bundle("pump", "1", Map.of());
    Bundle own =
        context().installBundle(folder("pump", "1").resolve("bundle.jar").toUri().toString());
    own.start();
    assertRefused("bundle.taken", () -> artifacts.check(pump, folder("pump", "1")))
        .withMessageContaining("[pump], which is here from [" + own.getLocation() + "]");
  }

  @Test
  void whatIsNoBundleIsRefused() throws Exception {
    Artifact torn = bundle("pump", "1", Map.of());
    Files.writeString(folder("pump", "1").resolve("bundle.jar"), "torn");
    assertRefused("bundle.malformed", () -> artifacts.check(torn, folder("pump", "1")));
    Artifact fragment = bundle("part", "1", Map.of(Constants.FRAGMENT_HOST, "pump"));
    assertRefused("bundle.malformed", () -> artifacts.check(fragment, folder("part", "1")))
        .withMessageContaining("is a fragment");
    Artifact two =
        new Artifact(
            Artifact.Kind.BUNDLE,
            "pump",
            "1",
            List.of(torn.files().get(0), new Artifact.File("b.jar", "0".repeat(64), 1)));
    assertRefused("bundle.malformed", () -> artifacts.check(two, folder("pump", "1")));
  }

  private interface Step {
    void run() throws ArtifactException, IOException;
  }

  private static org.assertj.core.api.ThrowableAssertAlternative<ArtifactException> assertRefused(
      String code, Step step) {
    return assertThatExceptionOfType(ArtifactException.class)
        .isThrownBy(step::run)
        .matches(e -> e.code().equals(code), "code " + code);
  }

  private BundleContext context() {
    return framework.getBundleContext();
  }

  private void activate(Artifact artifact) throws Exception {
    Path folder = folder(artifact.name(), artifact.version());
    artifacts.check(artifact, folder);
    artifacts.activate(artifact, folder);
  }

  private Bundle[] deployed() {
    return Arrays.stream(context().getBundles())
        .filter(bundle -> bundle.getBundleId() != 0)
        .toArray(Bundle[]::new);
  }

  private List<String> running() {
    return Arrays.stream(deployed())
        .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
        .map(bundle -> bundle.getSymbolicName() + " " + bundle.getVersion())
        .toList();
  }

  private Path folder(String name, String version) {
    return directory.resolve(name + "-" + version);
  }

  private Artifact bundle(
      String name, String version, Map<String, String> more, Class<?>... classes) throws Exception {
    Map<String, String> headers = new HashMap<>(more);
    headers.put(Constants.BUNDLE_SYMBOLICNAME, name + ";singleton:=false");
    headers.put(Constants.BUNDLE_VERSION, version);
    headers.put(Constants.BUNDLE_MANIFESTVERSION, "2");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.forEach(manifest.getMainAttributes()::putValue);
    Path jar = Files.createDirectories(folder(name, version)).resolve("bundle.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream zip = new JarOutputStream(out, manifest)) {
      zip.putNextEntry(new ZipEntry("about.txt"));
      for (Class<?> one : classes) {
        String path = one.getName().replace('.', '/') + ".class";
        zip.putNextEntry(new ZipEntry(path));
        try (InputStream in = one.getResourceAsStream('/' + path)) {
          java.util.Objects.requireNonNull(in, path).transferTo(zip);
        }
      }
    }
    Artifact.File file =
        new Artifact.File("bundle.jar", Digests.sha256(Files.readAllBytes(jar)), Files.size(jar));
    return new Artifact(Artifact.Kind.BUNDLE, name, version, List.of(file));
  }
}
