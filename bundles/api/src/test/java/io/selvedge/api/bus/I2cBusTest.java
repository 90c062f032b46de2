package io.selvedge.api.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class I2cBusTest {

  @Test
  void readsAnAddressAsDataSheetsWriteIt() {
    assertThat(I2cBus.address("0x48")).isEqualTo(72);
    assertThat(I2cBus.address(" 72 ")).isEqualTo(72);
    assertThat(I2cBus.address("0x77")).isEqualTo(0x77);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0x", "48h", "0x07", "0x78", "-1", "0x0048g"})
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> I2cBus.address(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[" + text + "]");
  }
}
