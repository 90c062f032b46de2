package io.selvedge.driver.linuxsensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and units as in the kernel's ABI/testing/sysfs-bus-iio. */
class IioDriverTest extends DriverContract {

  @TempDir Path all;

  @BeforeEach
  void plugIn() throws IOException {
    new SysfsTree(all)
        .put("iio:device0/name", "bmp280")
        .put("iio:device0/in_temp_input", "-10120")
        .put("iio:device0/in_pressure_input", "100.653269")
        .put("iio:device0/in_pressure_raw", "415148")
        .put("iio:device1/name", "mpu6050")
        .put("iio:device1/in_accel_x_raw", "-16384")
        .put("iio:device1/in_accel_scale", "0.000598")
        .put("iio:device1/in_temp_raw", "-512")
        .put("iio:device1/in_temp_scale", "2.941176")
        .put("iio:device1/in_temp_offset", "12420");
  }

  private IioDriver driver(String chip) {
    return new IioDriver(
        Configs.of(IioConfig.class, Map.of("device.id", "cellar", "chip", chip)), all);
  }

  @Override
  protected Driver driver() {
    return driver("bmp280");
  }

  @Test
  void readsInputsThatAreInTheirUnitAlready() throws Exception {
    assertThat(driver().channels())
        .containsExactly(Channel.decimal("pressure", "kPa"), Channel.decimal("temp", "Cel"));
    assertThat(driver().read())
        .containsExactly(Reading.of("pressure", 100.653269), Reading.of("temp", -10.12));
  }

  @Test
  void scalesRawInputs() throws Exception {
    Map<String, Double> values = values(driver("mpu6050"));

    assertThat(values.get("accel_x")).isCloseTo(-9.798, within(0.001));
    // (-512 + 12420) * 2.941176 / 1000 = 35.02: the data sheet's raw/340 + 36.53
    assertThat(values.get("temp")).isCloseTo(-512 / 340.0 + 36.53, within(0.01));
  }

  @Test
  void scalesDifferencesByTheScaleOfAllOfThem() throws Exception {
    new SysfsTree(all)
        .put("iio:device2/name", "mcp3421")
        .put("iio:device2/in_voltage0-voltage1_raw", "-1000")
        .put("iio:device2/in_voltage-voltage_scale", "0.5");

    assertThat(values(driver("mcp3421"))).containsExactly(Map.entry("voltage0_voltage1", -0.5));
  }

  @Test
  void saysThatTheSensorWasUnplugged() throws Exception {
    Driver driver = driver();
    Files.delete(all.resolve("iio:device0/name"));

    assertThatThrownBy(driver::read)
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("[bmp280]", "[mpu6050]");
  }

  private static Map<String, Double> values(Driver driver) throws Exception {
    Map<String, Double> values = new HashMap<>();
    for (Reading reading : driver.read()) {
      values.put(reading.channel(), reading.value().number().orElseThrow());
    }
    return values;
  }
}
