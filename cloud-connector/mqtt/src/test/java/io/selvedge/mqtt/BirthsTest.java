package io.selvedge.mqtt;

import static io.selvedge.mqtt.TestGateway.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.GatewayFacts;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the hub is told of a gateway, and how often. */
class BirthsTest {

  @TempDir Path directory = Path.of("."); // set before each test

  private FakeBroker broker = newBroker();
  private TestGateway gateway = new TestGateway(directory, broker.uri());

  private static FakeBroker newBroker() {
    try {
      return new FakeBroker();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void open() throws IOException {
    gateway = new TestGateway(directory, broker.uri()).with("birth.delay.seconds", 1);
    broker.start();
  }

  @AfterEach
  void close() throws IOException {
    gateway.close();
    broker.close();
  }

  private List<FakeBroker.Published> told(String stage) {
    return broker.published.stream()
        .filter(one -> one.topic().equals("$EDC/acme/gw-1/MQTT/" + stage))
        .toList();
  }

  private void register(String app) {
    gateway.framework.register(RequestHandler.class, request -> Reply.ok(), Map.of("app.id", app));
  }

  @Test
  void saysAllThatAGatewayCanKnow() throws Exception {
    gateway.framework.register(
        GatewayFacts.class,
        () ->
            Map.of(
                "tamper_status", "NOT_TAMPERED",
                "part_number", "SE-100",
                "label.colour", "green"),
        Map.of());
    gateway.framework.register(
        GatewayFacts.class,
        () -> {
          throw new IllegalStateException("facts that fail harm nobody");
        },
        Map.of());
    gateway
        .with("position", "48.1374, 11.5755, 520")
        .with("display.name", "Boiler room")
        .start()
        .awaitConnected();
    KuraPayload birth = told("BIRTH").get(0).decoded();
    assertThat(birth.metrics())
        .containsKeys(
            "uptime",
            "display_name",
            "model_name",
            "model_id",
            "part_number",
            "serial_number",
            "available_processors",
            "total_memory",
            "firmware_version",
            "cpu_version",
            "bios_version",
            "os",
            "os_version",
            "os_arch",
            "jvm_name",
            "jvm_version",
            "jvm_profile",
            "jvm_vendor",
            "jdk_vendor_version",
            "kura_version",
            "application_framework",
            "application_framework_version",
            "osgi_framework",
            "osgi_framework_version",
            "connection_interface",
            "connection_ip",
            "accept_encoding",
            "payload_encoding",
            "tamper_status",
            "application_ids",
            "extended_properties",
            "connection.time")
        .doesNotContainKeys("modem_imei", "modem_rssi");
    assertThat(birth.text("display_name")).contains("Boiler room");
    assertThat(birth.text("payload_encoding")).contains("KURA_PROTOBUF");
    assertThat(birth.text("tamper_status")).contains("NOT_TAMPERED");
    assertThat(birth.text("part_number")).contains("SE-100");
    assertThat(birth.position().map(Position::latitude)).contains(48.1374);
    assertThat(birth.position().map(Position::altitude)).contains(OptionalDouble.of(520));
    Fields extended =
        Fields.parse("extended", birth.text("extended_properties").orElse("").getBytes(UTF_8));
    assertThat(extended.text("version")).isEqualTo("1.0");
    Fields groups = extended.object("properties");
    assertThat(groups.object("label").text("colour")).isEqualTo("green");
    assertThat(groups.object("selvedge").text("version")).isEqualTo("0.1.0");
    assertThat(told("APPS")).isEmpty();
  }

  @Test
  void isWhereAReceiverSaysRatherThanWhereItWasSetUp() throws Exception {
    Map<String, String> facts = new ConcurrentHashMap<>(Map.of("position", "-33.86, 151.21, 3"));
    gateway.framework.register(GatewayFacts.class, () -> Map.copyOf(facts), Map.of());
    gateway.with("position", "48.1374, 11.5755, 520").start().awaitConnected();

    assertThat(told("BIRTH").get(0).decoded().position().map(Position::latitude)).contains(-33.86);
    assertThat(told("BIRTH").get(0).decoded().text("extended_properties").orElse(""))
        .doesNotContain("151.21");

    facts.put("position", "north of here");
    gateway.framework.modified(GatewayFacts.class);
    await("birth", () -> told("BIRTH").size() == 2);
    assertThat(told("BIRTH").get(1).decoded().position().map(Position::latitude)).contains(48.1374);
  }

  @Test
  void holdsBackWhatChangesAndTellsItOnce() throws Exception {
    register("TWIN-V1");
    Map<String, String> facts = new ConcurrentHashMap<>(Map.of("tamper_status", "NOT_TAMPERED"));
    gateway.framework.register(GatewayFacts.class, () -> Map.copyOf(facts), Map.of());
    gateway.start().awaitConnected();
    assertThat(told("BIRTH")).hasSize(1);

    for (int i = 0; i < 20; i++) { // as when a bundle is updated
      register("CONF-V1");
      register("CMD-V1");
      gateway.framework.modified(RequestHandler.class);
    }
    await("applications", () -> !told("APPS").isEmpty());
    assertThat(told("APPS").get(0).decoded().text("application_ids"))
        .contains("CMD-V1,CONF-V1,TWIN-V1");
    assertThat(told("APPS").get(0).qos()).isEqualTo(1);

    facts.put("tamper_status", "TAMPERED");
    register("INVENTORY-V1");
    gateway.framework.modified(GatewayFacts.class);
    await("birth", () -> told("BIRTH").size() == 2);
    KuraPayload birth = told("BIRTH").get(1).decoded();
    assertThat(birth.text("tamper_status")).contains("TAMPERED");
    assertThat(birth.text("application_ids")).contains("CMD-V1,CONF-V1,INVENTORY-V1,TWIN-V1");
    assertThat(told("APPS")).as("the birth said it").hasSize(1);

    gateway.framework.unregister(RequestHandler.class);
    await("no application", () -> told("APPS").size() == 2);
    assertThat(told("APPS").get(1).decoded().text("application_ids")).contains("");
    assertThat(told("BIRTH")).hasSize(2);
  }

  @Test
  void tellsNothingWhereAllIsAsItWas() throws Exception {
    register("TWIN-V1");
    gateway.start().awaitConnected();
    gateway.framework.modified(RequestHandler.class);
    gateway.framework.unregister(RequestHandler.class);
    register("TWIN-V1");
    gateway.framework.register(GatewayFacts.class, Map::of, Map.of());
    register("LAST-V1"); // what comes for it says that there was nothing before
    await("applications", () -> !told("APPS").isEmpty());
    assertThat(told("APPS").get(0).decoded().text("application_ids")).contains("LAST-V1,TWIN-V1");
    assertThat(told("BIRTH")).hasSize(1);
  }

  @Test
  void writesEverythingAsJsonWhereThatIsAsked() throws Exception {
    gateway.with("payload.encoding", "simple-json").start().awaitConnected();
    Map<String, Value> metrics = Map.of("t", Value.of(21.0), "n", Value.of(7L));
    gateway
        .uplink()
        .send(Message.of("DATA-V1", "office", TestGateway.TIME, metrics))
        .toCompletableFuture()
        .join();
    await("record", () -> broker.records.contains(1L));
    FakeBroker.Published birth = told("BIRTH").get(0);
    assertThat(new String(birth.payload(), UTF_8)).startsWith("{\"sentOn\":");
    assertThat(birth.decoded().text("payload_encoding")).contains("SIMPLE_JSON");
    assertThat(new String(broker.lastData, UTF_8))
        .startsWith("{\"sentOn\":1422886740000,\"metrics\":{\"n\":7,\"t\":21.0,\"outbox.id\":");
  }

  @Test
  void compressesUnlessToldNotTo() throws Exception {
    gateway.start().awaitConnected();
    assertThat(told("BIRTH").get(0).payload()).startsWith(0x1f, 0x8b);
    gateway.close();
    gateway.with("encode.gzip", false).start().awaitConnected();
    assertThat(told("BIRTH").get(1).payload()[0]).isEqualTo((byte) 0x08);
  }

  @Test
  void readsTheMachineFromItsFiles() throws Exception {
    Files.createDirectories(directory.resolve("proc/sys/kernel"));
    Files.createDirectories(directory.resolve("sys/class/dmi/id"));
    Files.writeString(directory.resolve("proc/uptime"), "3600.25 1200.00\n");
    Files.writeString(
        directory.resolve("proc/cpuinfo"), "processor\t: 0\nmodel name\t: Cortex-A72\n");
    Files.writeString(directory.resolve("sys/class/dmi/id/bios_version"), "1.16\n");
    Files.writeString(directory.resolve("sys/class/dmi/id/product_name"), "Box\n");
    Files.writeString(directory.resolve("proc/sys/kernel/hostname"), "boiler\n");
    Machine machine = new Machine(directory);
    assertThat(machine.uptime()).isEqualTo(3_600_250);
    assertThat(machine.facts())
        .containsEntry("cpu_version", "Cortex-A72")
        .containsEntry("bios_version", "1.16")
        .containsEntry("model_name", "Box")
        .containsEntry("serial_number", "");
    assertThat(machine.extended()).containsEntry("host.name", "boiler");
    assertThat(new Machine(directory.resolve("none")).uptime()).isPositive();
  }
}
