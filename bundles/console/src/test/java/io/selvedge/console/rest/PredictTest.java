package io.selvedge.console.rest;

import static io.selvedge.console.Bench.json;
import static io.selvedge.console.Bench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.model.ModelRef;
import io.selvedge.api.model.ModelStatus;
import io.selvedge.console.Bench;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictTest {

  @TempDir Path data;

  @SuppressWarnings("NullAway.Init") // made anew before each test
  Bench bench;

  @BeforeEach
  void make() throws Exception {
    bench = new Bench(data).signedIn();
  }

  @Test
  void aBatchComesBackInItsOrder() throws Exception {
    JsonNode answer = json(predict("{\"model\": \"occupancy\", \"rows\": [[50, 1], [25, 2]]}"));

    assertThat(answer.path("model").path("version").asText()).isEqualTo("7");
    assertThat(answer.path("outputs")).hasToString("[\"empty\",\"occupied\"]");
    assertThat(answer.path("rows")).hasToString("[[0.5,0.5],[0.75,0.25]]");
    assertThat(answer.path("nanos").longValue()).isPositive();
  }

  @Test
  void aRowMayNameItsFeaturesInAnyOrder() throws Exception {
    predict("{\"rows\": [{\"humidity\": 2, \"temperature\": 50}, [50, 2]]}");

    float[][] rows = bench.services.predicted().get(0);
    assertThat(rows[0]).containsExactly(50, 2).isEqualTo(rows[1]);
  }

  @Test
  void oneRowIsABatchOfOne() throws Exception {
    JsonNode answer = json(predict("{\"row\": [50, 1]}"));

    assertThat(answer.path("rows")).hasSize(1);
  }

  @Test
  void aModelHasAPathOfItsOwn() throws Exception {
    assertThat(bench.post("/api/models/occupancy/predict", "{\"row\": [50, 1]}").status())
        .isEqualTo(200);
    assertThat(refusal(bench.post("/api/models/fog/predict", "{\"row\": [50, 1]}")))
        .isEqualTo("404 model.unknown");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"rows\": [[1, 2, 3]]}                              | predict.wrong_width     | [3]",
        "{\"rows\": [[1, 2], [1]]}                            | predict.wrong_width     | row 1",
        "{\"rows\": []}                                       | predict.no_rows         | list",
        "{\"rows\": 5}                                        | predict.no_rows         | [5]",
        "{}                                                   | predict.no_rows         | rows",
        "{\"rows\": [[1, 2]], \"row\": [1, 2]}                | predict.no_rows         | either",
        "{\"rows\": [7]}                                      | predict.wrong_row       | [7]",
        "{\"row\": [1, \"2\"]}                                | predict.wrong_number    | [humidity]",
        "{\"row\": [1, null]}                                 | predict.wrong_number    | [null]",
        "{\"row\": [1e39, 2]}                                 | predict.wrong_number    | 32 bits",
        "{\"row\": {\"temperature\": 1, \"humidty\": 2}}      | predict.unknown_feature | [humidty]",
        "{\"row\": {\"temperature\": 1}}                      | predict.missing_feature | [humidity]",
        "{\"row\": {\"temperature\": 1, \"temperature\": 2}}  | body.not_json           | uplicate",
        "{\"row\": [1, 2], \"modell\": \"x\"}                 | predict.unknown_member  | [modell]",
        "{\"model\": 3, \"row\": [1, 2]}                      | predict.wrong_model     | [3]",
        "{\"row\": [NaN, 2]}                                  | body.not_json           | NaN",
        "{\"row\": [1, 2]} {}                                 | body.not_json           | trailing",
        "[[1, 2]]                                             | body.not_an_object      | [[[1,2]]]"
      })
  void badInputIsRefusedWithWhatAndWhy(String body, String code, String says) throws Exception {
    Answer answer = predict(body);

    assertThat(refusal(answer)).isEqualTo("400 " + code);
    assertThat(json(answer).path("message").asText()).containsIgnoringCase(says);
    assertThat(bench.services.predicted()).isEmpty();
  }

  @Test
  void tooManyRowsAreRefused() throws Exception {
    String full = "{\"rows\": [" + "[1,2],".repeat(Rows.MOST - 1) + "[1,2]]}";
    assertThat(predict(full).status()).isEqualTo(200);

    String over = full.replace("[[", "[[1,2],[");
    assertThat(refusal(predict(over))).isEqualTo("400 predict.too_many_rows");
  }

  @Test
  void aBodyOverAMegabyteIsNotReadOn() throws Exception {
    assertThat(refusal(predict("{\"row\": [1," + " ".repeat(Call.MAX_BODY) + "2]}")))
        .isEqualTo("413 body.too_large");
  }

  @Test
  void deepNestingEndsEarly() throws Exception {
    assertThat(refusal(predict("{\"rows\": " + "[".repeat(5000)))).isEqualTo("400 body.not_json");
  }

  @Test
  void aFormIsNotTakenForJson() throws Exception {
    Answer answer =
        bench.call(
            "POST",
            "/predict",
            Map.of("content-type", "application/x-www-form-urlencoded"),
            "{\"row\": [1, 2]}");

    assertThat(refusal(answer)).isEqualTo("415 body.wrong_type");
    assertThat(json(answer).path("message").asText()).contains("-H 'Content-Type");
  }

  @Test
  void theModelMustBeNamedWhereSeveralAreLive() throws Exception {
    ModelStatus first = bench.services.live().get(0);
    bench
        .services
        .live()
        .add(
            new ModelStatus(
                new ModelRef("fog", "1", "cd".repeat(32)),
                "file",
                List.of("humidity"),
                List.of("{}"),
                List.of("fog"),
                first.since(),
                0));

    assertThat(refusal(predict("{\"row\": [50, 1]}"))).isEqualTo("400 model.not_named");
    assertThat(predict("{\"model\": \"occupancy\", \"row\": [50, 1]}").status()).isEqualTo(200);
    assertThat(refusal(predict("{\"model\": \"rain\", \"row\": [50, 1]}")))
        .isEqualTo("404 model.unknown");
    bench.services.live().clear();
    assertThat(refusal(predict("{\"row\": [50, 1]}"))).isEqualTo("404 model.unknown");
  }

  @Test
  void modelsAreListedWithTheDefinitionsOfTheirFeatures() throws Exception {
    JsonNode model = json(bench.get("/api/models")).path("models").path(0);

    assertThat(model.path("sha256").asText()).isEqualTo("ab".repeat(32));
    assertThat(model.path("featureDefinitions").path(0).path("op").asText()).isEqualTo("last");
    assertThat(model.path("predictions").longValue()).isEqualTo(12);
  }

  private Answer predict(String body) throws Exception {
    return bench.post("/predict", body);
  }
}
