package io.selvedge.remote.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Notification.Status;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.protocol.deployment.Keys;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.startlevel.BundleStartLevel;

/** What is installed, and what never is. */
class DeployV2Test extends DeployRig {
  @Test
  void aSignedBundleIsInstalledAndRunsAfterARestart() throws Exception {
    Notification end = install("pump", "1", pump("1.0.0", Map.of()));
    assertThat(end.status()).as(end.message()).isEqualTo(Status.COMPLETED);
    assertThat(end.metrics())
        .containsEntry("client.id", Value.of("gw-1"))
        .containsEntry("job.id", Value.of(42L))
        .containsEntry("dp.name", Value.of("pump-1"))
        .containsEntry("dp.install.status", Value.of("COMPLETED"))
        .containsEntry("dp.install.progress", Value.of(100L));
    assertThat(running()).containsExactly("pump 1.0.0");
    assertThat(body(ask(Method.GET, "packages", Map.of(), new byte[0])))
        .contains(
            "<packages><package><name>pump</name><version>1</version><bundles><bundle>"
                + "<name>pump</name><version>1.0.0</version></bundle></bundles></package></packages>");
    assertThat(body(ask(Method.GET, "bundles", Map.of(), new byte[0])))
        .contains("<bundle><name>pump</name><version>1.0.0</version><id>", "<state>ACTIVE</state>");
    assertThat(text(ask(Method.GET, "download", Map.of(), new byte[0]), "dp.download.status"))
        .isEqualTo("COMPLETED");

    deploy.stop();
    framework.stop();
    framework.waitForStop(10_000);
    deleteCache();
    framework();
    awaitRunning("pump 1.0.0");
    assertThat(install("pump", "2", pump("2.0.0", Map.of())).status()).isEqualTo(Status.COMPLETED);
    assertThat(running()).containsExactly("pump 2.0.0");
  }

  @Test
  void whatNobodySignedIsNeverInstalled() throws Exception {
    byte[] plain = Jars.bundle("pump", "1.0.0", Map.of());
    Notification end = install("pump", "1", plain);
    assertThat(end.status()).isEqualTo(Status.FAILED);
    assertThat(end.message())
        .contains("is not signed; trusted are [CN=factory]", "is never installed");
    assertThat(end.metrics()).containsEntry("dp.install.error.message", Value.of(end.message()));
    assertThat(install("pump", "2", stranger.sign(plain, keys)).message())
        .contains("is signed by nobody who is trusted");
    byte[] smuggled = Jars.smuggle(signer.sign(plain, keys), keys);
    assertThat(install("pump", "3", smuggled).message()).contains("[evil/Code.class]");
    Files.delete(directory.resolve("conf/trust/packages/factory.pem"));
    assertThat(install("pump", "4", pump("1.0.0", Map.of())).message())
        .contains("nobody is trusted to sign packages");
    assertThat(running()).isEmpty();
    assertThat(events.codes()).containsOnly("package.not_installed");
  }

  @Test
  void aDocumentThatNamesTheDigestVouchesToo() throws Exception {
    KeyPair hub = Keys.generate();
    Files.writeString(directory.resolve("conf/trust/hub.pub"), Keys.publicText(hub.getPublic()));
    byte[] plain = Jars.bundle("pump", "1.0.0", Map.of());
    assertThat(byDocument(plain, hub, "gw-1", "2999-01-01T00:00:00Z", sha256(plain)).status())
        .isEqualTo(Status.COMPLETED);
    assertThat(running()).containsExactly("pump 1.0.0");
    byte[] next = Jars.bundle("pump", "2.0.0", Map.of());
    assertThat(byDocument(next, hub, "gw-1", "2999-01-01T00:00:00Z", sha256(plain)).message())
        .contains("the envelope vouches for [" + sha256(plain) + "]");
    assertThat(byDocument(next, hub, "gw-2", "2999-01-01T00:00:00Z", sha256(next)).message())
        .contains("is for gateway [gw-2]");
    assertThat(byDocument(next, hub, "gw-1", "2001-01-01T00:00:00Z", sha256(next)).message())
        .contains("ran out at");
    assertThat(
            byDocument(next, Keys.generate(), "gw-1", "2999-01-01T00:00:00Z", sha256(next))
                .message())
        .contains("the envelope does not vouch for it");
    Path revoked = directory.resolve("data/deployment/revoked-keys");
    Files.createDirectories(revoked.getParent());
    Files.writeString(revoked, Keys.id(hub.getPublic()) + "\n");
    assertThat(byDocument(next, hub, "gw-1", "2999-01-01T00:00:00Z", sha256(next)).message())
        .contains("the envelope does not vouch for it");
    assertThat(running()).containsExactly("pump 1.0.0");
  }

