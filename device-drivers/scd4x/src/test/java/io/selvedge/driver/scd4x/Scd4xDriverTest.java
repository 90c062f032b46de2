package io.selvedge.driver.scd4x;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeI2cBus;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Words of the data sheet, 3.5.2. */
class Scd4xDriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeI2cBus bus = buses.i2c("i2c1").chip(0x62, this::chip);

  @Override
  protected Driver driver() {
    return new Scd4xDriver(
        buses, Configs.of(Scd4xConfig.class, Map.of("device.id", "meeting-room")));
  }

  private boolean ready = true;
  private byte[] command = {};

  private void chip(byte[] write, byte[] read) {
    command = write.length > 0 ? write : command;
    boolean measurement = command[0] == (byte) 0xec;
    int[] answer =
        measurement
            ? new int[] {0x01, 0xf4, 0x33, 0x66, 0x67, 0xa2, 0x5e, 0xb9, 0x3c}
            : ready ? new int[] {0x80, 0x06, 0x4} : new int[] {0x80, 0x00, 0xa2};
    for (int i = 0; i < read.length; i++) {
      read[i] = (byte) answer[i];
    }
  }

  @Test
  void startsItOnceAndReadsWhatItMeasures() throws Exception {
    Driver driver = driver();

    assertThat(driver.read())
        .hasSize(3)
        .contains(Reading.of("co2", 500.0))
        .allSatisfy(reading -> assertThat(reading.value().present()).isTrue());
    assertThat(driver.read().get(1).value().number().orElseThrow()).isCloseTo(25.0, within(0.003));
    assertThat(driver.read().get(2).value().number().orElseThrow()).isCloseTo(37.0, within(0.003));
    assertThat(bus.transfers())
        .containsOnlyOnce("62 write [3f, 86] read 0", "62 write [21, b1] read 0");
  }

  @Test
  void hasNoReadingWhileThereIsNothingNew() throws Exception {
    ready = false;

    assertThat(driver().read()).isEmpty();
  }

  /** Its power was away between two reads: it answers, and measures nothing. */
  @Test
  void startsItAgainWhereItMeasuresNothing() throws Exception {
    long[] seconds = {0};
    Scd4xConfig config = Configs.of(Scd4xConfig.class, Map.of("device.id", "meeting-room"));
    Driver driver = new Scd4xDriver(buses, config, () -> seconds[0] * 1_000_000_000);
    driver.read();
    ready = false;
    seconds[0] = 19;
    assertThat(driver.read()).isEmpty();

    seconds[0] = 21;
    assertThatThrownBy(driver::read)
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("measures nothing");
    ready = true;

    assertThat(driver.read()).hasSize(3);
    assertThat(bus.transfers()).filteredOn("62 write [21, b1] read 0"::equals).hasSize(2);
  }

  @Test
  void startsItAgainAfterItWasAway() throws Exception {
    Driver driver = driver();
    driver.read();
    bus.remove(0x62);
    assertThatThrownBy(driver::read).isInstanceOf(DeviceException.class);
    bus.chip(0x62, this::chip);

    driver.read();

    assertThat(bus.transfers()).filteredOn("62 write [21, b1] read 0"::equals).hasSize(2);
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    bus.remove(0x62);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[0x62]");
  }
}
