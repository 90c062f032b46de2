package io.selvedge.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowsTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant FIRST = Instant.parse("2015-02-04T17:51:00Z");
  private static final Instant SECOND = Instant.parse("2015-02-04T17:52:00Z");

  private final FakeEvents events = new FakeEvents();
  private final Rows rows =
      new Rows(
          "hall", Map.of("a", Channel.decimal("a", "1"), "b", Channel.decimal("b", "1")), events);

  @Test
  void readingsOfOneTimeAreOneRowAndRowsComeInOrderOfTime() {
    List<List<Measurement>> made =
        of(
            Reading.of("a", 2.0).at(SECOND),
            Reading.of("a", 1.0).at(FIRST),
            Reading.of("a", 3.0),
            Reading.of("b", 1.5).at(FIRST));

    assertThat(made).hasSize(3);
    assertThat(made.get(0)).extracting(Measurement::time).containsOnly(FIRST);
    assertThat(values(made.get(0))).containsExactly(1.0, 1.5);
    assertThat(values(made.get(1))).containsExactly(2.0);
    assertThat(made.get(2).get(0).time()).isEqualTo(NOW);
    assertThat(made.get(2).get(0).nanos()).isEqualTo(42);
  }

  @Test
  void aChannelThatComesTwiceForOneTimeOpensASecondRow() {
    List<List<Measurement>> made =
        of(
            Reading.of("a", 1.0).at(FIRST),
            Reading.of("b", 2.0).at(FIRST),
            Reading.of("a", 3.0).at(FIRST),
            Reading.of("b", 4.0).at(FIRST));

    assertThat(made).hasSize(2);
    assertThat(values(made.get(0))).containsExactly(1.0, 2.0);
    assertThat(values(made.get(1))).containsExactly(3.0, 4.0);
  }

  @Test
  void whatIsNotThereStaysMissing() {
    List<List<Measurement>> made = of(Reading.missing("a", Value.Reason.ABSENT, "line 7"));

    assertThat(made.get(0).get(0).value()).isEqualTo(Value.missing(Value.Reason.ABSENT, "line 7"));
    assertThat(events.all).isEmpty();
  }

  @Test
  void readingsThatAreNotDeclaredMakeNoRow() {
    assertThat(of(Reading.of("c", 1.0))).isEmpty();
    assertThat(of()).isEmpty();
  }

  @Test
  void complaintsAreBoundedAsWell() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(of(Reading.of("x" + i, 1.0))).isEmpty();
    }

    assertThat(events.all).hasSize(100);
  }

  private List<List<Measurement>> of(Reading... readings) {
    return rows.of(List.of(readings), NOW, 42);
  }

  private static List<Double> values(List<Measurement> row) {
    return row.stream().map(m -> m.value().number().orElseThrow()).toList();
  }
}
