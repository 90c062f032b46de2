package io.selvedge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Figures figures = new Figures(new PrintStream(bytes, true, StandardCharsets.UTF_8));

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void passesOnlyWhereEachFigureKeepsToItsLimit() {
    figures.require("ratio", 0.5, "", Limit.atLeast(0.5), "");
    figures.require("latency", 250, "ms", Limit.atMost(250), "");
    figures.tell("rate", 1, "/s", "");
    assertThat(figures.pass()).isTrue();
    figures.require("other ratio", 0.499, "", Limit.atLeast(0.5), "");
    assertThat(figures.pass()).isFalse();
  }

  @Test
  void measuringNothingIsNoPass() {
    assertThat(figures.pass()).isFalse();
  }

  @Test
  void saysAtOnceAndInTheTableWhatFallsShort() {
    figures.require("latency", 251, "ms", Limit.atMost(250), "one round");
    assertThat(printed()).contains("latency: 251 ms — falls short of ≤ 250");
    figures.print(Map.of("cores", "2"));
    assertThat(printed()).contains("cores      2").contains("≤ 250  FALLS SHORT  one round");
  }

  @Test
  void writesFiguresAndMachineAsJson() {
    figures.require("ratio", 0.75, "", Limit.atLeast(0.5), "median of 3");
    JsonNode json = figures.json("outbox", Map.of("cores", "2"));
    assertThat(json.path("bench").asText()).isEqualTo("outbox");
    assertThat(json.path("passes").asBoolean()).isTrue();
    assertThat(json.path("machine").path("cores").asText()).isEqualTo("2");
    JsonNode figure = json.path("figures").get(0);
    assertThat(figure.path("value").asDouble()).isEqualTo(0.75);
    assertThat(figure.path("at-least").asDouble()).isEqualTo(0.5);
    assertThat(figure.path("passes").asBoolean()).isTrue();
  }

  @Test
  void refusesWhatIsNoNumberAndNamesThatAreTaken() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> figures.tell("ratio", Double.NaN, "", ""))
        .withMessageContaining("figure [ratio] is [NaN]");
    figures.tell("ratio", 1, "", "");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> figures.tell("ratio", 2, "", ""))
        .withMessageContaining("figure [ratio] is there already");
  }

  @Test
  void theMedianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
    assertThat(Sample.of(List.of(3.0, 1.0, 2.0)).median()).isEqualTo(2);
    Sample even = Sample.of(List.of(4.0, 1.0, 2.0, 3.0));
    assertThat(even.median()).isEqualTo(2.5);
    assertThat(even.spread()).isEqualTo("median of 4, 1 to 4");
    assertThatIllegalArgumentException().isThrownBy(() -> Sample.of(List.of()));
  }
}
