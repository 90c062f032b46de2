package io.selvedge.api.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChoicesTest {

  private static final List<String> KNOWN = List.of("a0", "a1", "b0");

  @Test
  void takesWhatIsNamedInItsOrder() {
    assertThat(Choices.of("outputs", " b0,a0 ", KNOWN)).containsExactly("b0", "a0");
    assertThat(Choices.of("outputs", " ", KNOWN)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a2", "a0,", "a0 a1", "a0, a0"})
  void saysWhatThereIsToChooseFrom(String text) {
    assertThatThrownBy(() -> Choices.of("outputs", text, KNOWN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("outputs [" + text + "]", "[a0, a1, b0]");
  }
}
