package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Channel.Access;
import io.selvedge.api.device.Channel.Kind;
import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Value;
import io.selvedge.sparkplug.StoredMessage.Stamp;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.DataType;
import io.selvedge.sparkplug.payload.Metric;
import io.selvedge.sparkplug.payload.Payload;
import io.selvedge.sparkplug.payload.Property;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgeNodeTest {

  private static final Instant NOW = Instant.parse("2015-02-02T14:19:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private final FakeDevices devices =
      new FakeDevices()
          .put(
              "boiler",
              State.UP,
              Channel.decimal("temperature", "Cel"),
              Channel.flag("valve").writable())
          .put("pump", State.DOWN, Channel.decimal("speed", "/min"))
          .measure("boiler", "temperature", Value.of(60.5), NOW.minusSeconds(1));

  private final List<String> problems = new ArrayList<>();

  @TempDir private Path directory;
  private EdgeNode node;

  @BeforeEach
  void start() {
    node = node(false, 1 << 20);
  }

  private EdgeNode node(boolean aliases, int largest) {
    return new EdgeNode(
        new NodeId("plant", "gw-1"),
        devices,
        CLOCK,
        aliases,
        false,
        false,
        largest,
        new Names(directory.resolve("metrics"), CLOCK, problems::add));
  }

  @Test
  void aSessionBeginsWithTheNodeAndTheDevicesThatAreUp() {
    assertThat(topics(node.birth(7))).containsExactly("NBIRTH/gw-1", "DBIRTH/gw-1/boiler");
  }

  @Test
  void aBirthTellsWhatIsKnownAndNothingOfWhatIsNot() {
    Payload birth = payload(node.birth(7).get(1));

    Metric temperature = Trace.metric(birth, "temperature");
    assertThat(temperature.content()).contains(new Content.Double64(60.5));
    assertThat(temperature.timestamp()).hasValue(NOW.minusSeconds(1).toEpochMilli());
    assertThat(temperature.properties())
        .isEqualTo(Map.of("engUnit", Property.of("Cel"))); // good without a word
    Metric valve = Trace.metric(birth, "valve");
    assertThat(valve.content()).isEmpty();
    assertThat(valve.properties()).isEqualTo(Map.of("Quality", Property.quality(Property.STALE)));
  }

  @Test
  void aDeviceThatComesUpIsBornAndOneThatGoesDownDies() {
    node.birth(0);
    assertThat(node.reconcile()).isEmpty();

    devices.state("pump", State.UP).state("boiler", State.DOWN);
    assertThat(topics(node.reconcile()))
        .containsExactlyInAnyOrder("DBIRTH/gw-1/pump", "DDEATH/gw-1/boiler");
    assertThat(node.reconcile()).isEmpty();

    devices.state("boiler", State.UP);
    assertThat(topics(node.reconcile())).containsExactly("DBIRTH/gw-1/boiler");
  }

  @Test
  void aDeviceThatIsRemovedDies() {
    node.birth(0);
    devices.remove("boiler");

    assertThat(topics(node.reconcile())).containsExactly("DDEATH/gw-1/boiler");
    assertThat(node.reconcile()).isEmpty();
  }

  @Test
  void aDeviceWithNewChannelsIsBornAnew() {
    node.birth(0);
    devices.put("boiler", State.UP, Channel.whole("pulses", "1"));

    List<Outgoing> out = node.reconcile();
    assertThat(topics(out)).containsExactly("DDEATH/gw-1/boiler", "DBIRTH/gw-1/boiler");
    assertThat(payload(out.get(1)).metrics()).extracting(Metric::display).containsExactly("pulses");
  }

  @Test
  void aDeviceWithoutChannelsHasAnEmptyBirth() {
    devices.put("dumb", State.UP);

    assertThat(topics(node.birth(0))).contains("DBIRTH/gw-1/dumb");
  }

  @Test
  void dataOfThisSessionIsCurrentAndOfOneBeforeHistorical() {
    node.birth(0);

    Metric fresh = metric(node.data(row("boiler", NOW, Value.of(61.0)), true), 0);
    Metric old = metric(node.data(row("boiler", NOW.plusSeconds(1), Value.of(62.0)), false), 0);

    assertThat(fresh.historical()).isFalse();
    assertThat(old.historical()).isTrue();
  }

  @Test
  void aValueOlderThanWhatTheHostsWereToldIsHistorical() {
    node.birth(0);
    Metric older = metric(node.data(row("boiler", NOW.minusSeconds(2), Value.of(1.0)), true), 0);
    Metric same = metric(node.data(row("boiler", NOW.minusSeconds(1), Value.of(1.0)), true), 0);

    assertThat(older.historical()).isTrue();
    assertThat(same.historical()).isFalse();
  }

  @Test
  void theReplayOfAnOldRecordingIsCurrentToo() {
    devices.put("recording", State.UP, Channel.decimal("temperature", "Cel"));
    node.birth(0);

    Instant longAgo = Instant.parse("1999-01-01T00:00:00Z");
    assertThat(metric(node.data(row("recording", longAgo, Value.of(1.0)), true), 0).historical())
        .isFalse();
  }

  @Test
  void whatIsMissingIsNullWithItsReasonAndIsGoodAgainAfterwards() {
    node.birth(0);
    Metric missing =
        metric(
            node.data(
                row("boiler", NOW, Value.missing(Value.Reason.NO_ANSWER, "nothing came")), true),
            0);
    Metric again = metric(node.data(row("boiler", NOW.plusSeconds(1), Value.of(1.0)), true), 0);
    Metric later = metric(node.data(row("boiler", NOW.plusSeconds(2), Value.of(1.0)), true), 0);

    assertThat(missing.content()).isEmpty();
    assertThat(missing.properties())
        .containsEntry("Quality", Property.quality(Property.BAD))
        .containsEntry("Reason", Property.of("NO_ANSWER: nothing came"));
    assertThat(again.properties()).isEqualTo(Map.of("Quality", Property.quality(Property.GOOD)));
    assertThat(later.properties()).isEmpty();
  }

  @Test
  void aMissingValueOfBeforeSaysNothingOfTheQualityNow() {
    node.birth(0);
    Value missing = Value.missing(Value.Reason.NO_ANSWER, "");
    Metric before = metric(node.data(row("boiler", NOW, missing), false), 0);
    Metric now = metric(node.data(row("boiler", NOW, Value.of(1.0)), true), 0);

    assertThat(before.properties()).containsEntry("Quality", Property.quality(Property.BAD));
    assertThat(now.properties()).isEmpty();
  }

  @Test
  void aNameThatWasInNoBirthIsBornBeforeItsData() {
    node.birth(0);
    StoredMessage aggregate =
        message("DATA-V1", "boiler", NOW, Map.of("temperature.mean", Value.of(60.0)));

    List<Outgoing> out = node.data(aggregate, true);
    assertThat(topics(out))
        .containsExactly("DDEATH/gw-1/boiler", "DBIRTH/gw-1/boiler", "DDATA/gw-1/boiler");
    Payload birth = payload(out.get(1));
    assertThat(Trace.metric(birth, "temperature.mean").content())
        .contains(new Content.Double64(60.0));
    assertThat(Trace.metric(birth, "temperature").content()).contains(new Content.Double64(60.5));
    assertThat(metric(out, 2).historical()).isFalse();
    assertThat(topics(node.data(aggregate, true))).containsExactly("DDATA/gw-1/boiler");
    assertThat(payload(node.birth().get(1)).metrics())
        .extracting(Metric::display)
        .contains("temperature", "temperature.mean");
  }

  @Test
  void whatMessagesBroughtIsInTheFirstBirthsAfterARestart() {
    node.birth(0);
    node.data(message("DATA-V1", "boiler", NOW, Map.of("t.mean", Value.of(60.0))), true);
    node.data(message("FLOW-V1", "comfort", NOW, Map.of("index", Value.of(1L))), true);

    EdgeNode again = node(false, 1 << 20);
    List<Outgoing> births = again.birth(1);
    assertThat(Trace.metric(payload(births.get(0)), "FLOW-V1/comfort/index").type())
        .hasValue(DataType.INT64.number());
    assertThat(Trace.metric(payload(births.get(1)), "t.mean").content()).isEmpty();
    assertThat(
            topics(
                again.data(
                    message("DATA-V1", "boiler", NOW, Map.of("t.mean", Value.of(61.0))), true)))
        .containsExactly("DDATA/gw-1/boiler");
    assertThat(problems).isEmpty();
  }

  @Test
  void whatWaitedIsInNoBirth() {
    node.birth(0);
    StoredMessage waited = message("DATA-V1", "boiler", NOW, Map.of("odd", Value.of(1L)));

    List<Outgoing> out = node.data(waited, false);
    assertThat(Trace.metric(payload(out.get(1)), "odd").content()).isEmpty();
    assertThat(metric(out, 2).historical()).isTrue();
  }

  @Test
  void whereTheGatewayStopsItsDevicesDieOnce() {
    node.birth(0);

    List<Outgoing> deaths = node.deaths();
    assertThat(topics(deaths)).containsExactly("DDEATH/gw-1/boiler");
    assertThat(payload(deaths.get(0)).seq()).hasValue(2);
    assertThat(node.deaths()).isEmpty();
  }

  @Test
  void unitsAreInTheBirthAndNotInTheData() {
    node.birth(0);
    StoredMessage row =
        message(
            "DATA-V1",
            "boiler",
            NOW,
            Map.of("temperature", Value.of(1.0), "unit.temperature", Value.of("Cel")));

    assertThat(payload(node.data(row, true).get(0)).metrics())
        .extracting(Metric::display)
        .containsExactly("temperature");
    StoredMessage onlyUnits =
        message("DATA-V1", "boiler", NOW, Map.of("unit.temperature", Value.of("Cel")));
    assertThat(node.data(onlyUnits, true)).isEmpty();
  }

  @Test
  void whatIsOfNoDeviceIsDataOfTheNodeByApplicationAndResource() {
    node.birth(0);
    StoredMessage index = message("FLOW-V1", "comfort", NOW, Map.of("index", Value.of(0.4)));

    List<Outgoing> out = node.data(index, true);
    assertThat(topics(out)).containsExactly("NBIRTH/gw-1", "DBIRTH/gw-1/boiler", "NDATA/gw-1");
    assertThat(metric(out, 2).name()).contains("FLOW-V1/comfort/index");
    assertThat(Trace.metric(payload(out.get(0)), "FLOW-V1/comfort/index").content())
        .contains(new Content.Double64(0.4));
    assertThat(topics(node.data(index, true))).containsExactly("NDATA/gw-1");
  }

  @Test
  void aBodyIsATextOfTheNode() {
    node.birth(0);
    StoredMessage decision =
        new StoredMessage(
            new Stamp(1, 1),
            1,
            "DECISION-V1",
            "office",
            NOW,
            Map.of(),
            "{\"flow\":\"office\"}".getBytes(StandardCharsets.UTF_8));

    Metric metric = metric(node.data(decision, true), 2);
    assertThat(metric.name()).contains("DECISION-V1/office");
    assertThat(metric.content()).contains(new Content.Text("{\"flow\":\"office\"}"));
  }

  @Test
  void aDeviceThatIsNotThereIsBornForWhatWaitedAndDiesAfterIt() {
    node.birth(0);
    StoredMessage waited = message("DATA-V1", "pump", NOW, Map.of("speed", Value.of(900.0)));

    List<Outgoing> out = node.data(waited, true);
    assertThat(topics(out)).containsExactly("DBIRTH/gw-1/pump", "DDATA/gw-1/pump");
    assertThat(metric(out, 0).content()).isEmpty();
    assertThat(metric(out, 1).historical()).isTrue();
    assertThat(topics(node.data(waited, false))).containsExactly("DDATA/gw-1/pump");
    assertThat(node.reconcile()).isEmpty();
    assertThat(topics(node.settle())).containsExactly("DDEATH/gw-1/pump");
    assertThat(node.settle()).isEmpty();
  }

  @Test
  void aDeviceThatComesWhileItWasBornForWhatWaitedIsBornWithItsValues() {
    node.birth(0);
    node.data(message("DATA-V1", "pump", NOW, Map.of("speed", Value.of(900.0))), false);
    devices.measure("pump", "speed", Value.of(950.0), NOW).state("pump", State.UP);

    List<Outgoing> out = node.reconcile();
    assertThat(topics(out)).containsExactly("DDEATH/gw-1/pump", "DBIRTH/gw-1/pump");
    assertThat(metric(out, 1).content()).contains(new Content.Double64(950));
    assertThat(node.settle()).isEmpty();
  }

  @Test
  void aDeviceThatIsGoneForGoodIsBornForWhatWaitedFromItsMessages() {
    node.birth(0);

    assertThat(topics(node.data(message("DATA-V1", "gone", NOW, Map.of("x", Value.of(1L))), false)))
        .containsExactly("DBIRTH/gw-1/gone", "DDATA/gw-1/gone");
  }

  @Test
  void valuesOfSeveralKindsSettleOnTheTypeThatHoldsThemAll() {
    node.birth(0);
    Map<Value, List<String>> births = new HashMap<>();
    for (Value value :
        List.of(Value.of(1L), Value.of(1.5), Value.of("on"), Value.of(2L), Value.of(true))) {
      births.put(
          value, topics(node.data(message("DATA-V1", "boiler", NOW, Map.of("odd", value)), true)));
    }

    assertThat(births.get(Value.of(1L))).hasSize(3);
    assertThat(births.get(Value.of(1.5))).hasSize(3);
    assertThat(births.get(Value.of("on"))).hasSize(3);
    assertThat(births.get(Value.of(2L))).hasSize(1);
    assertThat(births.get(Value.of(true))).hasSize(1);
    assertThat(Trace.metric(payload(node.birth().get(1)), "odd").type())
        .hasValue(DataType.STRING.number());
  }

  @Test
  void sequenceNumbersTurnAfter255AndBeginAnewWithABirth() {
    node.birth(0);
    int last = 1;
    for (int i = 0; i < 600; i++) {
      Payload data = payload(node.data(row("boiler", NOW, Value.of(1.0)), true).get(0));
      last = (last + 1) % 256;
      assertThat(data.seq()).hasValue(last);
    }
    assertThat(payload(node.birth().get(0)).seq()).hasValue(0);
    assertThat(payload(node.data(row("boiler", NOW, Value.of(1.0)), true).get(0)).seq())
        .hasValue(2);
  }

  @Test
  void aRebirthKeepsTheNumberOfTheSession() {
    node.birth(9);

    assertThat(Trace.bdSeq(payload(node.birth().get(0)))).isEqualTo(9);
    assertThat(Trace.bdSeq(payload(node.death(9)))).isEqualTo(9);
    assertThat(payload(node.death(9)).seq()).isEmpty();
  }

  @Test
  void aDeviceThatWentDownUnseenIsNotInARebirth() {
    node.birth(0);
    devices.state("boiler", State.DOWN);

    assertThat(topics(node.birth())).containsExactly("NBIRTH/gw-1");
    assertThat(node.reconcile()).isEmpty();
  }

  @Test
  void whatIsTooLargeIsRefusedAndUsesUpNothing() {
    EdgeNode small = node(false, 1000);
    small.birth(0);
    StoredMessage large =
        message("DATA-V1", "boiler", NOW, Map.of("note", Value.of("x".repeat(1000))));

    assertThatThrownBy(() -> small.data(large, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is larger than the [1000] that the broker may be sent");
    assertThat(payload(small.data(row("boiler", NOW, Value.of(1.0)), true).get(0)).seq())
        .hasValue(2);
  }

  @Test
  void namesThatAreMadeUpDoNotFillTheMemory() {
    node.birth(0);
    Map<String, Value> many = new HashMap<>();
    for (int i = 0; i < Owner.MOST_METRICS; i++) {
      many.put("m" + i, Value.of(1.0));
    }

    assertThatThrownBy(() -> node.data(message("DATA-V1", "boiler", NOW, many), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("would be more than the [5000] that a device can have");
    assertThat(topics(node.data(row("boiler", NOW, Value.of(1.0)), true)))
        .containsExactly("DDATA/gw-1/boiler");
  }

  @Test
  void aliasesAreTheSameInEveryBirthAndStandForNamesInData() {
    EdgeNode aliased = node(true, 1 << 20);
    List<Outgoing> first = aliased.birth(0);
    long alias = Trace.metric(payload(first.get(1)), "temperature").alias().orElseThrow();
    aliased.ended();
    List<Outgoing> second = aliased.birth(1);

    assertThat(Trace.metric(payload(second.get(1)), "temperature").alias()).hasValue(alias);
    Metric data = metric(aliased.data(row("boiler", NOW, Value.of(1.0)), true), 0);
    assertThat(data.name()).isEmpty();
    assertThat(data.alias()).hasValue(alias);
  }

  @Test
  void afterACommandTheHostsHearWhatTheChannelSaysNext() {
    node.birth(0);
    ChannelAddress valve = new ChannelAddress("boiler", "valve");
    devices.measure("boiler", "valve", Value.of(false), NOW);

    assertThat(node.written(valve, Value.of(true), System.nanoTime())).isEmpty();
    assertThat(node.reconcile()).isEmpty();
    devices.measure("boiler", "valve", Value.of(true), NOW.plusSeconds(1));
    List<Outgoing> out = node.reconcile();
    assertThat(topics(out)).containsExactly("DDATA/gw-1/boiler");
    assertThat(metric(out, 0).content()).contains(new Content.Bool(true));
    assertThat(node.reconcile()).isEmpty();
  }

  @Test
  void whereAChannelCannotBeReadTheHostsHearWhatWasWritten() {
    devices.put("fan", State.UP, new Channel("level", "%", Kind.DECIMAL, Access.WRITE));
    node.birth(0);

    List<Outgoing> out =
        node.written(new ChannelAddress("fan", "level"), Value.of(40.0), System.nanoTime());
    assertThat(metric(out, 0).content()).contains(new Content.Double64(40));
  }

  private static StoredMessage row(String device, Instant time, Value temperature) {
    return message("DATA-V1", device, time, Map.of("temperature", temperature));
  }

  private static StoredMessage message(
      String app, String resource, Instant time, Map<String, Value> metrics) {
    return new StoredMessage(new Stamp(1, 1), 1, app, resource, time, metrics, new byte[0]);
  }

  private static List<String> topics(List<Outgoing> out) {
    return out.stream().map(one -> one.topic().replace("spBv1.0/plant/", "")).toList();
  }

  private static Payload payload(Outgoing out) {
    return Packet.parsed(out.payload());
  }

  private static Metric metric(List<Outgoing> out, int message) {
    return payload(out.get(message)).metrics().get(0);
  }
}
