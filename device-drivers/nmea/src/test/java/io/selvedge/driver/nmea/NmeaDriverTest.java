package io.selvedge.driver.nmea;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeSerialBus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sentences of the standard's own examples. */
class NmeaDriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private static final String PORT = "/dev/serial/by-id/usb-gps";
  private static final String RMC =
      "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n";
  private static final String GGA =
      "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n";
  private final FakeSerialBus port = buses.serial(PORT);

  @Override
  protected Driver driver() {
    return driver(Map.of("device.id", "gps", "bus", PORT));
  }

  private NmeaDriver driver(Map<String, Object> settings) {
    return new NmeaDriver(buses, Configs.of(NmeaConfig.class, settings), Optional.empty());
  }

  @Override
  protected void beforeRead() {
    port.receive(RMC + GGA);
  }

  private static String summed(String text) {
    int sum = text.chars().reduce(0, (a, b) -> a ^ b);
    return String.format("$%s*%02X%n", text, sum);
  }

  private static double number(List<Reading> readings, String channel) {
    return readings.stream()
        .filter(reading -> reading.channel().equals(channel))
        .findFirst()
        .orElseThrow()
        .value()
        .number()
        .orElseThrow();
  }

  @Test
  void readsWhereItIsAndHowFastItMoves() throws Exception {
    port.receive(RMC + GGA);

    List<Reading> readings = driver().read();

    assertThat(readings)
        .contains(
            Reading.of("fix", true), Reading.of("altitude", 545.4), Reading.of("course", 84.4))
        .contains(Reading.of("satellites", 8L));
    assertThat(number(readings, "latitude")).isCloseTo(48.1173, within(1e-4));
    assertThat(number(readings, "longitude")).isCloseTo(11.516667, within(1e-6));
    assertThat(number(readings, "speed")).isCloseTo(11.524, within(1e-3));
  }

  @Test
  void readsSouthAndWestBelowZero() throws Exception {
    port.receive(summed("GNGGA,1,3351.5,S,07040.25,W,1,05,1,-3.5,M,0,M,,"));

    List<Reading> readings = driver().read();

    assertThat(number(readings, "latitude")).isCloseTo(-33.858333, within(1e-6));
    assertThat(number(readings, "longitude")).isCloseTo(-70.670833, within(1e-6));
    assertThat(readings).contains(Reading.of("altitude", -3.5));
  }

  @Test
  void hasNoPositionWithoutItsHemisphere() throws Exception {
    port.receive(summed("GPRMC,1,A,3351.5,,070.40.25,W,0,,230394,,"));

    assertThat(driver().read())
        .filteredOn(reading -> !reading.value().present())
        .extracting(Reading::channel)
        .contains("latitude", "longitude");
  }

  @Test
  void hasNoPositionWithoutAFix() throws Exception {
    port.receive(summed("GPRMC,1,V,,,,,,,230394,,"));

    assertThat(driver().read())
        .contains(Reading.of("fix", false))
        .filteredOn(reading -> !reading.value().present())
        .extracting(Reading::channel)
        .contains("latitude", "longitude", "speed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "6", "7", "8", ""})
  void trustsNoPositionThatWasNotMeasured(String quality) throws Exception {
    port.receive(summed("GPGGA,1,3351.5,S,07040.25,W," + quality + ",05,1,3.5,M,0,M,,"));

    assertThat(driver().read())
        .contains(Reading.of("fix", false))
        .filteredOn(reading -> !reading.value().present())
        .extracting(Reading::channel)
        .contains("latitude", "longitude", "altitude");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3", "4", "5"})
  void trustsAPositionThatWasMeasured(String quality) throws Exception {
    port.receive(summed("GPGGA,1,3351.5,S,07040.25,W," + quality + ",05,1,3.5,M,0,M,,"));

    assertThat(driver().read()).contains(Reading.of("fix", true), Reading.of("altitude", 3.5));
  }

  @ParameterizedTest
  @CsvSource({"A, true", "D, true", "E, false", "M, false", "S, false", "N, false"})
  void heedsTheModeOfNewerReceivers(String mode, boolean fix) throws Exception {
    port.receive(summed("GPRMC,1,A,3351.5,S,07040.25,W,0,0,230394,,," + mode));

    assertThat(driver().read()).contains(Reading.of("fix", fix));
  }

  @Test
  void putsASentenceTogetherThatComesInPieces() throws Exception {
    Driver driver = driver();
    port.receive(RMC.substring(0, 30));
    assertThat(driver.read()).isEmpty();

    port.receive(RMC.substring(30));
    assertThat(driver.read()).contains(Reading.of("fix", true));
  }

  @Test
  void saysThatNothingMakesSense() {
    port.receive(RMC.replace("4807", "4907") + "x%&/\n");

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("[" + PORT + "]", "baud");
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    assertThat(port.sent()).isEmpty(); // and nothing comes

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[/dev/serial/by-id/usb-gps]");
  }
}
