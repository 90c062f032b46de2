package io.selvedge.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CfgTextTest {

  private static final String TEXT =
      """
      # The hall, beside the door.
      device.id=hall

      interval.ms : 500
      file = ${selvedge.conf}/a.csv
      columns = a, \\
          b
      """;

  @Test
  void whatIsTheSameStaysAsItIs() throws Exception {
    Map<String, Object> same =
        Map.of("device.id", "hall", "interval.ms", 500, "file", "/x/a.csv", "columns", "a, b");
    assertThat(CfgText.merge(TEXT, same)).isEqualTo(TEXT);
  }

  @Test
  void lineEndsOfAnUnchangedTextStay() throws Exception {
    for (String text : List.of("a = 1", "a = 1\r\nb = 2\r\n")) {
      Map<String, Object> same = text.contains("b") ? Map.of("a", 1, "b", 2) : Map.of("a", 1);
      assertThat(CfgText.merge(text, same)).isEqualTo(text);
    }
    assertThat(CfgText.merge("a = 1", Map.of("a", 1, "b", 2))).isEqualTo("a = 1\nb = 2\n");
  }

  @Test
  void aNewValueStandsWhereTheOldOneStood() throws Exception {
    Map<String, Object> values =
        Map.of("device.id", "hall", "interval.ms", 70, "file", "/x/a.csv", "speed", 2.5);
    assertThat(CfgText.merge(TEXT, values))
        .isEqualTo(
            """
            # The hall, beside the door.
            device.id=hall

            interval.ms = 70
            file = ${selvedge.conf}/a.csv
            speed = 2.5
            """);
  }

  @Test
  void aListStandsInOneLine() throws Exception {
    assertThat(CfgText.merge("", Map.of("columns", new String[] {"a", "b"})))
        .isEqualTo("columns = a, b\n");
    assertThat(CfgText.merge("", Map.of("levels", List.of(1, 2)))).isEqualTo("levels = 1, 2\n");
    assertThat(CfgText.merge("", Map.of("levels", new int[] {1, 2}))).isEqualTo("levels = 1, 2\n");
  }

  @Test
  void aMalformedLineIsNamedAndNothingIsMerged() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> CfgText.merge("a=1\nname=\\uZZ\n", Map.of("a", 2)))
        .withMessageContaining("[name=\\uZZ]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " leading", "back\\slash", "C:\\new", "two\nlines", "a=b:c#d!", "Zürich °C"})
  void whatIsWrittenIsReadAgain(String value) throws Exception {
    String text = CfgText.merge("# no newline at the end", Map.of("a key", value));
    Properties read = new Properties();
    read.load(new StringReader(text));
    assertThat(read).containsOnly(Map.entry("a key", value));
    assertThat(CfgText.merge(text, Map.of("a key", value))).isEqualTo(text);
  }
}
