package io.selvedge.driver.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real server. */
class OpcUaDriverTest extends DriverContract {

  private static final String NODES =
      "temperature Cel decimal ns=2;s=Oven.T | parts - whole ns=2;s=Oven.Parts |"
          + " on - flag ns=2;s=Oven.On writable | state - text ns=2;s=Oven.State |"
          + " set_point Cel decimal ns=2;s=Oven.Set point writable |"
          + " level - whole ns=2;s=Oven.Level writable";

  @TempDir static Path data;
  private static MiloServer server;

  private final List<OpcUaDriver> drivers = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    server = new MiloServer();
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop();
    new MiloStack().close();
  }

  @AfterEach
  void close() {
    drivers.forEach(OpcUaDriver::close);
  }

  private OpcUaDriver driver(Map<String, ?> settings) {
    Map<String, Object> all =
        new HashMap<>(
            Map.of("device.id", "oven", "bus", server.url(), "security", "None", "nodes", NODES));
    all.putAll(settings);
    OpcUaDriver driver = new OpcUaDriver(Configs.of(OpcUaConfig.class, all), data);
    drivers.add(driver);
    return driver;
  }

  @Override
  protected Driver driver() {
    return driver(Map.of());
  }

  @Test
  void readsAllNodes() throws Exception {
    server.set("Oven.T", -12.5);

    assertThat(driver().channels())
        .contains(
            Channel.decimal("temperature", "Cel"),
            Channel.whole("parts", "1"),
            Channel.flag("on").writable());
    assertThat(driver().read())
        .contains(
            Reading.of("temperature", -12.5),
            Reading.of("parts", 7L),
            Reading.of("state", "heating"));
  }

  @Test
  void writesInTheNodesOwnType() throws Exception {
    Driver driver = driver();

    driver.write("set_point", Value.of(-21.5));
    driver.write("on", Value.of(false));

    assertThat(server.get("Oven.Set point")).isEqualTo(-21.5f);
    assertThat(server.get("Oven.On")).isEqualTo(false);
    assertThat(driver.read()).contains(Reading.of("set_point", -21.5), Reading.of("on", false));
  }

  @Test
  void whatTheServerCallsBadIsMissing() throws Exception {
    server.set("Oven.T", new DataValue(new StatusCode(StatusCodes.Bad_SensorFailure)));
    server.set("Oven.State", "cooling");

    assertThat(driver().read())
        .contains(Reading.of("state", "cooling"))
        .anySatisfy(
            reading -> {
              assertThat(reading.channel()).isEqualTo("temperature");
              assertThat(reading.value()).isInstanceOf(Value.Missing.class);
              assertThat(reading.value().display()).contains("Oven.T", "Bad_SensorFailure");
            });
    server.set("Oven.State", "heating");
  }

  @Test
  void whatTheServerCallsUncertainIsMissing() throws Exception {
    StatusCode last = new StatusCode(StatusCodes.Uncertain_LastUsableValue);
    server.set("Oven.T", new DataValue(new Variant(20.0), last));

    assertThat(driver().read().get(0).value().display()).contains("Uncertain_LastUsableValue");
  }

  @Test
  void makesNoWholeNumberOfWhatIsNone() throws Exception {
    Driver driver = driver(Map.of("nodes", "t - whole ns=2;s=Oven.T"));

    for (double none : new double[] {3.7, Double.NaN, 1e300}) {
      server.set("Oven.T", none);
      assertThat(driver.read().get(0).value().display()).contains("DAMAGED", "[" + none + "]");
    }
    server.set("Oven.T", -3.0);
    assertThat(driver.read()).containsExactly(Reading.of("t", -3L));
  }

  @Test
  void writesNoNumberThatTheNodesTypeDoesNotTake() throws Exception {
    Driver driver = driver();

    driver.write("level", Value.of(-32768L));
    assertThatThrownBy(() -> driver.write("level", Value.of(70_000L)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("[70000.0]", "32767");
    assertThatThrownBy(() -> driver.write("set_point", Value.of(1e300)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[1.0E300]");

    assertThat(server.get("Oven.Level")).isEqualTo((short) -32768);
  }

  @Test
  void aNodeThatIsNotThereIsMissing() throws Exception {
    assertThat(driver(Map.of("nodes", "x - whole ns=2;s=Nothing")).read().get(0).value().display())
        .contains("ns=2;s=Nothing", "Bad_NodeIdUnknown");
  }

  @Test
  void speaksInSecretWithAServerThatItKnows() throws Exception {
    Map<String, Object> secret =
        Map.of(
            "security",
            "Basic256Sha256",
            "server.certificate",
            server.fingerprint(),
            "user",
            "line",
            ".password",
            "7");

    assertThat(driver(secret).read()).contains(Reading.of("parts", 7L));
    assertThat(data.resolve("opcua/client.p12")).exists();
  }

  @Test
  void showsTheCertificateOfAServerThatItDoesNotKnow() throws Exception {
    assertThatThrownBy(() -> driver(Map.of("security", "Basic256Sha256")).read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("[" + server.fingerprint() + "]", "server.certificate");
  }

  @Test
  void saysThatAPasswordIsWrong() throws Exception {
    Map<String, Object> wrong =
        Map.of(
            "security",
            "Basic256Sha256",
            "server.certificate",
            server.fingerprint(),
            "user",
            "line",
            ".password",
            "8");

    assertThatThrownBy(() -> driver(wrong).read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll(server.url(), "Bad_UserAccessDenied");
  }

  @Test
  void saysWhichServerIsSilent() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "opc.tcp://127.0.0.1:" + silent.getLocalPort();

      assertThatThrownBy(() -> driver(Map.of("bus", url, "timeout.ms", 500)).read())
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("[" + url + "]");
    }
  }

  @Test
  void refusesSettingsThatCannotWork() {
    refused(Map.of("bus", "10.0.0.5:4840"), "opc.tcp://");
    refused(Map.of("user", "line"), "[None]");
    refused(Map.of("security", "Basic128Rsa15"), "[Basic128Rsa15]");
    refused(Map.of("nodes", ""), "at least one");
    refused(Map.of("nodes", "t Cel decimal"), "must be id, unit, kind and node");
    refused(Map.of("nodes", "t Cel float ns=2;s=T"), "[float]");
    refused(Map.of("nodes", "t Cel decimal Oven"), "[Oven]");
    refused(Map.of("nodes", "t - text ns=2;s=A | t - text ns=2;s=B"), "twice");
  }

  private void refused(Map<String, ?> settings, String why) {
    assertThatThrownBy(() -> driver(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
