package io.selvedge.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegisterMapTest {

  @Test
  void readsWhatLiesTogetherByOneRequest() {
    String map =
        "c - input 4 int16; a - input 0 float32; b - input 2 float32; d - input 7 int16;"
            + " e - holding 5 int16; f - input 126 float32";

    assertThat(Batch.of(RegisterMap.parse(map, "abcd"), 0))
        .extracting(Batch::toString)
        .containsExactly("input 0+5", "input 7+1", "input 126+2", "holding 5+1");
    assertThat(Batch.of(RegisterMap.parse(map, "abcd"), 100).get(0)).hasToString("input 0+8");
  }

  @Test
  void asksForNoMoreThanTheProtocolAllows() {
    StringBuilder map = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      map.append("r").append(i).append(" - holding ").append(i).append(" uint16;");
    }

    assertThat(Batch.of(RegisterMap.parse(map.toString(), "abcd"), 0))
        .extracting(Batch::count)
        .containsExactly(125, 75);
  }

  @Test
  void takesAFileOfLinesAsWell() {
    assertThat(RegisterMap.parse("a - coil 1\nb - coil 2\n", "abcd")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "'', at least one",
    "power W input, must be id",
    "power W input 0, has no type",
    "power W register 0 int16, [register]",
    "power W input 70000 int16, [70000]",
    "power W input 0.5 int16, [0.5]",
    "power W input 65535 int32, last address",
    "power W input 0 int24, [int24]",
    "power W input 0 int16 writable, cannot be writable",
    "ready - holding 0 bit3 writable, cannot be written",
    "power W coil 0, no unit",
    "power W input 0 int16 scale=0, scale of 0",
    "power W input 0 int16 scale=x, scale [x]",
    "power W input 0 int32 order=acbd, [acbd]",
    "power W input 0 int16 factor=2, [factor=2]",
    "a - coil 1; a - coil 2, twice",
    "Power W input 0 int16, lower_snake_case",
  })
  void saysWhatIsWrongWithARegister(String registers, String what) {
    assertThatThrownBy(() -> RegisterMap.parse(registers, "abcd"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(what);
  }
}
