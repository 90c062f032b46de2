package io.selvedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Value;
import io.selvedge.hub.ingest.Decoder;
import io.selvedge.hub.store.Arrival;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.KuraTopic.Stage;
import io.selvedge.protocol.kura.Notices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hub reads the golden payloads, which no class of ours wrote. */
class GoldenArrivalTest {

  private static final Path FOLDER =
      Path.of("../../cloud-connector/protocol/src/test/resources/golden");
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant TIME = Instant.parse("2015-02-02T14:19:00Z");

  private static byte[] golden(String file) throws IOException {
    Path path = FOLDER.resolve(file);
    if (file.endsWith(".json")) {
      return Files.readAllBytes(path);
    }
    String digits =
        Files.readAllLines(path).stream()
            .map(line -> line.replaceFirst("#.*", "").strip())
            .collect(Collectors.joining());
    return HexFormat.of().parseHex(digits);
  }

  private static Arrival arrival(String topic, String file) throws IOException {
    return new Decoder("a").decode(topic, golden(file), NOW);
  }

  private static Arrival.Data data(String file) throws IOException {
    Arrival arrival = arrival("a/gw-1/DATA-V1/office", file);
    assertThat(arrival).isInstanceOf(Arrival.Data.class);
    return (Arrival.Data) arrival;
  }

  @Test
  void aRowOutOfAnOutbox() throws Exception {
    Arrival.Data data = data("telemetry-record.hex");
    assertThat(data.delivered().gateway()).isEqualTo("gw-1");
    assertThat(data.delivered().outboxId()).isEqualTo("f00d");
    assertThat(data.delivered().recordId()).isEqualTo(9);
    assertThat(data.delivered().message().source()).isEqualTo("flow/office");
    assertThat(data.delivered().message().time()).isEqualTo(TIME);
    assertThat(data.delivered().message().metrics())
        .isEqualTo(
            Map.of(
                "co2", Value.of(721.25),
                "count", Value.of(9007199254740993L),
                "humidity", Value.missing(Value.Reason.NO_ANSWER, "timeout"),
                "occupancy", Value.of(true),
                "unit.co2", Value.of("[ppm]")));
  }

  @Test
  void telemetryInEitherEncoding() throws Exception {
    Map<String, Value> protobuf = data("telemetry-every-type.hex").delivered().message().metrics();
    Map<String, Value> json = data("telemetry.json").delivered().message().metrics();
    assertThat(json)
        .isEqualTo(
            Map.of(
                "d", Value.of(23.6875),
                "l", Value.of(-1L),
                "b", Value.of(true),
                "t", Value.of("ü")));
    assertThat(protobuf).containsAllEntriesOf(json);
    assertThat(data("telemetry.json").delivered().message().body())
        .isEqualTo(new byte[] {'{', '}', '\n'});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "telemetry-gzip.hex",
        "telemetry-position.hex",
        "telemetry-body.hex",
        "unknown-fields.hex",
        "metric-without-value.hex",
        "metric-twice.hex",
        "position-without-longitude.hex",
        "names-in-capitals-and-unknown.json",
        "kura-writes-whole-numbers-without-point.json"
      })
  void whatCanBeReadIsStored(String file) throws Exception {
    assertThat(data(file).delivered().message().time()).isEqualTo(TIME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metric-without-name.hex",
        "metric-without-type.hex",
        "metric-of-unknown-type.hex",
        "cut-off.hex",
        "wrong-metric.json",
        "wrong-body.json",
        "wrong-time.json",
        "twice.json",
        "cut-off.json"
      })
  void whatCannotBeReadBecomesADeadLetter(String file) throws Exception {
    Arrival arrival = arrival("a/gw-1/DATA-V1/office", file);
    assertThat(arrival).isInstanceOf(Arrival.Dead.class);
    assertThat(((Arrival.Dead) arrival).code()).isEqualTo("payload.malformed");
    assertThat(((Arrival.Dead) arrival).reason()).contains("[");
  }

  @Test
  void whatTellsOfAConnection() throws Exception {
    Arrival birth = arrival("$EDC/a/gw-1/MQTT/BIRTH", "birth.hex");
    assertThat(birth).isInstanceOf(Arrival.Life.class);
    assertThat(((Arrival.Life) birth).metrics())
        .containsEntry("display_name", "gw-1")
        .containsEntry("application_ids", "TWIN-V1")
        .containsEntry("payload_encoding", "KURA_PROTOBUF");
    for (Stage stage : new Stage[] {Stage.APPS, Stage.DC, Stage.LWT}) {
      String name = stage.name().toLowerCase(Locale.ROOT);
      Arrival arrival = arrival("$EDC/a/gw-1/MQTT/" + stage, name + ".hex");
      assertThat(arrival).isInstanceOf(Arrival.Life.class);
      assertThat(((Arrival.Life) arrival).stage()).isEqualTo(stage);
    }
    assertThat(((Arrival.Life) arrival("$EDC/a/gw-1/MQTT/APPS", "apps.hex")).metrics())
        .containsEntry("application_ids", "INVENTORY-V1,TWIN-V1");
  }

  @Test
  void progressOfAPackageAsKapuaHearsIt() throws Exception {
    KuraTopic topic = KuraTopic.parse("$EDC/a/HUB/DEPLOY-V2/NOTIFY/gw-1/download").orElseThrow();
    Notices.Progress progress =
        Notices.progress(
            (KuraTopic.Notice) topic, KuraCodec.decode(golden("deploy-notify-download.hex")));
    assertThat(progress.operationId()).isEqualTo("-4611686018427387904");
    assertThat(progress.notification().progress()).isEqualTo(50);
    assertThat(progress.notification().metrics())
        .containsEntry("job.id", Value.of(7_000_000_000L))
        .containsEntry("dp.download.status", Value.of("IN_PROGRESS"));
  }
}