  /** Signed once, kept by somebody, sent again: not even after it was uninstalled. */
  @Test
  void anEnvelopeThatIsOlderThanTheNewestBringsNothingBack() throws Exception {
    KeyPair hub = Keys.generate();
    Files.writeString(directory.resolve("conf/trust/hub.pub"), Keys.publicText(hub.getPublic()));
    byte[] old = Jars.bundle("pump", "1.0.0", Map.of());
    byte[] next = Jars.bundle("pump", "2.0.0", Map.of());
    String never = "2999-01-01T00:00:00Z";
    String march = "2026-03-01T00:00:00Z";
    String april = "2026-04-01T00:00:00Z";
    String may = "2026-05-01T00:00:00Z";
    for (int i = 0; i < 2; i++) { // the same again is none that is older
      assertThat(byDocument(next, hub, "gw-1", never, sha256(next), april, "pump").status())
          .isEqualTo(Status.COMPLETED);
    }
    assertThat(byDocument(old, hub, "gw-1", never, sha256(old), march, "pump").message())
        .contains("was issued at [" + march + "]", "[" + april + "]", "sign it anew");
    assertThat(byDocument(old, hub, "gw-1", never, sha256(old), march, "valve").message())
        .contains("is for package [valve], not for [pump]");
    Map<String, Value> which = Map.of("dp.name", Value.of("pump"));
    assertThat(ask(Method.EXEC, "uninstall", which, new byte[0]).code()).isEqualTo(200);
    end("uninstall");
    awaitIdle();
    restart();
    assertThat(byDocument(old, hub, "gw-1", never, sha256(old), march, "pump").message())
        .contains("sign it anew");
    assertThat(byDocument(old, hub, "gw-1", never, sha256(old), may, "pump").status())
        .isEqualTo(Status.COMPLETED);
    assertThat(running()).containsExactly("pump 1.0.0");
  }

  /** A signer whose clock is ahead would keep out all that is signed until then. */
  @Test
  void anEnvelopeOfTheFutureIsRefusedAndKeepsNothingOut() throws Exception {
    KeyPair hub = Keys.generate();
    Files.writeString(directory.resolve("conf/trust/hub.pub"), Keys.publicText(hub.getPublic()));
    byte[] pump = Jars.bundle("pump", "1.0.0", Map.of());
    String never = "2999-01-01T00:00:00Z";
    Instant now = Instant.now();
    String ahead = now.plus(Duration.ofDays(2)).toString();
    assertThat(byDocument(pump, hub, "gw-1", never, sha256(pump), ahead, "pump").message())
        .contains("was issued at [" + ahead + "]", "more than [24 h] after now", "sign it anew");
    assertThat(running()).isEmpty();
    for (Duration drift : List.of(Duration.ZERO, Duration.ofHours(12))) {
      String issued = now.plus(drift).toString();
      assertThat(byDocument(pump, hub, "gw-1", never, sha256(pump), issued, "pump").status())
          .as(issued)
          .isEqualTo(Status.COMPLETED);
    }
  }

  @Test
  void whereTheClockIsNotSetNoEnvelopeIsOfTheFuture() throws Exception {
    clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    restart();
    KeyPair hub = Keys.generate();
    Files.writeString(directory.resolve("conf/trust/hub.pub"), Keys.publicText(hub.getPublic()));
    byte[] pump = Jars.bundle("pump", "1.0.0", Map.of());
    assertThat(byDocument(pump, hub, "gw-1", "2999-01-01T00:00:00Z", sha256(pump)).status())
        .isEqualTo(Status.COMPLETED);
  }

  /** As one that ends the process a moment after it was installed. */
  @Test
  void aPackageWithWhichTheGatewayDoesNotLastIsNotStartedAFourthTime() throws Exception {
    install("pump", "1", pump("1.0.0", Map.of()));
    for (int i = 1; i <= 3; i++) {
      restart();
      awaitRunning("pump 1.0.0");
    }
    restart();
    awaitEvent("package.not_started");
    assertThat(running()).isEmpty();
    assertThat(events.all.toString()).contains("did not last");

    install("pump", "2", pump("2.0.0", Map.of()));
    assertThat(running()).as("another version has its chance").containsExactly("pump 2.0.0");
  }

