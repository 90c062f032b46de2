package io.selvedge.console.rest;

import static io.selvedge.console.Bench.json;
import static io.selvedge.console.Bench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Value;
import io.selvedge.console.Bench;
import io.selvedge.console.http.Answer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceRoutesTest {

  @TempDir Path data;

  @SuppressWarnings("NullAway.Init") // made anew before each test
  Bench bench;

  @BeforeEach
  void make() throws Exception {
    bench = new Bench(data).signedIn();
  }

  @Test
  void aDeviceIsShownWithItsValuesAndWhyTheyAreMissing() throws Exception {
    JsonNode office = json(bench.get("/api/devices")).path("devices").path(0);

    assertThat(office).isEqualTo(json(bench.get("/api/devices/office")));
    assertThat(office.path("state").asText()).isEqualTo("UP");
    assertThat(office.path("interval").asText()).isEqualTo("PT1S");
    assertThat(channel(office, "temperature").path("value").doubleValue()).isEqualTo(21.5);
    assertThat(channel(office, "temperature").path("unit").asText()).isEqualTo("Cel");
    assertThat(channel(office, "fan").path("value").isBoolean()).isTrue();
    assertThat(channel(office, "level").path("value").isIntegralNumber()).isTrue();
    assertThat(channel(office, "mode").path("value").asText()).isEqualTo("auto");
    assertThat(channel(office, "co2").has("value")).isFalse();
    assertThat(channel(office, "co2").path("missing").path("reason").asText()).isEqualTo("DAMAGED");
    assertThat(channel(office, "target").has("value")).as("no value yet").isFalse();
    assertThat(channel(office, "target").has("missing")).as("not known why").isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "fan, true, Flag[value=true]",
    "level, 4, Whole[value=4]",
    "target, 21, Decimal[value=21.0]",
    "target, 21.5, Decimal[value=21.5]",
    "mode, '\"eco\"', Text[value=eco]"
  })
  void aCommandReachesItsDeviceWithItsKind(String channel, String value, String sent)
      throws Exception {
    Answer answer = command(channel, "{\"value\": " + value + "}");

    assertThat(answer.status()).isEqualTo(200);
    Command command = bench.services.commands().get(0);
    assertThat(command.target()).hasToString("office/" + channel);
    assertThat(command.value()).hasToString(sent);
    assertThat(command.origin()).isEqualTo("console");
    assertThat(bench.services.diary().get(0).message())
        .contains("[office/" + channel + "]", "by hand from [192.0.2.7]");
  }

  @ParameterizedTest
  @CsvSource({
    "fan, 1",
    "fan, '\"true\"'",
    "fan, null",
    "level, 1.5",
    "level, 1e30",
    "level, true",
    "target, '\"21\"'",
    "target, 1e999",
    "mode, 3",
    "mode, '[]'"
  })
  void aValueOfTheWrongKindIsRefusedWithTheRule(String channel, String value) throws Exception {
    Answer answer = command(channel, "{\"value\": " + value + "}");

    assertThat(refusal(answer)).isEqualTo("400 value.wrong_kind");
    assertThat(json(answer).path("message").asText()).contains("[" + channel + "]", "takes");
    assertThat(bench.services.commands()).isEmpty();
  }

  @Test
  void whatCannotBeDoneSaysWhy() throws Exception {
    assertThat(refusal(command("temperature", "{\"value\": 1}")))
        .isEqualTo("409 channel.read_only");
    assertThat(refusal(command("fun", "{\"value\": true}"))).isEqualTo("404 channel.unknown");
    assertThat(refusal(bench.post("/api/devices/attic/channels/fan", "{\"value\": true}")))
        .isEqualTo("404 device.unknown");
    assertThat(refusal(bench.get("/api/devices/attic"))).isEqualTo("404 device.unknown");
    assertThat(refusal(bench.get("/api/devices/attic/history"))).isEqualTo("404 device.unknown");
    assertThat(refusal(command("fan", "{}"))).isEqualTo("400 value.absent");
    assertThat(bench.services.commands()).isEmpty();
  }

  @Test
  void aDeviceThatDoesNotTakeItIsQuoted() throws Exception {
    bench.services.refuse(new DeviceException("relay [2] is locked by hand"));

    Answer answer = command("fan", "{\"value\": true}");

    assertThat(refusal(answer)).isEqualTo("502 device.refused");
    assertThat(json(answer).path("message").asText()).isEqualTo("relay [2] is locked by hand");
    assertThat(bench.services.diary())
        .extracting(event -> event.code())
        .doesNotContain("console.command");
  }

  @Test
  void theHistoryHasOneNumberASecondAndTheLastFiveMinutes() throws Exception {
    for (int half = 0; half < 2000; half++) {
      measure(TimeUnit.MILLISECONDS.toNanos(500L * half), Value.of((double) half));
    }

    JsonNode points = history();
    assertThat(points).hasSize(History.POINTS);
    assertThat(points.path(299).path(0).longValue()).isEqualTo(999_000);
    assertThat(points.path(299).path(1).doubleValue()).isEqualTo(1998);
    assertThat(points.path(0).path(0).longValue()).isEqualTo(700_000);
  }

  @Test
  void aDeviceThatIsReadEachSecondLosesNoPointToItsJitter() throws Exception {
    for (int second = 0; second < 100; second++) {
      measure(
          TimeUnit.MILLISECONDS.toNanos(1000L * second + (second % 2 == 0 ? 0 : 30)),
          Value.of(1.5));
    }

    assertThat(history()).hasSize(100);
  }

  @Test
  void aRecordingThatBeginsAnewBeginsANewChart() throws Exception {
    measureAt(Instant.EPOCH.plusSeconds(600), 0, Value.of(1.5));
    measureAt(Instant.EPOCH.plusSeconds(660), TimeUnit.SECONDS.toNanos(1), Value.of(2.5));
    measureAt(Instant.EPOCH, TimeUnit.MILLISECONDS.toNanos(1100), Value.of(3.5));
    measureAt(Instant.EPOCH.plusSeconds(60), TimeUnit.SECONDS.toNanos(3), Value.of(4.5));

    assertThat(history()).hasToString("[[0,3.5],[60000,4.5]]");
  }

  @Test
  void aThinnedHistoryKeepsTheSamePointsAndTheNewest() throws Exception {
    for (int second = 0; second < 400; second++) {
      measure(TimeUnit.SECONDS.toNanos(second), Value.of((double) second));
    }
    List<Double> before = thinned();
    measure(TimeUnit.SECONDS.toNanos(400), Value.of(400.0));
    measure(TimeUnit.SECONDS.toNanos(401), Value.of(401.0));
    List<Double> after = thinned();

    assertThat(before).hasSizeBetween(15, 31).endsWith(399.0);
    assertThat(after).endsWith(400.0, 401.0);
    assertThat(after.subList(0, after.size() - 2)).isSubsetOf(before);
    assertThat(refusal(bench.get("/api/devices/office/history?most=1")))
        .isEqualTo("400 query.out_of_range");
  }

  @Test
  void aShortHistoryIsNotThinned() throws Exception {
    for (int second = 0; second < 30; second++) {
      measure(TimeUnit.SECONDS.toNanos(second), Value.of((double) second));
    }

    assertThat(thinned()).hasSize(30);
  }

  private List<Double> thinned() throws Exception {
    List<Double> values = new ArrayList<>();
    JsonNode past = json(bench.get("/api/devices/office/history?most=30"));
    past.path("channels")
        .path("temperature")
        .forEach(point -> values.add(point.path(1).doubleValue()));
    return values;
  }

  @Test
  void theHistoryLeavesOutWhatIsMissing() throws Exception {
    measure(0, Value.of(1.5));
    measure(TimeUnit.SECONDS.toNanos(1), Value.missing(Value.Reason.NO_ANSWER, ""));
    measure(TimeUnit.SECONDS.toNanos(2), Value.of(2.5));

    assertThat(history()).hasSize(2);
  }

  private void measure(long nanos, Value value) {
    measureAt(Instant.EPOCH.plusNanos(nanos), nanos, value);
  }

  private void measureAt(Instant time, long nanos, Value value) {
    Channel channel = Channel.decimal("temperature", "Cel");
    bench.history.measured(List.of(new Measurement("office", channel, value, time, nanos)));
  }

  private JsonNode history() throws Exception {
    return json(bench.get("/api/devices/office/history")).path("channels").path("temperature");
  }

  private Answer command(String channel, String body) throws Exception {
    return bench.post("/api/devices/office/channels/" + channel, body);
  }

  private static JsonNode channel(JsonNode device, String id) {
    for (JsonNode channel : device.path("channels")) {
      if (channel.path("id").asText().equals(id)) {
        return channel;
      }
    }
    throw new AssertionError("no channel " + id);
  }
}
