package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.OutboxView;
import io.selvedge.api.uplink.OutboxView.DeadLetter;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.DataType;
import io.selvedge.sparkplug.payload.Metric;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What hosts, brokers and configurations do wrong, over a real broker. */
@EnabledIf("isBrokerThere")
class BadInputTest {

  private static final String LARGEST_PACKET = "max_packet_size 20000";

  @TempDir Path directory;

  private final FakeDevices devices =
      new FakeDevices()
          .put(
              "boiler",
              State.UP,
              Channel.decimal("temperature", "Cel"),
              Channel.flag("valve").writable());
  private Mosquitto broker;
  private WireTap tap;
  private TestNode node;

  static boolean isBrokerThere() {
    return Mosquitto.isInstalled();
  }

  @BeforeEach
  void begin() throws Exception {
    broker = new Mosquitto(directory.resolve("broker"));
    tap = new WireTap(broker.port());
    node = new TestNode(directory, devices, tap.uri());
  }

  @AfterEach
  void end() throws Exception {
    node.close();
    tap.close();
    broker.kill();
  }

  @Test
  void commandsOfEveryKindOfWrongAreToldAndTheSessionGoesOn() throws Exception {
    broker.start();
    node.start().awaitSession();
    try (TestHost host = new TestHost(broker.port())) {
      byte[] noise = new byte[5000];
      new Random(1).nextBytes(noise);
      host.raw(Scenarios.NCMD, noise);
      host.raw(Scenarios.NCMD, new byte[0]);
      host.raw(Scenarios.DCMD_BOILER, new byte[Commands.LARGEST + 1]);
      host.raw("spBv1.0/plant/DCMD/gw-1/boiler", new byte[] {0x12, 0x7f});
      host.command(
          Scenarios.DCMD_BOILER, Metric.of("nope", DataType.BOOLEAN, 1, new Content.Bool(true)));
      host.command(Scenarios.DCMD_BOILER, Scenarios.byAlias(4711, new Content.Bool(true)));
      host.command(
          Scenarios.DCMD_BOILER, Metric.of("valve", DataType.BOOLEAN, 1, new Content.Int64(1)));
      host.command(
          Scenarios.DCMD_BOILER, Metric.of("valve", DataType.BOOLEAN, 1, new Content.Bool(true)));
      Await.until("the good command", () -> !devices.commands.isEmpty());

      assertThat(devices.commands).hasSize(1);
      List<String> told = node.events.messages("sparkplug.command_refused");
      assertThat(told)
          .anyMatch(text -> text.contains("has [1048577] bytes"))
          .anyMatch(text -> text.contains("metric [nope] of device [boiler]"))
          .anyMatch(text -> text.contains("metric [alias 4711] of device [boiler]"))
          .anyMatch(text -> text.contains("must be in the field [boolean_value]"));
      assertThat(tap.all(Packet.Connect.class)).hasSize(1);
    }
  }

  @Test
  void aCommandThatADeviceDoesNotTakeIsToldOnce() throws Exception {
    broker.start();
    devices.refuse("valve [boiler] is stuck");
    node.start().awaitSession();
    try (TestHost host = new TestHost(broker.port())) {
      for (int i = 0; i < 3; i++) {
        host.command(
            Scenarios.DCMD_BOILER, Metric.of("valve", DataType.BOOLEAN, 1, new Content.Bool(true)));
      }
      host.command(
          Scenarios.NCMD, Metric.of(EdgeNode.REBIRTH, DataType.BOOLEAN, 1, new Content.Bool(true)));
      Await.until("rebirth", () -> tap.published("NBIRTH").size() == 2);
    }

    assertThat(node.events.messages("sparkplug.command_refused"))
        .containsExactly(
            "Sparkplug: command to [boiler/valve] is not taken: valve [boiler] is stuck");
  }

  @Test
  void aRecordThatTheBrokerAnswersByClosingIsADeadLetterAndTheOthersArrive() throws Exception {
    broker.with(LARGEST_PACKET).start();
    node.with("longest.pause.seconds", 1).start().awaitSession();
    row(1, Value.of(1.0));
    node.row("boiler", Instant.now(), Map.of("note", Value.of("x".repeat(30_000))));
    row(2, Value.of(2.0));
    node.awaitDelivered();

    assertThat(node.uplink().status().delivered()).isEqualTo(2);
    assertThat(node.uplink().status().dropped()).isEqualTo(Map.of("refused", 1L));
    assertThat(node.events.messages("sparkplug.dead_letter"))
        .singleElement()
        .asString()
        .contains("the broker closed [5] connections in a row when it was sent these [");
    OutboxView view = node.uplink().outbox().orElseThrow();
    DeadLetter letter = view.deadLetters().get(0);
    assertThat(letter.source()).isEqualTo("flow/office");
    OutboxView.Content content = view.content(letter.id()).orElseThrow();
    assertThat(content.resource()).isEqualTo("DATA-V1/boiler");
    assertThat(content.metrics().get("note")).hasSize(30_000);
    assertThat(view.delete(letter.id())).isTrue();
    assertThat(view.deadLetters()).isEmpty();
  }

  @Test
  void withoutARightNameNothingIsPublishedAndMessagesWait() throws Exception {
    broker.start();
    node.with("group.id", "plant/1").start();
    row(1, Value.of(1.0));

    assertThat(node.events.messages("sparkplug.setting_refused"))
        .containsExactly(
            "group id [plant/1] must not be empty and must not hold + / # or control characters,"
                + " for example [plant-1]; correct it in io.selvedge.sparkplug.cfg. Until then"
                + " messages wait in the outbox");
    assertThat(node.uplink().status().connected()).isFalse();
    assertThat(node.uplink().status().reason()).startsWith("group id [plant/1]");
    assertThat(node.uplink().status().pending()).isEqualTo(1);
    assertThat(tap.packets()).isEmpty();
  }

  @Test
  void aWrongBrokerAndAWrongHostAreToldLikewise() throws Exception {
    node.with("broker", "mqtt.example.org").with("primary.host.id", "a+b").start();

    assertThat(node.events.messages("sparkplug.setting_refused"))
        .anyMatch(text -> text.startsWith("broker [mqtt.example.org] must be tcp://HOST:PORT"))
        .anyMatch(text -> text.startsWith("primary host id [a+b] must not"));
  }

  @Test
  void aWrongNumberLeavesTheUsualOne() throws Exception {
    broker.start();
    node.with("window", "many").with("rebirth.pause.seconds", -1).start().awaitSession();

    assertThat(node.events.messages("sparkplug.setting_refused"))
        .contains(
            "window [many] must be a whole number from 1 to 10000; correct it in"
                + " io.selvedge.sparkplug.cfg. Until then [1000] counts")
        .hasSize(2);
  }

  @Test
  void requestsAreRefusedWithTheUplinkThatHasThem() throws Exception {
    node.start();

    assertThat(
            node.uplink()
                .request(
                    "TWIN-V1",
                    new io.selvedge.api.uplink.Request(
                        io.selvedge.api.uplink.Request.Method.GET,
                        "desired",
                        Map.of(),
                        new byte[0]),
                    java.time.Duration.ofSeconds(1))
                .toCompletableFuture())
        .failsWithin(java.time.Duration.ofSeconds(10))
        .withThrowableThat()
        .withCauseInstanceOf(UnsupportedOperationException.class)
        .withMessageContaining(
            "request [TWIN-V1/GET/desired] cannot be made over Sparkplug, which has no requests;"
                + " use the uplink [hub]");
  }

  private void row(int second, Value value) {
    node.row("boiler", Instant.now().plusSeconds(second), Map.of("temperature", value));
  }
}
