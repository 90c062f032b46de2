package io.selvedge.itest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Kapua asks of a gateway that is killed meanwhile, or cut off by what was asked. */
class RemoteIT {

  private static final int KILL_AT = 3_500_000;

  @TempDir Path directory;
  private Station station;
  private HttpServer server;
  private final List<String> ranges = new CopyOnWriteArrayList<>();
  private volatile byte[] file = new byte[0];
  private volatile int most = Integer.MAX_VALUE;

  @BeforeEach
  void start() throws Exception {
    station = new Station(directory);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
  }

  @AfterEach
  void end() throws Exception {
    server.stop(0);
    station.end();
  }

  /** Sends so much and then nothing more, as a link does that hangs. */
  private void serve(HttpExchange exchange) throws IOException {
    String range = String.valueOf(exchange.getRequestHeaders().getFirst("Range"));
    ranges.add(range);
    int from = range.startsWith("bytes=") ? Integer.parseInt(range.replaceAll("[^0-9]", "")) : 0;
    exchange.getResponseHeaders().set("ETag", "\"one\"");
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (file.length - 1) + "/" + file.length);
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, file.length - from);
    try (OutputStream out = exchange.getResponseBody()) {
      int length = Math.min(most, file.length) - from;
      out.write(file, from, Math.max(0, length));
      out.flush();
      while (most < file.length) {
        Thread.sleep(50); // a link that hangs until it is cut
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aDownloadGoesOnAfterAKillAndWhatIsInstalledRunsAfterTheNext() throws Exception {
    Files.writeString(station.conf.resolve("io.selvedge.remote.deploy.cfg"), "install = signed\n");
    file = signed(bundle());
    most = KILL_AT;
    assertThat(station.selvedge.run("start").code()).isZero();
    station.next("$EDC/selvedge/itest-1/MQTT/BIRTH");
    station.ask("DEPLOY-V2/EXEC/download", download(), "");
    Path part = station.selvedge.instance().resolve("data/packages/downloads/pump-1.part");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!Files.exists(part) || Files.size(part) < KILL_AT) {
      assertThat(System.nanoTime()).as("part [" + part + "] in time").isLessThan(end);
      Thread.sleep(20); // another process: nothing else tells
    }
    kill();
    most = Integer.MAX_VALUE;
    assertThat(station.selvedge.run("start").code()).isZero();
    station.next("$EDC/selvedge/itest-1/MQTT/BIRTH");
    station.ask("DEPLOY-V2/EXEC/download", download(), "");
    KuraPayload told = station.next("$EDC/selvedge/HUB/DEPLOY-V2/NOTIFY/itest-1/install");
    while (told.text("status").orElse("").equals("IN_PROGRESS")) {
      told = station.next("$EDC/selvedge/HUB/DEPLOY-V2/NOTIFY/itest-1/install");
    }
    assertThat(told.text("dp.install.status")).as(told.metrics().toString()).contains("COMPLETED");
    assertThat(told.whole("job.id")).contains(42L);
    assertThat(ranges).containsExactly("null", "bytes=3145728-");

    kill();
    assertThat(station.selvedge.run("start").code()).isZero();
    station.next("$EDC/selvedge/itest-1/MQTT/BIRTH");
    assertThat(station.ask("DEPLOY-V2/GET/packages", "")).contains("<name>pump</name>");
    String active = "<name>pump</name><version>1.0.0</version><id>";
    String bundles = station.ask("DEPLOY-V2/GET/bundles", "");
    end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (System.nanoTime() < end
        && !bundles.matches("(?s).*" + active + "\\d+</id><state>ACTIVE.*")) {
      Thread.sleep(100); // packages come up after the start
      bundles = station.ask("DEPLOY-V2/GET/bundles", "");
    }
    assertThat(bundles).matches("(?s).*" + active + "\\d+</id><state>ACTIVE.*");
  }

  @Test
  void aChangeThatCutsTheGatewayOffIsTakenBack() throws Exception {
    Files.writeString(
        station.conf.resolve("io.selvedge.remote.conf.cfg"), "confirm.seconds = 22\n");
    assertThat(station.selvedge.run("start").code()).isZero();
    station.next("$EDC/selvedge/itest-1/MQTT/BIRTH");
    Path mqtt = station.conf.resolve("io.selvedge.mqtt.cfg");
    String before = Files.readString(mqtt);
    String now = station.ask("CONF-V1/GET/configurations/io.selvedge.mqtt", "");
    String wrong = now.replaceFirst("<esf:value>tcp://[^<]+<", "<esf:value>tcp://127.0.0.1:1<");
    assertThat(wrong).isNotEqualTo(now);
    station.send("CONF-V1/PUT/configurations", wrong);
    station.next("$EDC/selvedge/itest-1/MQTT/DC");
    assertThat(mqtt).content().contains("127.0.0.1:1\n");
    station.next("$EDC/selvedge/itest-1/MQTT/BIRTH");
    assertThat(mqtt).hasContent(before);
    assertThat(station.selvedge.log()).contains("there was no connection within [22 s]");
  }

  private Map<String, Metric> download() throws Exception {
    return Map.of(
        "job.id", Metric.of(42L),
        "dp.uri", Metric.of("http://127.0.0.1:" + server.getAddress().getPort() + "/pump"),
        "dp.name", Metric.of("pump"),
        "dp.version", Metric.of("1"),
        "dp.download.protocol", Metric.of("HTTP"),
        "dp.download.hash", Metric.of("SHA-256:" + sha256(file)),
        "dp.install.system.update", Metric.of(false));
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private void kill() throws Exception {
    Path pid = station.selvedge.instance().resolve("run/pid");
    ProcessHandle gateway =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    gateway.destroyForcibly();
    gateway.onExit().get(60, TimeUnit.SECONDS);
  }

  /** A bundle of six megabytes. */
  private static byte[] bundle() throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", "pump");
    manifest.getMainAttributes().putValue("Bundle-Version", "1.0.0");
    byte[] ballast = new byte[6_000_000];
    new Random(3).nextBytes(ballast);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      jar.putNextEntry(new ZipEntry("ballast"));
      jar.write(ballast);
    }
    return bytes.toByteArray();
  }

  private byte[] signed(byte[] bundle) throws Exception {
    Path store = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                "-genkeypair",
                "-alias",
                "factory",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=factory",
                "-validity",
                "3650",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit",
                "-storetype",
                "PKCS12")
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    var certificate = keys.getCertificate("factory");
    Path trusted = Files.createDirectories(station.conf.resolve("trust/packages"));
    Files.writeString(
        trusted.resolve("factory.pem"),
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    Path plain = Files.write(directory.resolve("plain.jar"), bundle);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipFile zip = new ZipFile(plain.toFile())) {
      new JarSigner.Builder(
              (PrivateKey) keys.getKey("factory", "changeit".toCharArray()),
              CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)))
          .build()
          .sign(zip, out);
    }
    return out.toByteArray();
  }
}
