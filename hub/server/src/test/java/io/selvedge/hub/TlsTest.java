package io.selvedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.hub.security.TlsFiles;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

  private static final String PASSWORD = "of-a-test";

  @Test
  void bothDoorsAreEncrypted(@TempDir Path data) throws Exception {
    Path file = certificate(data);
    SSLContext trusting = trusting(file);
    try (Hub hub = Hub.start(options(data, new TlsFiles(file, PASSWORD)), Clock.systemUTC())) {
      assertThat(hub.addresses().http()).startsWith("https://");
      assertThat(hub.addresses().mqtt()).startsWith("ssl://");

      HttpClient http = HttpClient.newBuilder().sslContext(trusting).build();
      HttpRequest enrol =
          HttpRequest.newBuilder(URI.create(hub.addresses().http() + "/api/v1/gateways"))
              .header(
                  "Authorization",
                  "Bearer " + Files.readString(data.resolve("auth/admin-token")).strip())
              .POST(BodyPublishers.ofString("{\"id\": \"gw-1\"}"))
              .build();
      byte[] answer = http.send(enrol, BodyHandlers.ofByteArray()).body();
      String password = Json.mapper().readTree(answer).get("password").asText();

      MqttConnectOptions options = new MqttConnectOptions();
      options.setUserName("gw-1");
      options.setPassword(password.toCharArray());
      options.setSocketFactory(trusting.getSocketFactory());
      MqttClient client = new MqttClient(hub.addresses().mqtt(), "gw-1", new MemoryPersistence());
      client.connect(options);
      assertThat(client.isConnected()).isTrue();
      client.disconnectForcibly(0, 50);
      client.close();

      MqttConnectOptions distrusting = new MqttConnectOptions();
      MqttClient other = new MqttClient(hub.addresses().mqtt(), "gw-1", new MemoryPersistence());
      assertThatThrownBy(() -> other.connect(distrusting)).isInstanceOf(MqttException.class);
      other.close();
    }
  }

  @Test
  void aCertificateThatCannotBeUsedIsRefusedAtTheStart(@TempDir Path data) throws Exception {
    Path file = certificate(data);
    refused(data, new TlsFiles(file, "wrong"));
    refused(data, new TlsFiles(data.resolve("nothing.p12"), PASSWORD));
    refused(data, new TlsFiles(Files.writeString(data.resolve("text.p12"), "PEM"), PASSWORD));
  }

  private static void refused(Path data, TlsFiles tls) {
    assertThatThrownBy(() -> Hub.start(options(data, tls), Clock.systemUTC()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("[" + tls.keyStore() + "]")
        .hasMessageContaining("PKCS #12")
        .hasMessageNotContaining("of-a-test");
  }

  private static HubOptions options(Path data, TlsFiles tls) {
    HubOptions usual = HubOptions.embedded(data, 0, 0);
    return new HubOptions(
        data,
        usual.http(),
        usual.broker(),
        usual.store(),
        usual.account(),
        Optional.of(tls),
        usual.training());
  }

  private static Path certificate(Path folder) throws IOException, InterruptedException {
    Path file = folder.resolve("hub.p12");
    List<String> keytool =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "hub",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=ip:127.0.0.1",
            "-storetype",
            TlsFiles.TYPE,
            "-keystore",
            file.toString(),
            "-storepass",
            PASSWORD);
    Process process = new ProcessBuilder(keytool).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return file;
  }

  private static SSLContext trusting(Path file) throws Exception {
    KeyStore own = KeyStore.getInstance(TlsFiles.TYPE);
    try (InputStream in = Files.newInputStream(file)) {
      own.load(in, PASSWORD.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance(TlsFiles.TYPE);
    trusted.load(null, null);
    trusted.setCertificateEntry("hub", own.getCertificate("hub"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