  @Test
  void stopsThatSomebodyAskedForDoNotCountUnlessThereAreManyInARow() throws Exception {
    install("pump", "1", pump("1.0.0", Map.of()));
    Path unproven = directory.resolve("data/packages/installed/unproven");
    for (int i = 1; i <= 11; i++) { // the first has nothing to take out: it was installed in it
      restartAsAsked();
      awaitRunning("pump 1.0.0");
    }
    assertThat(unproven).hasContent("1+10 pump");
    for (int i = 2; i <= 3; i++) { // by now it may be a watchdog
      restartAsAsked();
      awaitRunning("pump 1.0.0");
      assertThat(unproven).hasContent(i + "+10 pump");
    }
    restartAsAsked();
    awaitEvent("package.not_started");
    assertThat(running()).isEmpty();
  }

  @Test
  void startsThatFailCountBetweenStopsThatSomebodyAskedFor() throws Exception {
    install("pump", "1", pump("1.0.0", Map.of()));
    for (int i = 1; i <= 3; i++) {
      restart();
      awaitRunning("pump 1.0.0");
      restartAsAsked();
      awaitRunning("pump 1.0.0");
    }
    assertThat(directory.resolve("data/packages/installed/unproven")).hasContent("3+3 pump");
    restart();
    awaitEvent("package.not_started");
  }

  @Test
  void settingsThatChangeAreNoStart() throws Exception {
    install("pump", "1", pump("1.0.0", Map.of()));
    for (int i = 1; i <= 5; i++) {
      deploy.stop();
      deploy = deploy("signed");
      awaitRunning("pump 1.0.0");
    }
    restart();
    awaitRunning("pump 1.0.0");
    assertThat(events.codes()).doesNotContain("package.not_started");
  }

  @Test
  void aPackageWithWhichItLastsIsStartedForEver() throws Exception {
    lasting = Duration.ofMillis(50);
    restart();
    install("pump", "1", pump("1.0.0", Map.of()));
    Path unproven = directory.resolve("data/packages/installed/unproven");
    for (int i = 1; i <= 5; i++) {
      await(() -> !Files.exists(unproven));
      restart();
      awaitRunning("pump 1.0.0");
    }
    assertThat(events.codes()).doesNotContain("package.not_started");
  }

  /** What could not take its place does not count against it. */
  @Test
  void afterAnInstallationThatFailedWhatWasThereIsAsProvedAsBefore() throws Exception {
    lasting = Duration.ofMillis(50);
    restart();
    install("pump", "1", pump("1.0.0", Map.of()));
    Path unproven = directory.resolve("data/packages/installed/unproven");
    await(() -> !Files.exists(unproven));
    lasting = Duration.ofMinutes(10);
    restart();
    awaitRunning("pump 1.0.0");
    byte[] broken = pump("2.0.0", Map.of("Import-Package", "not.there"));
    assertThat(install("pump", "2", broken).status()).isEqualTo(Status.FAILED);
    assertThat(unproven).doesNotExist();
  }

  @Test
  void anInstallationThatFailedGivesNoNewChanceToWhatWasGivenUp() throws Exception {
    install("pump", "1", pump("1.0.0", Map.of()));
    Path unproven = directory.resolve("data/packages/installed/unproven");
    Files.writeString(unproven, "3 pump\n");
    restart();
    awaitEvent("package.not_started");
    byte[] broken = pump("2.0.0", Map.of("Import-Package", "not.there"));
    assertThat(install("pump", "2", broken).status()).isEqualTo(Status.FAILED);
    assertThat(unproven).hasContent("4 pump");
  }

  /** As on a disk that is full or may only be read. */
  @Test
  void whereStartsCannotBeCountedOnTheDiskPackagesRunAllTheSame() throws Exception {
    install("pump", "1", pump("1.0.0", Map.of()));
    Files.createDirectory(directory.resolve("data/packages/installed/.unproven.new"));
    restart();
    awaitRunning("pump 1.0.0");
    assertThat(events.codes()).contains("package.starts_not_counted");
  }

  private void awaitEvent(String code) {
    await(() -> events.codes().contains(code));
  }

