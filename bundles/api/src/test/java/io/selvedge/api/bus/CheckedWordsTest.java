package io.selvedge.api.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Examples of Sensirion's data sheets: SHT3x 4.12, SCD4x 3.5.2. */
class CheckedWordsTest {

  private static final byte[] SCD4X = {
    0x01, (byte) 0xf4, 0x33, 0x66, 0x67, (byte) 0xa2, 0x5e, (byte) 0xb9, 0x3c
  };

  @Test
  void sumsAsTheDataSheetDoes() {
    assertThat(CheckedWords.checkSum((byte) 0xbe, (byte) 0xef)).isEqualTo(0x92);
  }

  @Test
  void takesWordsWhoseSumsFit() throws Exception {
    assertThat(CheckedWords.of(SCD4X)).containsExactly(500, 0x6667, 0x5eb9);
  }

  @Test
  void refusesAWordThatWasDamagedOnTheWay() {
    byte[] damaged = SCD4X.clone();
    damaged[4] ^= 0x10;

    assertThatThrownBy(() -> CheckedWords.of(damaged))
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(BusException.Kind.CRC))
        .hasMessageContainingAll("word [1]", "[a2]");
  }
}
