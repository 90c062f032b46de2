package io.selvedge.protocol.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureSpecTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void readsAndWritesTheFormOfTheManifest() throws Exception {
    String json =
        "[{\"name\":\"temperature\",\"of\":\"temperature\",\"op\":\"last\"},"
            + "{\"name\":\"slope_10m\",\"of\":\"temperature\",\"op\":\"slope\",\"window\":\"PT10M\"},"
            + "{\"name\":\"day_sin\",\"op\":\"day_sin\"}]";
    List<FeatureSpec> specs = JSON.readValue(json, new TypeReference<List<FeatureSpec>>() {});
    assertThat(specs)
        .containsExactly(
            FeatureSpec.last("temperature", "temperature"),
            FeatureSpec.of("slope_10m", "temperature", FeatureOp.SLOPE, Duration.ofMinutes(10)),
            FeatureSpec.of("day_sin", FeatureOp.DAY_SIN));
    assertThat(JSON.writeValueAsString(specs)).isEqualTo(json);
  }

  @Test
  void theSameWindowInOtherWordsIsTheSameDefinition() throws Exception {
    FeatureSpec minutes = FeatureSpec.parse("t", "t", "mean", "PT10M");
    FeatureSpec seconds = FeatureSpec.parse("t", "t", "mean", "PT600S");
    assertThat(minutes).isEqualTo(seconds);
    assertThat(minutes.canonical())
        .isEqualTo(seconds.canonical())
        .isEqualTo("{\"name\":\"t\",\"of\":\"t\",\"op\":\"mean\",\"window\":\"PT10M\"}");
    assertThat(JSON.readValue(minutes.canonical(), FeatureSpec.class)).isEqualTo(minutes);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      value = {
        "-|t|last|-|feature [] must have a name and an op",
        "t|t|-|-|feature [t] must have a name and an op",
        "T 1|t|last|-|feature name [T 1] must be lower_snake_case",
        "t|office/t|last|-|feature [t]: of [office/t] must be lower_snake_case",
        "t|t|median|PT10M|feature [t]: op [median] is not known; it must be one of last, mean, min,",
        "t|t|mean|-|feature [t]: op [mean] needs [window]; add it",
        "t|-|last|-|feature [t]: op [last] needs [of]; add it",
        "t|t|last|PT10M|feature [t]: op [last] takes no [window], but has [PT10M]; leave it out",
        "t|t|weekend|-|feature [t]: op [weekend] takes no [of], but has [t]; leave it out",
        "t|t|mean|10 min|feature [t]: window [10 min] must be an ISO-8601 duration",
        "t|t|mean|PT0.5S|feature [t]: window [PT0.5S] must be between PT1S and P7D",
        "t|t|mean|P8D|feature [t]: window [PT192H] must be between PT1S and P7D",
        "t|t|mean|-PT1M|feature [t]: window [PT-1M] must be between PT1S and P7D",
        "t|t|mean|PT1.0001S|feature [t]: window [PT1.0001S] must be between PT1S and P7D, in whole",
      })
  void refusesWhatIsNotADefinition(
      String name, String of, String op, String window, String message) {
    assertThatThrownBy(() -> FeatureSpec.parse(name, of, op, window))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void jacksonSaysWhatIsWrongInOurWords() {
    assertThatThrownBy(
            () -> JSON.readValue("{\"name\":\"t\",\"op\":\"median\"}", FeatureSpec.class))
        .hasMessageContaining("feature [t]: op [median] is not known");
    assertThatThrownBy(
            () ->
                JSON.readValue(
                    "{\"name\":\"t\",\"of\":\"t\",\"op\":\"last\",\"unit\":\"Cel\"}",
                    FeatureSpec.class))
        .hasMessageContaining("unit");
  }
}
