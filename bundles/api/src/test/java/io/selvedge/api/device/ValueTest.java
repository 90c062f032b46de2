package io.selvedge.api.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ValueTest {

  @Test
  void refusesNumbersThatAreNone() {
    assertThatThrownBy(() -> Value.of(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[NaN]")
        .hasMessageContaining("OUT_OF_RANGE");
  }

  @Test
  void isANumberOnlyWhereThereIsOne() {
    assertThat(Value.of(21.5).number()).isEqualTo(OptionalDouble.of(21.5));
    assertThat(Value.of(-3L).number()).isEqualTo(OptionalDouble.of(-3));
    assertThat(Value.of(true).number()).isEqualTo(OptionalDouble.of(1));
    assertThat(Value.of("open").number()).isEmpty();
    assertThat(Value.missing(Value.Reason.NO_ANSWER, "0x76").number()).isEmpty();
  }

  @Test
  void saysWhyItIsMissing() {
    Value missing = Value.missing(Value.Reason.DAMAGED, "CRC [0x12], computed [0x13]");

    assertThat(missing.present()).isFalse();
    assertThat(missing.display()).isEqualTo("DAMAGED: CRC [0x12], computed [0x13]");
  }

  @Test
  void channelIdsAreOneCase() {
    assertThatThrownBy(() -> Channel.decimal("Air Pressure", "kPa"))
        .hasMessage(
            "channel id [Air Pressure] must be lower_snake_case, for example [air_pressure]");
  }

  @Test
  void addressesAreDeviceAndChannel() {
    assertThat(ChannelAddress.parse("boiler-2/flow_rate"))
        .isEqualTo(new ChannelAddress("boiler-2", "flow_rate"))
        .hasToString("boiler-2/flow_rate");
    assertThatThrownBy(() -> ChannelAddress.parse("temperature"))
        .hasMessageContaining("[temperature]")
        .hasMessageContaining("device/channel");
    assertThatThrownBy(() -> ChannelAddress.parse("Hall 1/temperature"))
        .hasMessageContaining("[Hall 1]");
  }

  @Test
  void deviceIdsArePartsOfTopicsAndFileNames() {
    for (String id : List.of("a", "boiler-2", "h_1-", "x".repeat(64))) {
      assertThat(ChannelAddress.requireDeviceId(id)).isEqualTo(id);
    }
    for (String id : List.of("", "1a", "_a", "-a", "A", "a.b", "a/b", "ä", "aß", "x".repeat(65))) {
      assertThatThrownBy(() -> ChannelAddress.requireDeviceId(id))
          .as(id)
          .hasMessageContaining("device id [" + id + "] must start with a lower case letter");
    }
  }

  @Test
  void aCommandNeedsAValue() {
    ChannelAddress fan = ChannelAddress.parse("room/fan");

    assertThatThrownBy(() -> new Command(fan, Value.missing(Value.Reason.ABSENT, ""), "console"))
        .hasMessageContaining("[room/fan]");
  }
}
