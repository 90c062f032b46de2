package io.selvedge.driver.bme280;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value.Reason;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Bosch BME280 (data sheet BST-BME280-DS002) and BMP280 (BST-BMP280-DS001), one measurement a read.
 */
@Component(
    configurationPid = "io.selvedge.driver.bme280",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Bme280Config.class, factory = true)
public final class Bme280Driver implements Driver {

  private static final List<Channel> BMP280 =
      List.of(Channel.decimal("temperature", "Cel"), Channel.decimal("pressure", "hPa"));
  private static final List<Channel> BME280 =
      List.of(BMP280.get(0), BMP280.get(1), Channel.decimal("humidity", "%"));

  // registers: 5.3
  private static final int ID = 0xd0;
  private static final int BME280_ID = 0x60;
  private static final List<Integer> BMP280_IDS = List.of(0x56, 0x57, 0x58);
  private static final int CALIBRATION = 0x88;
  private static final int CALIBRATION_HUMIDITY = 0xe1;
  private static final int CONTROL_HUMIDITY = 0xf2;
  private static final int CONTROL = 0xf4;
  private static final int ONCE_EACH = 0b001_001_01; // no oversampling, forced mode
  private static final int DATA = 0xf7;
  private static final int MEASURE_MILLIS = 10; // at most 9.3 (9.1)
  private static final int NOT_MEASURED = 0x80000; // at power-up (5.3, table 18)

  private final Registers chip;
  private final boolean humid;

  @Activate
  public Bme280Driver(@Reference(name = "buses") Buses buses, Bme280Config config) {
    this.chip =
        config.connection().equals("spi")
            ? Registers.spi(buses.spi(config.bus()), config.chip_select())
            : Registers.i2c(buses.i2c(config.bus()), I2cBus.address(config.address()));
    this.humid = !config.chip().equals("bmp280");
  }

  @Override
  public List<Channel> channels() {
    return humid ? BME280 : BMP280;
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    checkId();
    Calibration calibration =
        new Calibration(
            chip.read(CALIBRATION, Calibration.LENGTH),
            humid
                ? chip.read(CALIBRATION_HUMIDITY, Calibration.HUMIDITY_LENGTH)
                : new byte[Calibration.HUMIDITY_LENGTH]);
    if (humid) {
      chip.write(CONTROL_HUMIDITY, 1);
    }
    chip.write(CONTROL, ONCE_EACH);
    Thread.sleep(MEASURE_MILLIS);
    byte[] data = chip.read(DATA, humid ? 8 : 6);
    if (bits20(data, 0) == NOT_MEASURED && bits20(data, 3) == NOT_MEASURED) {
      return channels().stream()
          .map(c -> Reading.missing(c.id(), Reason.NOT_READY, "[0x80000], its value at power-up"))
          .toList();
    }
    double fine = calibration.fine(bits20(data, 3));
    List<Reading> readings =
        List.of(
            Reading.of("temperature", Calibration.celsius(fine)),
            Reading.of("pressure", calibration.pascal(bits20(data, 0), fine) / 100));
    if (!humid) {
      return readings;
    }
    int humidity = (data[6] & 0xff) << 8 | (data[7] & 0xff);
    return List.of(
        readings.get(0),
        readings.get(1),
        Reading.of("humidity", calibration.percent(humidity, fine)));
  }

  private void checkId() throws DeviceException {
    int id = chip.read(ID, 1)[0] & 0xff;
    if (humid ? id != BME280_ID : !BMP280_IDS.contains(id)) {
      throw new DeviceException(
          String.format(
              "the chip at [%s] has id [0x%02x], %s",
              chip,
              id,
              id == BME280_ID
                  ? "a BME280; set [chip = bme280]"
                  : BMP280_IDS.contains(id)
                      ? "a BMP280; set [chip = bmp280]"
                      : "neither a BME280 (0x60) nor a BMP280 (0x58)"));
    }
  }

  private static int bits20(byte[] data, int at) {
    return (data[at] & 0xff) << 12 | (data[at + 1] & 0xff) << 4 | (data[at + 2] & 0xff) >> 4;
  }
}
