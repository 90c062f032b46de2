package io.selvedge.mqtt;

import static io.selvedge.mqtt.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

  @TempDir Path directory = Path.of("."); // set before each test

  private Optional<ArtemisBroker> broker = Optional.empty();
  private Optional<TestGateway> gateway = Optional.empty();

  private void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", store().toString(), "-storepass", "changeit"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(directory.resolve("keytool.log"))).isZero();
  }

  private Path store() {
    return directory.resolve("broker.p12");
  }

  /** A broker whose certificate is for this name; the certificate lies in conf/trust/ca.pem. */
  private ArtemisBroker broker(String name) throws Exception {
    Path conf = Files.createDirectories(directory.resolve("conf/trust"));
    keytool(
        "-genkeypair",
        "-alias",
        "broker",
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + name,
        "-ext",
        "SAN=dns:" + name,
        "-storetype",
        "PKCS12",
        "-validity",
        "2");
    keytool("-exportcert", "-alias", "broker", "-rfc", "-file", conf.resolve("ca.pem").toString());
    ArtemisBroker made =
        new ArtemisBroker(
            Files.createDirectories(directory.resolve("broker")),
            ";sslEnabled=true;keyStoreType=PKCS12;keyStorePassword=changeit;keyStorePath="
                + store());
    made.start();
    broker = Optional.of(made);
    return made;
  }

  private TestGateway gateway(ArtemisBroker at) {
    String uri = at.uri().replace("tcp://127.0.0.1", "ssl://localhost");
    TestGateway made =
        new TestGateway(directory, uri)
            .with("user", TestBroker.USER)
            .with(".password", TestBroker.PASSWORD);
    gateway = Optional.of(made);
    return made;
  }

  @AfterEach
  void close() throws Exception {
    gateway.ifPresent(TestGateway::close);
    if (broker.isPresent()) {
      broker.get().stop();
    }
  }

  @Test
  void connectsToABrokerThatItsCaFileVouchesFor() throws Exception {
    TestGateway trusting = gateway(broker("localhost")).with("ca.file", "trust/ca.pem").start();
    trusting.awaitConnected();
    for (int i = 0; i < 200; i++) {
      trusting.send(i, 2000);
    }
    await("delivery", () -> trusting.uplink().status().delivered() == 200);
  }

  @Test
  void doesNotTrustABrokerThatNobodyVouchesFor() throws Exception {
    TestGateway careful = gateway(broker("localhost")).start();
    await("reason", () -> careful.uplink().status().reason().contains("certification path"));
    assertThat(careful.uplink().status().connected()).isFalse();
  }

  @Test
  void doesNotTrustABrokerWithTheNameOfAnother() throws Exception {
    TestGateway careful =
        gateway(broker("elsewhere.example")).with("ca.file", "trust/ca.pem").start();
    await("reason", () -> careful.uplink().status().reason().contains("localhost"));
    assertThat(careful.uplink().status().connected()).isFalse();
  }

  @Test
  void saysWhatIsWrongWithTheCaFileAndTakesItWhenItIsMended() throws Exception {
    TestGateway waiting = gateway(broker("localhost")).with("ca.file", "trust/new.pem").start();
    await("reason", () -> waiting.uplink().status().reason().contains("new.pem] is not there"));
    Files.copy(directory.resolve("conf/trust/ca.pem"), directory.resolve("conf/trust/new.pem"));
    waiting.awaitConnected();
  }
}
