package io.selvedge.deployment;

import static io.selvedge.api.deployment.DeploymentStatus.State.ACTIVE;
import static io.selvedge.api.deployment.DeploymentStatus.State.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.Artifact;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** Bundles of one deployment that need each other, through the twin, in a real framework. */
class BundlesTogetherTest {

  @TempDir Path directory;
  private final FakeHub hub = new FakeHub();
  private Rig rig;
  private Framework framework;
  private Twin twin;
  private int caches;

  @BeforeEach
  void start() throws Exception {
    rig = rig == null ? new Rig(directory.resolve("gateway"), hub) : rig;
    framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    directory.resolve("cache-" + caches).toString(),
                    Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                    "10",
                    Constants.FRAMEWORK_BSNVERSION,
                    Constants.FRAMEWORK_BSNVERSION_MULTIPLE,
                    "felix.log.level",
                    "0"));
    framework.init();
    framework.start();
    BundleArtifacts artifacts =
        new BundleArtifacts(framework.getBundleContext(), () -> Duration.ofSeconds(60));
    twin = rig.start(activation -> activation.offer(Artifact.Kind.BUNDLE, artifacts));
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
  }

  private Artifact bundle(String name, String version, String exports, String imports)
      throws Exception {
    return bundle(name, version, exports, imports, "");
  }

  private Artifact bundle(
      String name, String version, String exports, String imports, String activator)
      throws Exception {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
    main.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
    main.putValue(Constants.BUNDLE_VERSION, version);
    putIfThere(main, Constants.EXPORT_PACKAGE, exports);
    putIfThere(main, Constants.IMPORT_PACKAGE, imports);
    putIfThere(main, Constants.BUNDLE_ACTIVATOR, activator);
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    new JarOutputStream(jar, manifest).close();
    byte[] bytes = jar.toByteArray();
    String digest = Digests.sha256(bytes);
    hub.blobs.put(digest, bytes);
    return new Artifact(
        Artifact.Kind.BUNDLE,
        name.replaceFirst(";.*", ""),
        version,
        List.of(new Artifact.File("bundle.jar", digest, bytes.length)));
  }

  private static void putIfThere(Attributes main, String name, String value) {
    if (!value.isEmpty()) {
      main.putValue(name, value);
    }
  }

  private void deploy(long revision, Artifact... artifacts) throws Exception {
    twin.offer(hub.deployment(revision, artifacts), true);
    twin.work();
  }

  private List<String> running() {
    return Arrays.stream(framework.getBundleContext().getBundles())
        .filter(b -> b.getBundleId() != 0)
        .map(
            b ->
                b.getSymbolicName()
                    + " "
                    + b.getVersion()
                    + (b.getState() == Bundle.ACTIVE ? "" : " in state " + b.getState()))
        .sorted()
        .toList();
  }

  @Test
  void oneThatNeedsAnotherComesWithItWhicheverIsNamedFirst() throws Exception {
    Artifact user = bundle("user", "1", "", "lib;version=1");
    Artifact lib = bundle("lib", "1", "lib;version=1", "");
    deploy(1, user, lib);
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(running()).containsExactly("lib 1.0.0", "user 1.0.0");

    Artifact newLib = bundle("lib", "2", "lib;version=2", "");
    Artifact newUser = bundle("user", "2", "", "lib;version=2");
    deploy(2, newUser, newLib);
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(running()).containsExactly("lib 2.0.0", "user 2.0.0");

    stop();
    caches++; // as after a crash
    start();
    twin.work();
    assertThat(running()).as("a new cache").containsExactly("lib 2.0.0", "user 2.0.0");
  }

  @Test
  void theyMayNeedEachOtherInACircle() throws Exception {
    deploy(
        1,
        bundle("left", "1", "left", "right"),
        bundle("right", "1", "right", "left"),
        bundle("alone", "1", "", ""));
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(running()).containsExactly("alone 1.0.0", "left 1.0.0", "right 1.0.0");
  }

  @Test
  void whatNoneOfThemHasIsNamedAndNothingIsLeftBehind() throws Exception {
    deploy(
        1, bundle("user", "1", "", "lib;version=3"), bundle("lib", "1", "lib;version=\"1\"", ""));
    assertThat(twin.status().state()).isEqualTo(REFUSED);
    assertThat(twin.status().code()).isEqualTo("bundle.unresolved");
    assertThat(twin.status().message()).contains("lib").contains("deploy it with it");
    assertThat(running()).isEmpty();
  }

  @Test
  void whereOneOfThemDoesNotStartAllAreAsTheyWere() throws Exception {
    deploy(
        1, bundle("user", "1", "", "lib;version=1"), bundle("lib", "1", "lib;version=\"1\"", ""));
    Artifact user = bundle("user", "2", "", "lib;version=2");
    Artifact broken = bundle("broken", "1", "", "", "not.there.Activator");
    Artifact lib = bundle("lib", "2", "lib;version=\"2\"", "");
    deploy(2, user, broken, lib);
    assertThat(twin.status().state()).isEqualTo(REFUSED);
    assertThat(twin.status().code()).isEqualTo("bundle.not_started");
    assertThat(running()).containsExactly("lib 1.0.0", "user 1.0.0");
  }

  private void refusedWith(String missing, String... stillRunning) {
    assertThat(twin.status().state()).isEqualTo(REFUSED);
    assertThat(twin.status().code()).isEqualTo("bundle.unresolved");
    assertThat(twin.status().message()).contains(missing).contains("not any more");
    assertThat(running()).containsExactly(stillRunning);
  }

  @Test
  void whatOnlyItsOwnVersionBeforeHasIsMissing() throws Exception {
    deploy(1, bundle("pump", "1", "pump.core", ""), bundle("other", "1", "", ""));
    deploy(2, bundle("pump", "2", "", "pump.core"), bundle("other", "1", "", ""));
    refusedWith("pump.core", "other 1.0.0", "pump 1.0.0");

    deploy(3, bundle("pump", "3", "pump.core", "pump.core"), bundle("other", "1", "", ""));
    assertThat(twin.status().state()).as("its own will do").isEqualTo(ACTIVE);
    assertThat(running()).containsExactly("other 1.0.0", "pump 3.0.0");
  }

  @Test
  void whatOnlyTheVersionBeforeOfAnotherHasIsMissing() throws Exception {
    deploy(1, bundle("user", "1", "", ""), bundle("lib", "1", "lib;version=1", ""));
    String both = "lib;version=\"[1,2)\"";
    deploy(2, bundle("user", "2", "", both), bundle("lib", "2", "lib;version=2", ""));
    refusedWith("lib", "lib 1.0.0", "user 1.0.0");
    deploy(3, bundle("user", "2", "", both));
    refusedWith("lib", "lib 1.0.0", "user 1.0.0");
    deploy(4, bundle("user", "2", "", both), bundle("lib", "1", "lib;version=1", ""));
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(running()).containsExactly("lib 1.0.0", "user 2.0.0");
  }

  @Test
  void whatStaysMustFindWhatItUsesInWhatComes() throws Exception {
    Artifact user = bundle("user", "1", "", "lib;version=\"[1,3)\"");
    deploy(1, user, bundle("lib", "1", "lib;version=1", ""));
    deploy(2, user, bundle("lib", "3", "lib;version=3", ""));
    refusedWith("lib", "lib 1.0.0", "user 1.0.0");
    deploy(3, user);
    refusedWith("lib", "lib 1.0.0", "user 1.0.0");
    deploy(4, user, bundle("lib", "2", "lib;version=2", ""));
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(running()).containsExactly("lib 2.0.0", "user 1.0.0");
  }

  /** A third one, between them, stays and is wired anew: it stands in nobody's way. */
  @Test
  void whatStaysAndPassesOnWhatGoesIsSeenAsItWillBe() throws Exception {
    Artifact between = bundle("between;singleton:=true", "1", "q;uses:=\"lib\"", "lib");
    deploy(1, between, bundle("lib", "1", "lib;version=1", ""), bundle("user", "1", "", "q,lib"));
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    deploy(2, between, bundle("lib", "2", "lib;version=2", ""), bundle("user", "2", "", "q,lib"));
    assertThat(twin.status().message()).isEmpty();
    assertThat(running()).containsExactly("between 1.0.0", "lib 2.0.0", "user 2.0.0");
    deploy(
        3,
        between,
        bundle("lib", "3", "lib;version=3", ""),
        bundle("user", "3", "", "q,lib;version=3"));
    assertThat(twin.status().message()).isEmpty();
    assertThat(running()).containsExactly("between 1.0.0", "lib 3.0.0", "user 3.0.0");
  }

  /** After a stop that was asked for the framework still has its copies of what ran before. */
  @Test
  void whatTheFrameworkHasKeptIsNotBelieved() throws Exception {
    Artifact lib = bundle("lib", "1", "lib;version=1", "");
    deploy(1, bundle("user", "1", "", "lib;version=1"), lib);
    stop();
    byte[] other =
        hub.blobs.get(bundle("lib", "1", "lib;version=1,more", "").files().get(0).sha256());
    int altered = 0;
    try (Stream<Path> walk = Files.walk(directory.resolve("cache-" + caches))) {
      for (Path one : walk.filter(file -> file.endsWith("bundle.jar")).toList()) {
        if (Arrays.equals(Files.readAllBytes(one), hub.blobs.get(lib.files().get(0).sha256()))) {
          Files.write(one, other);
          altered++;
        }
      }
    }
    assertThat(altered).isEqualTo(1);
    start();
    twin.work();
    assertThat(running()).containsExactly("lib 1.0.0", "user 1.0.0");
    assertThat(framework.getBundleContext().getBundles())
        .extracting(one -> one.getHeaders("").get(Constants.EXPORT_PACKAGE))
        .contains("lib;version=1")
        .doesNotContain("lib;version=1,more");
  }

  private static final String PUMP = "pump;singleton:=true";

  @Test
  void aSingletonTakesThePlaceOfItsVersionBefore() throws Exception {
    deploy(1, bundle(PUMP, "1", "", ""));
    List<String> order = new CopyOnWriteArrayList<>();
    framework
        .getBundleContext()
        .addBundleListener(
            (SynchronousBundleListener)
                event -> {
                  if (event.getType() == BundleEvent.STARTED
                      || event.getType() == BundleEvent.STOPPED) {
                    String what = event.getType() == BundleEvent.STARTED ? "started" : "stopped";
                    order.add(what + " " + event.getBundle().getVersion());
                  }
                });
    deploy(2, bundle(PUMP, "2", "", ""));
    assertThat(twin.status().message()).isEmpty();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(running()).containsExactly("pump 2.0.0");
    assertThat(order).as("never both").containsExactly("stopped 1.0.0", "started 2.0.0");
  }

  @Test
  void whereTheNextSingletonDoesNotStartTheOneBeforeRunsOn() throws Exception {
    deploy(1, bundle(PUMP, "1", "pump;version=1", ""), bundle("user", "1", "", "pump"));
    deploy(
        2,
        bundle(PUMP, "2", "pump;version=2", "", "not.there.Activator"),
        bundle("user", "1", "", "pump"));
    assertThat(twin.status().state()).isEqualTo(REFUSED);
    assertThat(twin.status().code()).isEqualTo("bundle.not_started");
    assertThat(running()).containsExactly("pump 1.0.0", "user 1.0.0");
    deploy(3, bundle(PUMP, "3", "pump;version=3", ""), bundle("user", "1", "", "pump"));
    assertThat(running()).containsExactly("pump 3.0.0", "user 1.0.0");
  }

  /** The user's turn comes first: what it needs is resolved beside the version that still runs. */
  @Test
  void aSingletonIsReplacedThoughWhatNeedsItComesFirst() throws Exception {
    String user = "user;singleton:=true";
    deploy(1, bundle(user, "1", "", "pump;version=1"), bundle(PUMP, "1", "pump;version=1", ""));
    String next = "pump;version=2";
    deploy(2, bundle(user, "2", "", next), bundle(PUMP, "2", next, "", "not.there.Activator"));
    assertThat(twin.status().code()).isEqualTo("bundle.not_started");
    assertThat(running()).containsExactly("pump 1.0.0", "user 1.0.0");
    deploy(3, bundle(user, "3", "", next), bundle(PUMP, "3", next, ""));
    assertThat(twin.status().message()).isEmpty();
    assertThat(running()).containsExactly("pump 3.0.0", "user 3.0.0");
  }
}
