package io.selvedge.flow.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.protocol.feature.FeatureSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What goes up, by policy. */
class UploadTest {

  private static final String MODEL =
      """
                features: [{name: temp, of: t, op: last}]
                model: occupancy
                rules:
                - {name: occupied, when: model.ready && outputs.occupied > 0.5, do: [{command: office/fan, value: true}]}
                """;

  private static TickRig measurements(String policy) {
    return new TickRig("upload: {measurements: " + policy + "}");
  }

  private static List<Message> data(TickRig rig) {
    return rig.uplink.of("DATA-V1");
  }

  @Test
  void allSendsEveryRowWithUnitsOnceAConnection() {
    TickRig rig = measurements("{policy: all, priority: 4, ttl: PT1H, qos: 0}");
    Value missing = Value.missing(Value.Reason.NO_ANSWER, "timeout");
    rig.office(0, "temperature", 20.5, "occupancy", true, "other", 1.0);
    rig.office(1, "temperature", missing, "occupancy", false);
    rig.office(2, "other", 2.0);
    rig.connection++;
    rig.office(3, "temperature", 21.0);
    assertThat(data(rig)).hasSize(3);
    Message first = data(rig).get(0);
    assertThat(first.resource()).isEqualTo("office");
    assertThat(first.time()).isEqualTo("2015-02-02T14:19:00Z");
    assertThat(first.priority()).isEqualTo(4);
    assertThat(first.timeToLive()).isEqualTo(Duration.ofHours(1));
    assertThat(first.qos()).isZero();
    assertThat(first.metrics())
        .isEqualTo(
            Map.of(
                "temperature", Value.of(20.5),
                "unit.temperature", Value.of("Cel"),
                "occupancy", Value.of(true)));
    assertThat(data(rig).get(1).metrics())
        .isEqualTo(Map.of("temperature", missing, "occupancy", Value.of(false)));
    assertThat(data(rig).get(2).metrics()).containsKey("unit.temperature");
    assertThat(rig.outlet.uploaded()).isEqualTo(5);
  }

  @Test
  void rowsWithoutADecisionGoUpAsWell() {
    TickRig rig =
        new TickRig(
            "features: [{name: temp, of: t, op: last}]\nupload: {measurements: {policy: all}}");
    assertThat(rig.office(0, "humidity", 40.0)).isEmpty();
    assertThat(data(rig)).hasSize(1);
  }

  @Test
  void changeSendsWhatLeavesTheDeadBand() {
    TickRig rig = measurements("{policy: change, deadband: {t: 0.5}, at_least: PT10M}");
    rig.office(0, "temperature", 20.0, "occupancy", false);
    rig.office(1, "temperature", 20.5, "occupancy", false);
    rig.office(2, "temperature", 19.6, "occupancy", false);
    assertThat(data(rig)).hasSize(1);
    rig.office(3, "temperature", 20.6, "occupancy", false);
    rig.office(4, "temperature", 20.3, "occupancy", true);
    assertThat(data(rig)).hasSize(3);
    rig.office(5, "temperature", Value.missing(Value.Reason.NO_ANSWER, "a"), "occupancy", true);
    rig.office(6, "temperature", Value.missing(Value.Reason.NO_ANSWER, "b"), "occupancy", true);
    assertThat(data(rig)).hasSize(4);
    rig.office(15, "temperature", Value.missing(Value.Reason.NO_ANSWER, "c"), "occupancy", true);
    assertThat(data(rig)).hasSize(5);
    rig.hall(15, "door", "open");
    rig.hall(16, "door", "open");
    rig.hall(17, "door", "shut");
    assertThat(data(rig)).hasSize(7);
  }

  @Test
  void changeWithoutADeadBandSendsAnyDifference() {
    TickRig rig = measurements("{policy: change}");
    rig.office(0, "temperature", 20.0);
    rig.office(100, "temperature", 20.0);
    rig.office(101, "temperature", 20.001);
    assertThat(data(rig)).hasSize(2);
  }

  @Test
  void aggregateSendsOneMessageAnInterval() {
    TickRig rig = measurements("{policy: aggregate, every: PT5M}");
    // 14:19 is in the interval from 14:15, 14:20 to 14:24 in the next.
    rig.office(0, "temperature", 100.0);
    rig.office(1, "temperature", 20.0, "humidity", 40.0, "occupancy", true);
    rig.office(2, "temperature", 26.0, "occupancy", false);
    rig.office(3, "temperature", Value.missing(Value.Reason.NO_ANSWER, ""));
    rig.office(4.5, "temperature", 23.0);
    assertThat(data(rig)).hasSize(1);
    rig.office(6, "temperature", 1.0);
    Message second = data(rig).get(1);
    assertThat(second.time()).isEqualTo("2015-02-02T14:23:30Z");
    assertThat(second.metrics())
        .containsEntry("temperature.mean", Value.of(23.0))
        .containsEntry("temperature.min", Value.of(20.0))
        .containsEntry("temperature.max", Value.of(26.0))
        .containsEntry("temperature.count", Value.of(3L))
        .containsEntry("humidity.count", Value.of(1L))
        .containsEntry("occupancy.mean", Value.of(0.5))
        .doesNotContainKey("unit.temperature")
        .containsEntry("unit.humidity", Value.of("Cel"));
    rig.close();
    assertThat(data(rig).get(2).metrics()).containsEntry("temperature.count", Value.of(1L));
    assertThat(rig.outlet.uploaded()).isEqualTo(4 + 12 + 4);
  }

