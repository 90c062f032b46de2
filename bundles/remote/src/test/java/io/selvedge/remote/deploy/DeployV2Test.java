package io.selvedge.remote.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Notification.Status;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.remote.FakeEvents;
import io.selvedge.remote.Golden;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** In a real framework, from a real HTTP server, with jars that are signed here. */
class DeployV2Test {

  @TempDir static Path keys;
  private static Jars.Signer signer;
  private static Jars.Signer stranger;

  @TempDir Path directory;
  private FileServer server;
  private Framework framework;
  private DeployV2 deploy;
  private final FakeEvents events = new FakeEvents();
  private final BlockingQueue<Notification> told = new LinkedBlockingQueue<>();

  private record Config(String install) implements DeployConfig {
    @Override
    public int package_most_mib() {
      return 4;
    }

    @Override
    public Class<? extends Annotation> annotationType() {
      return DeployConfig.class;
    }
  }

  @BeforeAll
  static void keys() throws Exception {
    signer = Jars.Signer.make(keys, "factory");
    stranger = Jars.Signer.make(keys, "stranger");
  }

  @BeforeEach
  void start() throws Exception {
    server = new FileServer();
    signer.trust(directory.resolve("conf/trust/packages"), "factory.pem");
    framework();
  }

  private void framework() throws Exception {
    Map<String, String> properties = new TreeMap<>();
    properties.put(Constants.FRAMEWORK_STORAGE, directory.resolve("cache").toString());
    properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, "10");
    properties.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
    properties.put("felix.log.level", "0");
    properties.put("selvedge.gateway.id", "gw-1");
    properties.put("selvedge.data", directory.resolve("data").toString());
    properties.put("selvedge.conf", directory.resolve("conf").toString());
    framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(properties);
    framework.start();
    deploy = deploy("signed");
  }

  private DeployV2 deploy(String install) throws Exception {
    return new DeployV2(
        framework.getBundleContext(), events, new Config(install), millis -> {}, Clock.systemUTC());
  }

  @AfterEach
  void stop() throws Exception {
    deploy.stop();
    framework.stop();
    framework.waitForStop(10_000);
    server.close();
  }

  private Reply ask(Method method, String resource, Map<String, Value> metrics, byte[] body) {
    return deploy.handle(new Request(method, resource, metrics, body), told::add);
  }

  private Map<String, Value> download(String name, String version) throws Exception {
    Map<String, Value> metrics = new LinkedHashMap<>();
    metrics.put("job.id", Value.of(42L));
    metrics.put("dp.uri", Value.of(server.uri("/file").toString()));
    metrics.put("dp.name", Value.of(name));
    metrics.put("dp.version", Value.of(version));
    metrics.put("dp.download.protocol", Value.of("HTTP"));
    metrics.put("dp.install.system.update", Value.of(false));
    metrics.put("dp.download.hash", Value.of("SHA-256:" + sha256(server.file)));
    return metrics;
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** The last notification of a type, waited for. */
  private Notification end(String type) throws Exception {
    while (true) {
      Notification one = told.poll(60, TimeUnit.SECONDS);
      assertThat(one).as("a notification that [" + type + "] has ended").isNotNull();
      if (one != null && one.type().equals(type) && one.status().isFinal()) {
        return one;
      }
    }
  }

  private Notification install(String name, String version, byte[] file) throws Exception {
    server.file = file;
    assertThat(ask(Method.EXEC, "download", download(name, version), new byte[0]).code())
        .isEqualTo(200);
    assertThat(end("download").status()).isEqualTo(Status.COMPLETED);
    Notification end = end("install");
    awaitIdle();
    return end;
  }

  private void awaitIdle() throws Exception {
    long patience = System.nanoTime() + 60_000_000_000L;
    while (text(ask(Method.GET, "install", Map.of(), new byte[0]), "dp.install.status")
        .equals("IN_PROGRESS")) {
      assertThat(System.nanoTime()).isLessThan(patience);
      Thread.onSpinWait();
    }
  }

  private static String text(Reply reply, String metric) {
    Value value = reply.metrics().get(metric);
    return value == null ? "" : value.display();
  }

  private static byte[] pump(String version, Map<String, String> headers) throws Exception {
    return signer.sign(Jars.bundle("pump", version, headers), keys);
  }

  private List<String> running() {
    return Arrays.stream(framework.getBundleContext().getBundles())
        .filter(one -> one.getBundleId() != 0 && one.getState() == Bundle.ACTIVE)
        .map(one -> one.getSymbolicName() + " " + one.getVersion())
        .sorted()
        .toList();
  }

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

  private void deleteCache() throws Exception {
    try (var all = Files.walk(directory.resolve("cache"))) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }

  private void awaitRunning(String bundle) {
    long patience = System.nanoTime() + 60_000_000_000L;
    while (!running().contains(bundle)) {
      assertThat(System.nanoTime()).as(running() + " " + events.all).isLessThan(patience);
      Thread.onSpinWait();
    }
  }

  private static String body(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
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
    assertThat(running()).containsExactly("pump 1.0.0");
  }

  private Notification byDocument(
      byte[] file, KeyPair key, String gateway, String expires, String sha256) throws Exception {
    server.file = file;
    String payload =
        "{\"format\":1,\"gateway\":\""
            + gateway
            + "\",\"expires\":\""
            + expires
            + "\",\"sha256\":\""
            + sha256
            + "\"}";
    byte[] envelope =
        SignedEnvelope.sign(
                "application/vnd.selvedge.package+json",
                payload.getBytes(StandardCharsets.UTF_8),
                key)
            .toJson();
    Map<String, Value> metrics = download("pump", "1");
    metrics.put("dp.download.force", Value.of(true));
    assertThat(ask(Method.EXEC, "download", metrics, envelope).code()).isEqualTo(200);
    Notification end = end("install");
    awaitIdle();
    return end;
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
    long patience = System.nanoTime() + 60_000_000_000L;
    while (!events.codes().contains("package.not_started")) {
      assertThat(System.nanoTime()).as(events.all.toString()).isLessThan(patience);
      Thread.onSpinWait();
    }
    assertThat(running()).isEmpty();
  }

  private void restart() throws Exception {
    deploy.stop();
    framework.stop();
    framework.waitForStop(10_000);
    framework();
  }

  @Test
  void offUnlessSwitchedOnAndItSaysHow() throws Exception {
    deploy.stop();
    deploy = deploy("off");
    server.file = pump("1.0.0", Map.of());
    for (String what : List.of("download", "install")) {
      Reply reply = ask(Method.EXEC, what, download("pump", "1"), new byte[0]);
      assertThat(reply.code()).isEqualTo(500);
      assertThat(reply.message())
          .contains("is off on this gateway", "io.selvedge.remote.deploy.cfg", "Unsigned code");
    }
    assertThat(server.requests).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> deploy("unsigned"))
        .withMessage("install [unsigned] of io.selvedge.remote.deploy must be off or signed");
  }

  @Test
  void oneAfterTheOtherWithKurasAnswer() throws Exception {
    server.file = pump("1.0.0", Map.of());
    server.status = 503;
    Map<String, Value> metrics = download("pump", "1");
    DeployV2 slow =
        new DeployV2(
            framework.getBundleContext(),
            events,
            new Config("signed"),
            millis -> Thread.sleep(millis == 0 ? 0 : 60_000),
            Clock.systemUTC());
    deploy.stop();
    deploy = slow;
    assertThat(ask(Method.EXEC, "download", metrics, new byte[0]).code()).isEqualTo(200);
    Reply busy = ask(Method.EXEC, "download", metrics, new byte[0]);
    assertThat(busy.code()).isEqualTo(500);
    assertThat(body(busy)).isEqualTo("Another resource is already in download");
    assertThat(busy.metrics()).containsEntry("download.status", Value.of("IN_PROGRESS"));
    assertThat(text(ask(Method.GET, "download", Map.of(), new byte[0]), "dp.download.status"))
        .isEqualTo("IN_PROGRESS");
    assertThat(body(ask(Method.EXEC, "install", metrics, new byte[0])))
        .isEqualTo("Already installing/uninstalling");
  }

  @Test
  void aDownloadThatIsThereIsAlreadyDoneAndACancelledOneLeavesNothing() throws Exception {
    server.file = pump("1.0.0", Map.of());
    Map<String, Value> metrics = download("pump", "1");
    metrics.put("dp.install", Value.of(false));
    ask(Method.EXEC, "download", metrics, new byte[0]);
    assertThat(end("download").metrics())
        .containsEntry("dp.download.status", Value.of("COMPLETED"))
        .containsEntry("dp.download.size", Value.of((long) server.file.length));
    while (ask(Method.EXEC, "download", metrics, new byte[0]).code() != 200) {
      Thread.onSpinWait(); // the one before ends
    }
    Notification again = end("download");
    assertThat(again.status()).isEqualTo(Status.COMPLETED);
    assertThat(again.metrics()).containsEntry("dp.download.status", Value.of("ALREADY DONE"));
    assertThat(running()).as("dp.install is false").isEmpty();
    while (ask(Method.EXEC, "install", metrics, new byte[0]).code() != 200) {
      Thread.onSpinWait();
    }
    assertThat(end("install").status()).isEqualTo(Status.COMPLETED);
    assertThat(ask(Method.DEL, "download", Map.of(), new byte[0]).code()).isEqualTo(200);
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

  @Test
  void otherBundlesAreStoppedAndStarted() throws Exception {
    install("pump", "1", pump("1.0.0", Map.of()));
    long id =
        Arrays.stream(framework.getBundleContext().getBundles())
            .filter(one -> "pump".equals(one.getSymbolicName()))
            .findFirst()
            .orElseThrow()
            .getBundleId();
    assertThat(ask(Method.EXEC, "stop/" + id, Map.of(), new byte[0]).code()).isEqualTo(200);
    assertThat(running()).isEmpty();
    assertThat(ask(Method.EXEC, "start/" + id, Map.of(), new byte[0]).code()).isEqualTo(200);
    assertThat(running()).containsExactly("pump 1.0.0");
    assertThat(ask(Method.EXEC, "start/999", Map.of(), new byte[0]).code()).isEqualTo(404);
    assertThat(ask(Method.EXEC, "start/x", Map.of(), new byte[0]).code()).isEqualTo(400);
    assertThat(ask(Method.POST, "start", Map.of(), new byte[0]).code()).isEqualTo(404);
  }

  @Test
  void whatIsMissingOrWrongInARequestIsNamed() throws Exception {
    for (Map.Entry<String, String> one :
        Map.of(
                "dp.download.hash", "metric [dp.download.hash] is missing; without it nobody",
                "dp.name", "metric [dp.name] is missing",
                "dp.version", "metric [dp.version] is missing",
                "dp.uri", "metric [dp.download.uri] is missing")
            .entrySet()) {
      Map<String, Value> metrics = download("pump", "1");
      metrics.remove(one.getKey());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ask(Method.EXEC, "download", metrics, new byte[0]))
          .withMessageStartingWith(one.getValue());
    }
    for (Map.Entry<String, Value> one :
        Map.of(
                "dp.name", Value.of("../../etc"),
                "dp.version", Value.of("1/2"),
                "dp.uri", Value.of("file:///etc/passwd"),
                "dp.download.hash", Value.of("MD5:d41d8cd98f00b204e9800998ecf8427e"),
                "dp.download.protocol", Value.of("HTTPS"),
                "dp.download.block.size", Value.of(0L),
                "dp.install.system.update", Value.of(true),
                "dp.reboot", Value.of(true),
                "job.id", Value.of("soon"))
            .entrySet()) {
      Map<String, Value> metrics = download("pump", "1");
      metrics.put(one.getKey(), one.getValue());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ask(Method.EXEC, "download", metrics, new byte[0]))
          .withMessageContaining("is [" + one.getValue().display() + "]");
    }
    assertThat(server.requests).isEmpty();
  }

  @Test
  void theGoldenRequestOfKapuaIsUnderstood() throws Exception {
    Job.Download job =
        Job.parseDownload(Golden.request("DEPLOY-V2", Method.EXEC, "download", "deploy-download"));
    assertThat(job.job().id()).isEqualTo(7_000_000_000L);
    assertThat(job.job().file()).isEqualTo("heater-1.0.0");
    assertThat(job.uri()).hasToString("https://files.example.org/heater-1.0.0.dp");
    assertThat(job.login()).contains("me:secret");
    assertThat(job.install()).isTrue();
    assertThat(job.blockSize()).isEqualTo(4096);
  }
}
