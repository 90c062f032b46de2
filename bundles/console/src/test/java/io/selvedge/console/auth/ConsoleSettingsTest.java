package io.selvedge.console.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleSettingsTest {

  @Test
  void namesMayBeSeparatedByCommasOrSpaces() {
    ConsoleSettings settings = ConsoleSettings.parse(" GW-1, gw-1.plant.example  gw2 ", "24");

    assertThat(settings.hosts()).containsExactlyInAnyOrder("gw-1", "gw-1.plant.example", "gw2");
    assertThat(settings.idle()).isEqualTo(Duration.ofHours(24));
    assertThat(settings.problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://gw-1", "gw-1:8080", "*", ".example", "*.example"})
  void aNameThatIsNoneIsLeftOutAndTold(String wrong) {
    ConsoleSettings settings = ConsoleSettings.parse(wrong + ",good", "12");

    assertThat(settings.hosts()).containsExactly("good");
    assertThat(settings.problems()).singleElement().asString().contains("[" + wrong + "]", "must");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "721", "-1", "ten", "", "1.5", "99999999999"})
  void hoursOutOfRangeFallBackToTheDefault(String wrong) {
    ConsoleSettings settings = ConsoleSettings.parse("", wrong);

    assertThat(settings.idle()).isEqualTo(Duration.ofHours(12));
    assertThat(settings.problems())
        .singleElement()
        .asString()
        .contains("[" + wrong + "]", "1 to 720", "12 is used");
  }
}
