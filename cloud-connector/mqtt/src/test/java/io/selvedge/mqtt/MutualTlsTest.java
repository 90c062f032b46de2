package io.selvedge.mqtt;

import static io.selvedge.mqtt.TestGateway.await;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selvedge.api.uplink.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that wants client certificates and lets their owners write below their own name only, as
 * AWS IoT Core does.
 */
class MutualTlsTest {

  @TempDir Path directory = Path.of("."); // set before each test

  static final String EC = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";
  private static final String RSA = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048";

  private Path trust = Path.of(".");
  private Optional<TestPki> pki = Optional.empty();
  private Optional<TestBroker> broker = Optional.empty();
  private Optional<TestGateway> gateway = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    assumeTrue(
        MosquittoBroker.program().isPresent(),
        "mosquitto is not installed (Debian: apt-get install mosquitto); not tested with it");
    assumeTrue(TestPki.isAvailable(), "openssl is not installed; mutual TLS is not tested");
    trust = directory.resolve("conf/trust");
    TestPki made = new TestPki(trust);
    pki = Optional.of(made);
    made.issue("localhost", EC, 10);
    Path folder = Files.createDirectories(directory.resolve("broker"));
    Files.writeString(
        folder.resolve("acl"), "pattern readwrite edc/acme/%u/#\npattern write acme/%u/#\n");
    TestBroker started =
        new MosquittoBroker(
            folder,
            MosquittoBroker.program().orElseThrow(),
            "ssl",
            "cafile " + made.ca(),
            "certfile " + trust.resolve("localhost.pem"),
            "keyfile " + trust.resolve("localhost.key"),
            "require_certificate true",
            "use_identity_as_username true",
            "acl_file " + folder.resolve("acl"));
    broker = Optional.of(started);
    started.start();
  }

  @AfterEach
  void stop() throws Exception {
    gateway.ifPresent(TestGateway::close);
    if (broker.isPresent()) {
      broker.get().stop();
    }
  }

  private TestGateway gateway() {
    TestGateway made =
        new TestGateway(directory, broker.orElseThrow().uri())
            .with("profile", "aws-iot-core")
            .with("longest.pause.seconds", 1)
            .with("ca.file", "trust/ca.pem");
    gateway = Optional.of(made);
    return made;
  }

  private TestGateway gateway(String name) {
    return gateway()
        .with("client.certificate.file", "trust/" + name + ".pem")
        .with("client.key.file", "trust/" + name + ".key");
  }

  private void install(String name) throws Exception {
    for (String end : new String[] {".pem", ".key"}) {
      Files.copy(trust.resolve(name + end), trust.resolve("device" + end), REPLACE_EXISTING);
    }
  }

  private void awaitReason(TestGateway of, String part) {
    await("reason [" + part + "]", () -> of.uplink().status().reason().contains(part));
  }

  @Test
  void isLetInByItsCertificateAndDelivers() throws Exception {
    TestPki with = pki.orElseThrow();
    with.issue("gw-1_ec", EC, 90);
    with.issue("gw-1_ed", "-algorithm ED25519", 90);
    with.issue("gw-1_sec1", EC, 90); // in the older form
    with.openssl("pkey -in gw-1_sec1.key -traditional -out sec1.key");
    with.issue("gw-1_pkcs1", RSA, 90);
    with.openssl("pkey -in gw-1_pkcs1.key -traditional -out pkcs1.key");
    Files.move(trust.resolve("sec1.key"), trust.resolve("gw-1_sec1.key"), REPLACE_EXISTING);
    Files.move(trust.resolve("pkcs1.key"), trust.resolve("gw-1_pkcs1.key"), REPLACE_EXISTING);
    assertThat(trust.resolve("gw-1_sec1.key")).content().contains("BEGIN EC PRIVATE KEY");
    assertThat(trust.resolve("gw-1_pkcs1.key")).content().contains("BEGIN RSA PRIVATE KEY");
    for (String name : new String[] {"gw-1_ec", "gw-1_ed", "gw-1_sec1", "gw-1_pkcs1"}) {
      TestGateway sending = gateway(name).start();
      sending.awaitConnected();
      sending.send(1, 2000);
      await("delivery", () -> sending.uplink().status().pending() == 0);
      assertThat(sending.events("uplink.certificate_expires")).isZero();
      sending.close();
    }
  }

  @Test
  void takesARenewedCertificateByItselfAndWarnsOfTheOldOne() throws Exception {
    pki.orElseThrow().issue("gw-1_old", EC, 3);
    pki.orElseThrow().issue("gw-1_new", RSA, 90);
    install("gw-1_old");
    TestGateway running = gateway("device").start();
    running.awaitConnected();
    await("warning", () -> running.events("uplink.certificate_expires") == 1);
    install("gw-1_new");
    await("renewal", () -> running.events("uplink.renewed") == 1);
    running.awaitConnected();
    running.send(1, 100);
    await("delivery", () -> running.uplink().status().pending() == 0);
    assertThat(running.events("uplink.disconnected")).isZero();
    assertThat(running.events("uplink.certificate_expires")).isEqualTo(1);
  }

  @Test
  void saysWhatIsWrongWithTheFilesAndTakesThemWhenTheyAreMended() throws Exception {
    pki.orElseThrow().issue("gw-1_good", EC, 90);
    pki.orElseThrow().issue("gw-1_expired", EC, -1);
    TestGateway waiting = gateway("device").start();
    awaitReason(waiting, "device.pem] cannot be used: there is no such certificate file");
    Files.writeString(trust.resolve("device.pem"), "no certificate\n");
    awaitReason(waiting, "device.pem] cannot be used");
    Files.copy(trust.resolve("gw-1_good.pem"), trust.resolve("device.pem"), REPLACE_EXISTING);
    awaitReason(waiting, "device.key] cannot be used: there is no such key file");
    Files.copy(trust.resolve("gw-1_expired.key"), trust.resolve("device.key"));
    awaitReason(waiting, "is not the key of the certificate");
    pki.orElseThrow().openssl("pkey -in gw-1_good.key -aes128 -passout pass:x -out device.key");
    awaitReason(waiting, "the key is encrypted");
    install("gw-1_expired");
    awaitReason(waiting, "device.pem] expired at [");
    install("gw-1_good");
    waiting.awaitConnected();
  }

  @Test
  void saysThatTheBrokerWantsACertificate() throws Exception {
    TestGateway without = gateway().start();
    awaitReason(without, "set client.certificate.file and client.key.file");
  }

  @Test
  void saysThatTheBrokerDoesNotTrustTheCertificate() throws Exception {
    TestPki other = new TestPki(directory.resolve("other"));
    other.issue("gw-1", EC, 90);
    for (String end : new String[] {".pem", ".key"}) {
      Files.copy(directory.resolve("other/gw-1" + end), trust.resolve("device" + end));
    }
    TestGateway stranger = gateway("device").start();
    awaitReason(stranger, "it must be from a CA that the broker trusts");
  }

  @Test
  void putsAsideWhatIsTooDeepForTheBroker() throws Exception {
    pki.orElseThrow().issue("gw-1", EC, 90);
    TestGateway sending = gateway("gw-1").start();
    sending.awaitConnected();
    sending
        .uplink()
        .send(Message.of("DATA-V1", "a/b/c/d/e/f", TestGateway.TIME, new byte[] {1}, 5))
        .toCompletableFuture()
        .join();
    await("dead letter", () -> sending.events("outbox.dead_letter") == 1);
    assertThat(sending.events.get(sending.events.size() - 1).message())
        .contains("it has [9] levels, the broker allows [8]");
    assertThat(sending.uplink().status().connected()).isTrue();
  }
}
