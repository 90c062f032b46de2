package io.selvedge.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {

  enum Kind {
    MODEL,
    FLOW
  }

  record Sample(Instant time, Duration window, Kind kind, int count, List<String> names) {}

  private static final Sample SAMPLE =
      new Sample(
          Instant.parse("2015-02-02T14:19:00Z"),
          Duration.ofMinutes(10),
          Kind.MODEL,
          3,
          List.of("a"));

  private static final String TEXT =
      "{\"time\":\"2015-02-02T14:19:00Z\",\"window\":\"PT10M\",\"kind\":\"MODEL\",\"count\":3,"
          + "\"names\":[\"a\"]}";

  private static Sample read(String text) throws JsonProcessingException {
    return Json.mapper().readValue(text, Sample.class);
  }

  @Test
  void writesRecordsWithTimesAsText() throws Exception {
    assertThat(Json.text(SAMPLE)).isEqualTo(TEXT);
    assertThat(read(TEXT)).isEqualTo(SAMPLE);
  }

  @Test
  void takesWhatANewerEndAdds() throws Exception {
    assertThat(read(TEXT.replace("{", "{\"new\":{\"x\":1},"))).isEqualTo(SAMPLE);
  }

  @Test
  void refusesWhatIsAmbiguousOrIncomplete() {
    List<String> wrong =
        List.of(
            TEXT.replace("\"count\":3", "\"count\":3,\"count\":4"),
            TEXT.replace("\"count\":3", "\"count\":null"),
            TEXT.replace("\"MODEL\"", "1"),
            TEXT.replace("\"MODEL\"", "\"model\""),
            TEXT + "{}",
            TEXT.substring(0, 40));
    for (String text : wrong) {
      assertThatThrownBy(() -> read(text)).as(text).isInstanceOf(JsonProcessingException.class);
    }
  }
}