  @Test
  void aggregateSaysWhenThereWasNothing() {
    TickRig rig = measurements("{policy: aggregate, every: PT1M}");
    rig.office(0, "temperature", Value.missing(Value.Reason.NO_ANSWER, ""));
    rig.close();
    assertThat(data(rig).get(0).metrics())
        .isEqualTo(Map.of("temperature.count", Value.of(0L), "unit.temperature", Value.of("Cel")));
  }

  @Test
  void hardSendsRowsWhoseDecisionWasUncertain() {
    TickRig rig = new TickRig(MODEL + "upload: {measurements: {policy: hard, confidence: 0.8}}");
    rig.office(0, "temperature", 20.0);
    assertThat(data(rig)).isEmpty();
    rig.models.swap("1", List.of(FeatureSpec.last("temp", "t")), row -> row[0] / 100);
    rig.office(1, "temperature", 90.0, "occupancy", true);
    rig.office(2, "temperature", 60.0, "occupancy", true);
    rig.office(3, "temperature", 10.0, "occupancy", false);
    assertThat(data(rig)).hasSize(1);
    assertThat(data(rig).get(0).metrics()).containsEntry("occupancy", Value.of(true));
  }

  @Test
  void noneAndNothingSendNothing() {
    for (String rest :
        List.of("", "upload: {measurements: {policy: none}, decisions: {policy: none}}")) {
      TickRig rig = new TickRig(rest);
      rig.office(0, "temperature", 20.0);
      rig.close();
      assertThat(rig.uplink.messages()).isEmpty();
    }
  }

  @Test
  void aDecisionGoesUpAsTheProtocolSays() throws Exception {
    TickRig rig = new TickRig(MODEL + "upload: {decisions: {policy: all, priority: 3, ttl: P1D}}");
    rig.models.swap("1", List.of(FeatureSpec.last("temp", "t")), row -> 0.93);
    rig.office(0, "temperature", 23.7, "occupancy", true);
    Message message = rig.uplink.of("DECISION-V1").get(0);
    assertThat(message.resource()).isEqualTo("test");
    assertThat(message.time()).isEqualTo("2015-02-02T14:19:00Z");
    assertThat(message.priority()).isEqualTo(3);
    assertThat(message.timeToLive()).isEqualTo(Duration.ofDays(1));
    assertThat(message.qos()).isEqualTo(1);
    ObjectMapper json = new ObjectMapper();
    JsonNode expected =
        json.readTree(
            "{\"flow\":\"test\",\"flowVersion\":\"1\",\"time\":\"2015-02-02T14:19:00Z\","
                + "\"model\":{\"name\":\"occupancy\",\"version\":\"1\",\"sha256\":\""
                + "1".repeat(64)
                + "\"},\"features\":{\"temp\":23.7},\"outputs\":{\"empty\":0.07,\"occupied\":0.93},"
                + "\"rules\":[\"occupied\"],"
                + "\"commands\":[{\"target\":\"office/fan\",\"value\":true}],"
                + "\"placement\":\"EDGE\","
                + "\"traceNanos\":{\"queue\":0,\"pre\":0,\"edge\":0,\"act\":0}}");
    JsonNode sent = json.readTree(message.body());
    assertThat(sent.path("outputs").path("empty").asDouble()).isBetween(0.0699, 0.0701);
    ((com.fasterxml.jackson.databind.node.ObjectNode) sent.path("outputs")).put("empty", 0.07);
    assertThat(sent).isEqualTo(expected);
  }

  @Test
  void decisionsByChangeGoUpWhenRulesOrModelChange() {
    TickRig rig = new TickRig(MODEL + "upload: {decisions: {policy: change}}");
    List<FeatureSpec> specs = List.of(FeatureSpec.last("temp", "t"));
    rig.office(0, "temperature", 20.0);
    rig.office(1, "temperature", 20.0);
    rig.models.swap("1", specs, row -> row[0] / 100);
    rig.office(2, "temperature", 20.0);
    rig.office(3, "temperature", 21.0);
    rig.office(4, "temperature", 60.0);
    rig.models.swap("2", specs, row -> row[0] / 100);
    rig.office(5, "temperature", 60.0);
    rig.office(6, "temperature", 60.0);
    assertThat(rig.uplink.of("DECISION-V1"))
        .extracting(m -> m.time().toString().substring(14, 16))
        .containsExactly("19", "21", "23", "24");
  }
}