  private void await(BooleanSupplier condition) {
    long patience = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(events.all.toString()).isLessThan(patience);
      Thread.onSpinWait();
    }
  }

  @Test
  void aManifestThatUnfoldsToMuchIsNotRead() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
      zip.write(new byte[9 << 20]);
    }
    assertThat(install("pump", "1", bytes.toByteArray()).message())
        .contains("hold more than [8388608] bytes");
  }

  /** The framework would wait for it, and let nobody else start, stop or install meanwhile. */
  @Test
  void aBundleThatHangsHoldsUpNobodyThoughThePackageItUsesGoes() throws Exception {
    install("lib", "1", lib("1.0.0"));
    BundleContext context = framework.getBundleContext();
    byte[] jar = Jars.active("deaf", DeafActivator.class, "lib");
    Bundle deaf = context.installBundle("test:deaf", new ByteArrayInputStream(jar));
    FutureTask<Void> start = start(() -> deaf);
    try {
      await(() -> deaf.getState() == Bundle.STARTING);
      assertThat(install("lib", "2", lib("2.0.0")).status()).isEqualTo(Status.COMPLETED);
      byte[] other = Jars.bundle("other", "1.0.0", Map.of("Import-Package", "lib"));
      start(() -> context.installBundle("test:other", new ByteArrayInputStream(other)))
          .get(20, TimeUnit.SECONDS);
      assertThat(running()).containsExactly("lib 2.0.0", "other 1.0.0");
    } finally {
      System.setProperty(DeafActivator.GO_ON, "true");
      start.get(60, TimeUnit.SECONDS);
      System.clearProperty(DeafActivator.GO_ON);
    }
  }

  private static byte[] lib(String version) throws Exception {
    Map<String, String> headers = Map.of("Export-Package", "lib");
    return signer.sign(Jars.bundle("lib", version, headers), keys);
  }

  /** On a thread of its own: Felix may hold it up. */
  private static FutureTask<Void> start(Callable<Bundle> bundle) {
    FutureTask<Void> start =
        new FutureTask<>(
            () -> {
              bundle.call().start();
              return null;
            });
    Thread thread = new Thread(start, "test-start");
    thread.setDaemon(true);
    thread.start();
    return start;
  }

  /** After a clean stop the framework still has its copies. */
  @Test
  void whatTheFrameworkHasKeptIsNotBelieved() throws Exception {
    byte[] pump = pump("1.0.0", Map.of());
    install("pump", "1", pump);
    deploy.stop();
    framework.stop();
    framework.waitForStop(10_000);
    byte[] other = pump("1.0.0", Map.of("Altered", "yes"));
    int altered = 0;
    try (Stream<Path> all = Files.walk(directory.resolve("cache"))) {
      for (Path one : all.filter(file -> file.endsWith("bundle.jar")).toList()) {
        if (Arrays.equals(Files.readAllBytes(one), pump)) {
          Files.write(one, other);
          altered++;
        }
      }
    }
    assertThat(altered).isEqualTo(1);
    framework();
    awaitRunning("pump 1.0.0");
    assertThat(framework.getBundleContext().getBundles())
        .allSatisfy(one -> assertThat(one.getHeaders("").get("Altered")).isNull());
  }

  /** What was started by hand runs at the next start as it would without: once it is verified. */
  @Test
  void aStartFromAfarDoesNotOutliveTheGateway() throws Exception {
    install("pump", "1", pump("1.0.0", Map.of()));
    Bundle pump =
        Arrays.stream(framework.getBundleContext().getBundles())
            .filter(one -> "pump".equals(one.getSymbolicName()))
            .findFirst()
            .orElseThrow();
    for (String what : List.of("stop/", "start/")) {
      String resource = what + pump.getBundleId();
      assertThat(ask(Method.EXEC, resource, Map.of(), new byte[0]).code()).isEqualTo(200);
    }
    assertThat(running()).containsExactly("pump 1.0.0");
    assertThat(pump.adapt(BundleStartLevel.class).isPersistentlyStarted()).isFalse();
  }

  @Test
  void aDeploymentPackageIsInstalledWholeOrNotAtAll() throws Exception {
    byte[] exporter = Jars.bundle("lib", "1.0.0", Map.of("Export-Package", "lib;version=1"));
    byte[] importer = Jars.bundle("app", "1.0.0", Map.of("Import-Package", "lib"));
    Map<String, byte[]> bundles = new LinkedHashMap<>();
    bundles.put("app", importer); // before what it needs
    bundles.put("lib", exporter);
    Notification end = install("kit", "1", signer.sign(Jars.dp("kit", bundles, Map.of()), keys));
    // A bundle that exports a package it does not have does not resolve in some frameworks.
    assertThat(end.status()).as(end.message()).isEqualTo(Status.COMPLETED);
    assertThat(running()).containsExactly("app 1.0.0", "lib 1.0.0");

    bundles.put("app", Jars.bundle("app", "2.0.0", Map.of("Import-Package", "not.there")));
    end = install("kit", "2", signer.sign(Jars.dp("kit", bundles, Map.of()), keys));
    assertThat(end.message()).contains("app needs [(osgi.wiring.package=not.there)]", "runs on");
    assertThat(running()).containsExactly("app 1.0.0", "lib 1.0.0");

    Map<String, Value> which = Map.of("dp.name", Value.of("kit"), "dp.job.id", Value.of(7L));
    assertThat(ask(Method.EXEC, "uninstall", which, new byte[0]).code()).isEqualTo(200);
    Notification gone = end("uninstall");
    assertThat(gone.metrics())
        .containsEntry("job.id", Value.of(7L))
        .containsEntry("dp.name", Value.of("kit"))
        .containsEntry("dp.uninstall.status", Value.of("COMPLETED"));
    assertThat(running()).isEmpty();
    awaitIdle();
    assertThat(ask(Method.EXEC, "uninstall", which, new byte[0]).code()).isEqualTo(404);
  }

  @Test
  void packagesOfOtherKindsAreRefused() throws Exception {
    Map<String, byte[]> one = Map.of("a", Jars.bundle("a", "1.0.0", Map.of()));
    assertThat(
            install(
                    "kit",
                    "1",
                    signer.sign(
                        Jars.dp("kit", one, Map.of("DeploymentPackage-FixPack", "[1,2)")), keys))
                .message())
        .contains("is a fix pack of [[1,2)]");
    assertThat(install("kit", "2", signer.sign(Jars.dp("kit", Map.of(), Map.of()), keys)).message())
        .isNotEmpty();
    assertThat(install("kit", "3", "no jar".getBytes(StandardCharsets.UTF_8)).message())
        .isNotEmpty();
    assertThat(running()).isEmpty();
  }

  @Test
  void whereTheNewOneDoesNotStartTheOldOneRunsOn() throws Exception {
    install("pump", "1", pump("1.0.0", Map.of()));
    Notification end = install("pump", "2", pump("2.0.0", Map.of("Bundle-Activator", "not.There")));
    assertThat(end.status()).isEqualTo(Status.FAILED);
    assertThat(end.message()).contains("ClassNotFoundException", "what was here runs on");
    assertThat(running()).containsExactly("pump 1.0.0");
    assertThat(body(ask(Method.GET, "packages", Map.of(), new byte[0])))
        .contains("<version>1</version>");
  }

  @Test
  void aSwitchThatWasCutShortIsTakenBackAtTheNextStart() throws Exception {
    install("pump", "1", pump("1.0.0", Map.of()));
    Path next = Files.write(directory.resolve("next.jar"), pump("2.0.0", Map.of()));
    new Installer(framework.getBundleContext())
        .install("pump", sha256(Files.readAllBytes(next)), PackageFile.read(next));
    assertThat(running()).as("switched, and killed before the list").containsExactly("pump 2.0.0");
    restart();
    awaitRunning("pump 1.0.0");
    assertThat(running()).containsExactly("pump 1.0.0");
  }

  @Test
  void whatWasAlteredOnDiskDoesNotRun() throws Exception {
    install("pump", "1", pump("1.0.0", Map.of()));
    try (var files =
        Files.newDirectoryStream(directory.resolve("data/packages/installed"), "*.jar")) {
      for (Path file : files) {
        Files.write(file, new byte[] {0}, StandardOpenOption.APPEND);
      }
    }
    restart();
    awaitEvent("package.not_started");
    assertThat(running()).isEmpty();
  }

  @Test
  void theGatewaysOwnBundlesAreNeitherStoppedNorReplaced() throws Exception {
    Path jar = Files.write(directory.resolve("own.jar"), Jars.bundle("pump", "1.0.0", Map.of()));
    Bundle own = framework.getBundleContext().installBundle("reference:" + jar.toUri());
    own.start();
    for (long id : List.of(0L, own.getBundleId())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ask(Method.EXEC, "stop/" + id, Map.of(), new byte[0]))
          .withMessageContaining("belongs to the gateway itself");
    }
    assertThat(install("pump", "2", pump("2.0.0", Map.of())).message())
        .contains("bundle [pump] is here from [reference:", "not this package's to replace");
    assertThat(running()).containsExactly("pump 1.0.0");
  }
}
