package io.selvedge.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.protocol.json.Fields;
import org.junit.jupiter.api.Test;

class SumTest {

  private static final byte[] JSON = "{\"revision\":17,\"name\":\"Tür\"}".getBytes(UTF_8);

  @Test
  void whatHasASumIsJsonAndComesBackAsItWas() {
    byte[] written = Sum.added(JSON);

    assertThat(Fields.parse("it", written).whole("revision", 0, 99)).isEqualTo(17);
    assertThat(Sum.checked(written)).isEqualTo(JSON);
  }

  @Test
  void whatWasWrittenWithoutOneIsTakenAsItIs() {
    assertThat(Sum.checked(JSON)).isEqualTo(JSON);
    assertThat(Sum.checked(new byte[0])).isEmpty();
  }

  @Test
  void noBitOfTheObjectTurnsOverUnseen() {
    byte[] written = Sum.added(JSON);
    for (int i = 0; i < (JSON.length - 1) * 8; i++) {
      byte[] altered = written.clone();
      altered[i / 8] ^= (byte) (1 << i % 8);
      assertThatThrownBy(() -> Sum.checked(altered))
          .as("bit %d", i)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sum");
    }
  }
}
