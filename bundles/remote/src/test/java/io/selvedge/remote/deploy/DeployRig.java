package io.selvedge.remote.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Notification.Status;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.remote.FakeEvents;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
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
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** In a real framework, from a real HTTP server, with jars that are signed here. */
class DeployRig {
  @TempDir static Path keys;
  static Jars.Signer signer;
  static Jars.Signer stranger;

  @TempDir Path directory;
  FileServer server;
  Framework framework;
  DeployV2 deploy;
  Duration lasting = Duration.ofMinutes(10);
  Clock clock = Clock.systemUTC();
  final FakeEvents events = new FakeEvents();
  final BlockingQueue<Notification> told = new LinkedBlockingQueue<>();

  record Config(String install) implements DeployConfig {
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

  final void framework() throws Exception {
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
    framework.getBundleContext().addBundleListener((SynchronousBundleListener) this::stopWith);
  }

  /** As the framework stops components: while it stops itself. */
  private void stopWith(BundleEvent event) {
    if (event.getBundle().getBundleId() == 0 && event.getType() == BundleEvent.STOPPING) {
      deploy.stop();
    }
  }

  final DeployV2 deploy(String install) throws Exception {
    return new DeployV2(
        framework.getBundleContext(), events, new Config(install), millis -> {}, clock, lasting);
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
    server.close();
  }

  Reply ask(Method method, String resource, Map<String, Value> metrics, byte[] body) {
    return deploy.handle(new Request(method, resource, metrics, body), told::add);
  }

  Map<String, Value> download(String name, String version) throws Exception {
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

  static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** The last notification of a type, waited for. */
  Notification end(String type) throws Exception {
    while (true) {
      Notification one = told.poll(60, TimeUnit.SECONDS);
      assertThat(one).as("a notification that [" + type + "] has ended").isNotNull();
      if (one != null && one.type().equals(type) && one.status().isFinal()) {
        return one;
      }
    }
  }

  Notification install(String name, String version, byte[] file) throws Exception {
    server.file = file;
    assertThat(ask(Method.EXEC, "download", download(name, version), new byte[0]).code())
        .isEqualTo(200);
    assertThat(end("download").status()).isEqualTo(Status.COMPLETED);
    Notification end = end("install");
    awaitIdle();
    return end;
  }

  void awaitIdle() throws Exception {
    long patience = System.nanoTime() + 60_000_000_000L;
    while (text(ask(Method.GET, "install", Map.of(), new byte[0]), "dp.install.status")
        .equals("IN_PROGRESS")) {
      assertThat(System.nanoTime()).isLessThan(patience);
      Thread.onSpinWait();
    }
  }

  static String text(Reply reply, String metric) {
    Value value = reply.metrics().get(metric);
    return value == null ? "" : value.display();
  }

  static byte[] pump(String version, Map<String, String> headers) throws Exception {
    return signer.sign(Jars.bundle("pump", version, headers), keys);
  }

  List<String> running() {
    return Arrays.stream(framework.getBundleContext().getBundles())
        .filter(one -> one.getBundleId() != 0 && one.getState() == Bundle.ACTIVE)
        .map(one -> one.getSymbolicName() + " " + one.getVersion())
        .sorted()
        .toList();
  }

  void deleteCache() throws Exception {
    try (var all = Files.walk(directory.resolve("cache"))) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }

  void awaitRunning(String bundle) {
    long patience = System.nanoTime() + 60_000_000_000L;
    while (!running().contains(bundle)) {
      assertThat(System.nanoTime()).as(running() + " " + events.all).isLessThan(patience);
      Thread.onSpinWait();
    }
  }

  static String body(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  Notification byDocument(byte[] file, KeyPair key, String gateway, String expires, String sha256)
      throws Exception {
    return byDocument(file, key, gateway, expires, sha256, "2026-01-01T00:00:00Z", "pump");
  }

  Notification byDocument(
      byte[] file,
      KeyPair key,
      String gateway,
      String expires,
      String sha256,
      String issued,
      String name)
      throws Exception {
    server.file = file;
    String payload =
        "{\"format\":1,\"gateway\":\""
            + gateway
            + "\",\"name\":\""
            + name
            + "\",\"issued\":\""
            + issued
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

  /** As {@code selvedge stop} and a start, or a service restart. */
  void restartAsAsked() throws Exception {
    System.setProperty("selvedge.stop.asked", "true");
    try {
      restart();
    } finally {
      System.clearProperty("selvedge.stop.asked");
    }
  }

  /** As by a package that ends the process. */
  void restart() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
    framework();
  }
}
