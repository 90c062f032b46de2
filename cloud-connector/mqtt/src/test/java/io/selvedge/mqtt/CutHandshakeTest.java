package io.selvedge.mqtt;

import static io.selvedge.mqtt.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selvedge.testkit.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker whose objection to a certificate is lost on the way, as happens with TLS 1.3 where the
 * client is still writing when the broker closes: all that arrives is a reset.
 */
class CutHandshakeTest {

  @TempDir Path directory = Path.of("."); // set before each test

  private Path trust = Path.of(".");
  private Optional<TestPki> pki = Optional.empty();
  private Optional<FakeBroker> broker = Optional.empty();
  private Optional<TestGateway> gateway = Optional.empty();

  /** Agrees on TLS, and resets the connection before it answers; or says nothing for ever. */
  private static final class FakeBroker {
    private final SSLServerSocket server;
    private final boolean silent;
    private final Thread thread = new Thread(this::run, "broker");

    FakeBroker(SSLContext context, boolean asking, boolean silent) throws IOException {
      this.silent = silent;
      server =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(Ports.free(), 50, InetAddress.getByName("localhost"));
      server.setWantClientAuth(asking);
      thread.start();
    }

    String uri() {
      return "ssl://localhost:" + server.getLocalPort();
    }

    private void run() {
      while (!server.isClosed()) {
        try (SSLSocket one = (SSLSocket) server.accept()) {
          one.startHandshake();
          while (one.getInputStream().read() >= 0 && silent) {
            // more of what it was told
          }
          one.setSoLinger(true, 0); // closes with a reset
        } catch (IOException e) {
          // the next one
        }
      }
    }

    void stop() throws IOException, InterruptedException {
      server.close();
      thread.join();
    }
  }

  /** Trusts every client. */
  private static final class FakeTrust implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @BeforeEach
  void start() throws Exception {
    assumeTrue(TestPki.isAvailable(), "openssl is not installed; TLS is not tested");
    trust = directory.resolve("conf/trust");
    TestPki made = new TestPki(trust);
    pki = Optional.of(made);
    made.issue("localhost", MutualTlsTest.EC, 10);
    made.openssl(
        "pkcs12 -export -in localhost.pem -inkey localhost.key -out broker.p12 -passout pass:x");
  }

  @AfterEach
  void stop() throws Exception {
    gateway.ifPresent(TestGateway::close);
    if (broker.isPresent()) {
      broker.get().stop();
    }
  }

  private TestGateway gateway(boolean asking) throws Exception {
    return gateway(asking, false);
  }

  private TestGateway gateway(boolean asking, boolean silent) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(trust.resolve("broker.p12"))) {
      store.load(in, "x".toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, "x".toCharArray());
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys.getKeyManagers(), new TrustManager[] {new FakeTrust()}, new SecureRandom());
    FakeBroker asked = new FakeBroker(context, asking, silent);
    broker = Optional.of(asked);
    TestGateway made =
        new TestGateway(directory, asked.uri())
            .with("longest.pause.seconds", 1)
            .with("ca.file", "trust/ca.pem");
    gateway = Optional.of(made);
    return made;
  }

  /** A gateway whose certificate is valid for so many days. */
  private TestGateway withCertificate(int days) throws Exception {
    pki.orElseThrow().issue("gw-1", MutualTlsTest.EC, days);
    return gateway(true)
        .with("client.certificate.file", "trust/gw-1.pem")
        .with("client.key.file", "trust/gw-1.key");
  }

  private static String reason(TestGateway of) {
    of.start();
    await("reason", () -> of.uplink().status().reason().contains("broker [ssl://"));
    return of.uplink().status().reason();
  }

  @Test
  void saysThatTheCertificateMayNotBeTrusted() throws Exception {
    assertThat(reason(withCertificate(90)))
        .contains("does not answer: ")
        .contains("the broker had asked for a client certificate, and perhaps does not take [")
        .contains("gw-1.pem]: it must be from a CA that the broker trusts, and not revoked");
  }

  @Test
  void saysThatTheCertificateHasExpired() throws Exception {
    assertThat(reason(withCertificate(-1)))
        .contains("does not answer: ")
        .contains("gw-1.pem] expired at [");
  }

  @Test
  void saysThatACertificateMayBeWanted() throws Exception {
    assertThat(reason(gateway(true)))
        .contains("does not answer: ")
        .contains("and perhaps wants one: set client.certificate.file and client.key.file");
  }

  @Test
  void saysNothingOfCertificatesThatNobodyAskedFor() throws Exception {
    assertThat(reason(gateway(false))).contains("does not answer: ").doesNotContain("certificate");
  }

  @Test
  void saysNothingOfCertificatesWhereTheBrokerIsSilent() throws Exception {
    assertThat(reason(gateway(true, true).with("connection.timeout.seconds", 1)))
        .contains("does not answer: nothing came within")
        .doesNotContain("certificate");
  }
}
