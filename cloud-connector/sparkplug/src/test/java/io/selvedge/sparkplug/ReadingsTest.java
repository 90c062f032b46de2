package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Value;
import io.selvedge.sparkplug.StoredMessage.Stamp;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.DataType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingsTest {

  private static final Map<String, Value> PARTS =
      Map.of(
          "x.count", Value.of(3L),
          "x.max", Value.of(3.0),
          "x.mean", Value.of(2.0),
          "x.min", Value.of(1.0));

  private static Map<String, Reading> readings(
      Map<String, Value> metrics, String body, boolean complex) {
    return Readings.of(
        new StoredMessage(
            new Stamp(1, 1),
            1,
            "DATA-V1",
            "boiler",
            Instant.EPOCH,
            metrics,
            body.getBytes(StandardCharsets.UTF_8)),
        complex);
  }

  private static Reading text(String body) {
    return Objects.requireNonNull(readings(Map.of(), body, true).get("body"));
  }

  @Test
  void fourNamesOfAnAggregateAreOneMetricWhereThatIsWanted() {
    assertThat(readings(PARTS, "", true).keySet()).containsExactly("x.aggregate");
    assertThat(readings(PARTS, "", false).keySet())
        .containsExactly("x.count", "x.max", "x.mean", "x.min");
  }

  @Test
  void whatIsNoWholeAggregateStaysAsItIs() {
    assertThat(readings(Map.of("x.count", Value.of(0L)), "", true).keySet())
        .containsExactly("x.count");
    Map<String, Value> noCount = new java.util.HashMap<>(PARTS);
    noCount.put("x.count", Value.of(0.5));
    assertThat(readings(noCount, "", true)).hasSize(4);
    noCount.put("x.count", Value.missing(Value.Reason.NO_ANSWER, "nothing came"));
    assertThat(readings(noCount, "", true)).hasSize(4);
    assertThat(readings(Map.of(".count", Value.of(1L)), "", true).keySet())
        .containsExactly(".count");
  }

  @Test
  void aColumnHasTheTypeThatHoldsAllItsValues() {
    Reading.Table table =
        (Reading.Table)
            text(
                "[{\"a\":1,\"b\":1,\"c\":true,\"d\":1,\"e\":9007199254740993},"
                    + "{\"e\":0.5,\"a\":2,\"b\":2.5,\"c\":false,\"d\":\"x\"}]");
    assertThat(table.table().columns()).containsExactly("a", "b", "c", "d", "e");
    assertThat(table.table().types())
        .containsExactly(
            DataType.INT64,
            DataType.DOUBLE,
            DataType.BOOLEAN,
            DataType.STRING,
            DataType.STRING); // which a decimal number could not hold
    assertThat(table.table().rows().get(1))
        .isEqualTo(
            List.of(
                new Content.Int64(2),
                new Content.Double64(2.5),
                new Content.Bool(false),
                new Content.Text("x"),
                new Content.Text("0.5")));
  }

  @Test
  void aDecisionIsATableWithAColumnForAllThatIsInIt() {
    Reading.Table table =
        (Reading.Table)
            text(
                "{\"flow\":\"office\",\"features\":{\"t\":23.7,\"n\":2},\"outputs\":{},"
                    + "\"rules\":[\"hot\"],\"commands\":[{\"target\":\"office/fan\",\"value\":true}],"
                    + "\"traceNanos\":{\"edge\":{\"queue\":12000}}}");

    assertThat(table.table().columns())
        .containsExactly(
            "flow", "features.t", "features.n", "rules", "commands", "traceNanos.edge.queue");
    assertThat(table.table().rows())
        .containsExactly(
            List.of(
                new Content.Text("office"),
                new Content.Double64(23.7),
                new Content.Int64(2),
                new Content.Text("[\"hot\"]"),
                new Content.Text("[{\"target\":\"office/fan\",\"value\":true}]"),
                new Content.Int64(12000)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "on",
        "[]",
        "{}",
        "[{}]",
        "3",
        "[1,2]",
        "{\"a\":null}",
        "{\"a\":{\"b\":null}}",
        "{\"a\":{}}",
        "{\"a.b\":1,\"a\":{\"b\":2}}",
        "[{\"a\":{\"b\":1}},{\"a\":1}]",
        "[{\"a\":1},{\"b\":1}]",
        "[{\"a\":1},{\"a\":1,\"b\":1}]",
        "{\"a\":1",
        "{\"a\":1} x"
      })
  void whatIsNoTableIsAText(String body) {
    assertThat(text(body)).isEqualTo(new Reading.Plain(Value.of(body)));
  }

  @Test
  void aNameThatCarriedATextStaysAText() {
    Reading table = text("{\"a\":1}");
    assertThat(table.type(Optional.empty())).isEqualTo(DataType.DATA_SET);
    assertThat(table.type(Optional.of(DataType.STRING))).isEqualTo(DataType.STRING);
    assertThat(table.content(DataType.STRING, 0)).contains(new Content.Text("{\"a\":1}"));
    Reading text = text("off");
    assertThat(text.type(Optional.of(DataType.DATA_SET))).isEqualTo(DataType.STRING);
  }
}
