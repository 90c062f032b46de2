package io.selvedge.driver.mcp3008;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeSpiBus;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Frames of the data sheet, 6.1, figure 6-1; codes of 4.2. */
class Mcp3008DriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeSpiBus bus = buses.spi("spi0").chip(0, this::chip);

  @Override
  protected Driver driver() {
    return new Mcp3008Driver(
        buses,
        Configs.of(
            Mcp3008Config.class, Map.of("device.id", "pots", "inputs", "0, 7", "reference", 3.3)));
  }

  private int count = 512;

  private byte[] chip(byte[] sent) {
    assertThat(sent).hasSize(3).startsWith(0x01);
    return new byte[] {(byte) 0xff, (byte) (0xf8 | count >> 8), (byte) count};
  }

  @Test
  void convertsHalfNothingAndAlmostAll() throws Exception {
    assertThat(driver().read()).containsExactly(Reading.of("in0", 1.65), Reading.of("in7", 1.65));

    count = 0;
    assertThat(driver().read()).contains(Reading.of("in7", 0.0));

    count = 1022;
    assertThat(driver().read()).contains(Reading.of("in7", 1022 * 3.3 / 1024));
    assertThat(bus.transfers())
        .startsWith("0 MODE_0 1000000 Hz [01, 80, 00]", "0 MODE_0 1000000 Hz [01, f0, 00]");
  }

  @Test
  void tellsNoFigureForWhatIsAtOrBeyondItsReference() throws Exception {
    count = 1023;

    assertThat(driver().read())
        .hasSize(2)
        .allSatisfy(
            reading ->
                assertThat(reading.value().display())
                    .contains("OUT_OF_RANGE", "[reference = 3.3]"));
  }

  @Test
  void refusesAnInputThatItDoesNotHave() {
    Map<String, Object> wrong = Map.of("device.id", "pots", "inputs", "0, 8");

    assertThatThrownBy(() -> new Mcp3008Driver(buses, Configs.of(Mcp3008Config.class, wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[0, 8]");
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    bus.answer(0, 0xff, 0xff, 0xff); // nobody drives the line

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("chip select [0] of [spi0]");
  }
}
