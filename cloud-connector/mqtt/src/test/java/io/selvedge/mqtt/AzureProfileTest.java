package io.selvedge.mqtt;

import static io.selvedge.mqtt.TestGateway.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.mqtt.client.Connection;
import io.selvedge.mqtt.client.ConnectionListener;
import io.selvedge.mqtt.client.ConnectionOptions;
import io.selvedge.mqtt.client.Credentials;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraCodec;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that checks shared access signatures as Azure IoT Hub does, and has its topics. */
class AzureProfileTest {

  private static final String KEY =
      Base64.getEncoder().encodeToString("a device's key of 32 bytes, here".getBytes(UTF_8));
  private static final String EVENTS = "devices/gw-1/messages/events/";

  @TempDir Path directory = Path.of("."); // set before each test

  private final Devices devices = new Devices();
  private final Map<String, byte[]> events = new ConcurrentHashMap<>();
  private Optional<ArtemisBroker> broker = Optional.empty();
  private Optional<Connection> service = Optional.empty();
  private Optional<TestGateway> gateway = Optional.empty();

  /** One device, and the service behind the hub. */
  private static final class Devices implements ActiveMQSecurityManager {
    private final Set<String> signatures = ConcurrentHashMap.newKeySet();

    @Override
    public boolean validateUser(String user, String password) {
      if ("service".equals(user)) {
        return true;
      }
      boolean good = "127.0.0.1/gw-1/?api-version=2021-04-12".equals(user) && isSigned(password);
      if (good) {
        signatures.add(password);
      }
      return good;
    }

    @Override
    public boolean validateUserAndRole(
        String user, String password, Set<Role> roles, CheckType check) {
      return validateUser(user, password);
    }

    private static boolean isSigned(String password) {
      if (password == null || !password.startsWith("SharedAccessSignature ")) {
        return false;
      }
      Map<String, String> fields =
          Arrays.stream(password.substring(22).split("&", -1))
              .map(field -> field.split("=", 2))
              .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
      String resource = fields.getOrDefault("sr", "");
      String expiry = fields.getOrDefault("se", "0");
      String given = URLDecoder.decode(fields.getOrDefault("sig", ""), UTF_8);
      return URLDecoder.decode(resource, UTF_8).equals("127.0.0.1/devices/gw-1")
          && Instant.ofEpochSecond(Long.parseLong(expiry)).isAfter(Instant.now())
          && given.equals(hmac(resource + "\n" + expiry));
    }

    private static String hmac(String text) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @BeforeEach
  void start() throws Exception {
    ArtemisBroker made =
        new ArtemisBroker(Files.createDirectories(directory.resolve("broker")), "", devices);
    broker = Optional.of(made);
    made.start();
    ConnectionListener keeps =
        new ConnectionListener() {
          @Override
          public void arrived(Incoming message) {
            events.put(message.topic(), message.payload());
          }

          @Override
          public void lost(String reason) {
            // the test sees that nothing comes
          }
        };
    Connection connection =
        Connection.open(
            ConnectionOptions.of("test-service", URI.create(made.uri()), "service")
                .withCredentials(new Credentials("service", new char[] {'x'})),
            keeps);
    connection.subscribe("devices/+/messages/events/#", 1);
    service = Optional.of(connection);
    Files.createDirectories(directory.resolve("conf/trust"));
    Files.writeString(directory.resolve("conf/trust/hub.password"), KEY + "\n");
  }

  @AfterEach
  void stop() throws Exception {
    gateway.ifPresent(TestGateway::close);
    service.ifPresent(Connection::close);
    if (broker.isPresent()) {
      broker.get().stop();
    }
  }

  private TestGateway gateway() {
    TestGateway made =
        new TestGateway(directory, broker.orElseThrow().uri())
            .with("profile", "azure-iot-hub")
            .with("longest.pause.seconds", 1);
    gateway = Optional.of(made);
    return made;
  }

  @Test
  void sendsAndAnswersOverTheTopicsOfItsDevice() throws Exception {
    TestGateway device = gateway();
    device.framework.register(
        RequestHandler.class, request -> Reply.ok("{}"), Map.of("app.id", "TWIN-V1"));
    device.start().awaitConnected();
    device.send(1, 100);
    await("data", () -> events.containsKey(EVENTS + "topic=acme%2Fgw-1%2FDATA-V1%2Foffice"));
    Request get = new Request(Request.Method.GET, "reported", Map.of(), new byte[0]);
    byte[] request =
        KuraCodec.encode(Calls.payload(get, new Calls.Correlation("7", "HUB"), TestGateway.TIME));
    service
        .orElseThrow()
        .publishAndWait(
            "devices/gw-1/messages/devicebound/%24.mid=1&topic="
                + "%24EDC%2Facme%2Fgw-1%2FTWIN-V1%2FGET%2Freported",
            request, 1, false);
    await(
        "reply",
        () -> events.containsKey(EVENTS + "topic=%24EDC%2Facme%2FHUB%2FTWIN-V1%2FREPLY%2F7"));
  }

  @Test
  void makesANewSignatureBeforeTheOldOneRunsOut() throws Exception {
    TestGateway device = gateway().with("token.seconds", 10).start();
    device.awaitConnected();
    assertThat(devices.signatures).hasSize(1);
    await("renewal", () -> device.events("uplink.renewed") == 1);
    device.awaitConnected();
    assertThat(devices.signatures).hasSize(2);
    assertThat(device.events("uplink.disconnected")).isZero();
  }

  @Test
  void saysThatKeyOrClockMayBeWrongAndTakesTheRightKey() throws Exception {
    Path file = directory.resolve("conf/trust/hub.password");
    Files.writeString(file, "not a key\n");
    TestGateway device = gateway().start();
    await("reason", () -> device.uplink().status().reason().contains("is no key in Base64"));
    Files.writeString(file, Base64.getEncoder().encodeToString(new byte[32]));
    await(
        "reason",
        () -> device.uplink().status().reason().contains("refuses the signature of device [gw-1]"));
    Files.writeString(file, KEY);
    device.awaitConnected();
  }

  @Test
  void readsOnlyWhatIsForItsDevice() {
    AzureTopics topics = new AzureTopics("gw-1");
    assertThat(topics.incoming("devices/gw-1/messages/devicebound/topic=a%2Fb%20c"))
        .contains("a/b c");
    assertThat(topics.incoming("devices/gw-2/messages/devicebound/topic=a")).isEmpty();
    assertThat(topics.incoming("devices/gw-1/messages/devicebound/%24.mid=1")).isEmpty();
    assertThat(topics.incoming("devices/gw-1/messages/devicebound/topic=%zz")).isEmpty();
    assertThat(topics.incoming(topics.outgoing("a/b").replace("events", "devicebound")))
        .contains("a/b");
  }
}
