package io.selvedge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.Shares;
import io.selvedge.outbox.Thinner.Aggregate;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataThinnerTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final DataThinner thinner = new DataThinner(Duration.ofMinutes(5));
  private final List<OutRecord> records = new ArrayList<>();

  private void add(Message message) {
    long id = records.size() + 1L;
    records.add(
        new OutRecord(id, message.source(), 5, StoredMessage.bytes(message, 1000 + id), id));
  }

  private void add(String device, int second, Map<String, Value> metrics) {
    Instant time = NOON.plusSeconds(second);
    add(Message.of("DATA-V1", device, time, metrics).withSource("flow/office"));
  }

  private static StoredMessage stored(Aggregate aggregate) {
    return StoredMessage.parse(aggregate.payload()).orElseThrow();
  }

  private static KuraPayload payload(Aggregate aggregate) throws Exception {
    return KuraCodec.decode(stored(aggregate).payload());
  }

  @Test
  void makesOneMessageOfADevicesIntervalWithMeanSmallestLargestAndCount() throws Exception {
    for (int i = 0; i < 300; i++) {
      add("hall", i, Map.of("temperature", Value.of(20.0 + i % 3), "people", Value.of((long) i)));
    }
    List<Aggregate> aggregates = thinner.thin(records);
    assertThat(aggregates).hasSize(1);
    assertThat(aggregates.get(0).originals()).hasSize(300).startsWith(1L).endsWith(300L);
    assertThat(stored(aggregates.get(0)).path()).isEqualTo("DATA-V1/hall");
    assertThat(stored(aggregates.get(0)).accepted()).isEqualTo(1300);
    KuraPayload payload = payload(aggregates.get(0));
    assertThat(payload.timestamp()).contains(NOON.plusSeconds(299));
    assertThat(payload.metrics())
        .containsEntry("temperature.mean", Metric.of(21.0))
        .containsEntry("temperature.min", Metric.of(20.0))
        .containsEntry("temperature.max", Metric.of(22.0))
        .containsEntry("temperature.count", Metric.of(300L))
        .containsEntry("people.mean", Metric.of(149.5))
        .containsEntry("message.source", Metric.of("flow/office"))
        .hasSize(9);
  }

  @Test
  void keepsDevicesSourcesAndIntervalsApart() {
    for (int i = 0; i < 60; i++) {
      add("hall", i * 10, Map.of("x", Value.of(1.0)));
      add("roof", i * 10, Map.of("x", Value.of(1.0)));
      Instant time = NOON.plusSeconds(i * 10L);
      add(Message.of("DATA-V1", "hall", time, Map.of("x", Value.of(2.0))).withSource("flow/b"));
    }
    assertThat(thinner.thin(records)).hasSize(6);
  }

  @Test
  void addsUpWhatWasAddedUpBeforeByItsWeight() throws Exception {
    for (int i = 0; i < 30; i++) {
      add("hall", i, Map.of("x", Value.of(10.0)));
    }
    byte[] first = thinner.thin(records).get(0).payload();
    records.clear();
    for (int i = 0; i < 10; i++) {
      add("hall", 40 + i, Map.of("x", Value.of(50.0)));
    }
    records.add(new OutRecord(99, "flow/office", 5, first, 99));
    KuraPayload payload = payload(thinner.thin(records).get(0));
    assertThat(payload.metrics())
        .containsEntry("x.count", Metric.of(40L))
        .containsEntry("x.mean", Metric.of(20.0))
        .containsEntry("x.min", Metric.of(10.0))
        .containsEntry("x.max", Metric.of(50.0))
        .hasSize(5);
    assertThat(payload.timestamp()).contains(NOON.plusSeconds(49));
  }

  @Test
  void doesNotCountWhatIsMissingAndKeepsTheLastTextAndUnit() throws Exception {
    for (int i = 0; i < 20; i++) {
      Value x = i < 15 ? Value.of(4.0) : Value.missing(Value.Reason.ABSENT, "silent");
      Value never = Value.missing(Value.Reason.ABSENT, "");
      add(
          "hall",
          i,
          Map.of(
              "x",
              x,
              "never",
              never,
              "mode",
              Value.of("m" + i),
              "unit.x",
              Value.of("Cel"),
              "on",
              Value.of(i < 10)));
    }
    assertThat(payload(thinner.thin(records).get(0)).metrics())
        .containsEntry("x.count", Metric.of(15L))
        .containsEntry("x.mean", Metric.of(4.0))
        .containsEntry("never.count", Metric.of(0L))
        .doesNotContainKeys("never.mean", "missing.x", "mode.count")
        .containsEntry("mode", Metric.of("m19"))
        .containsEntry("unit.x", Metric.of("Cel"))
        .containsEntry("on.mean", Metric.of(0.5));
  }

  @Test
  void aChannelThatIsOnlyCalledLikeAMeanIsOneOfItsOwn() throws Exception {
    for (int i = 0; i < 20; i++) {
      add("hall", i, Map.of("flow.mean", Value.of((double) i)));
    }
    assertThat(payload(thinner.thin(records).get(0)).metrics())
        .containsEntry("flow.mean.count", Metric.of(20L))
        .containsEntry("flow.mean.mean", Metric.of(9.5));
  }

  @Test
  void leavesAloneWhatIsNoMeasurementOrWouldNotGetSmaller() {
    for (int i = 0; i < 20; i++) {
      add(Message.of("DECISION-V1", "office", NOON.plusSeconds(i), new byte[] {1}, 3));
      add(Message.of("EVENT-V1", "hot", NOON.plusSeconds(i), Map.of("x", Value.of(1.0))));
      add("lonely/" + i, i, Map.of("x", Value.of(1.0)));
      Message withBody = Message.of("DATA-V1", "camera", NOON.plusSeconds(i), new byte[50], 5);
      add(withBody);
    }
    add("two", 1, Map.of("a", Value.of(1L), "b", Value.of(1L), "c", Value.of(1L)));
    add("two", 2, Map.of("a", Value.of(1L), "b", Value.of(1L), "c", Value.of(1L)));
    records.add(new OutRecord(1000, "", 5, new byte[] {9, 9, 9}, 1000));
    records.add(new OutRecord(1001, "", 5, new byte[] {1, 0, 9, 'D', 'A'}, 1001));
    assertThat(thinner.thin(records)).isEmpty();
  }

  @Test
  void readsSharesAndIntervals() {
    assertThat(OutboxPolicies.shares("flow/office:50, flow/b:10, *:20"))
        .isEqualTo(new Shares(Map.of("flow/office", 50, "flow/b", 10), 20));
    assertThat(OutboxPolicies.shares("flow/office:70").rest()).isEqualTo(30);
    assertThat(OutboxPolicies.shares(" ").isNone()).isTrue();
    assertThatThrownBy(() -> OutboxPolicies.shares("a:60, b:50"))
        .hasMessageContaining("add up to [110] percent");
    assertThat(OutboxPolicies.interval("PT5M")).contains(Duration.ofMinutes(5));
    assertThat(OutboxPolicies.interval("5 minutes")).isEmpty();
    assertThat(OutboxPolicies.interval("PT0S")).isEmpty();
  }
}
