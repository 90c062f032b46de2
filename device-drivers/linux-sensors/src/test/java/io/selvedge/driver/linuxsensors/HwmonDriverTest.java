package io.selvedge.driver.linuxsensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Units as in the kernel's hwmon/sysfs-interface. */
class HwmonDriverTest extends DriverContract {

  @TempDir Path all;

  @BeforeEach
  void plugIn() throws IOException {
    new SysfsTree(all)
        .put("hwmon0/name", "cpu_thermal")
        .put("hwmon0/temp1_input", "48312")
        .put("hwmon3/name", "nct6775")
        .put("hwmon3/temp1_input", "-10125")
        .put("hwmon3/in0_input", "1208")
        .put("hwmon3/fan2_input", "1180")
        .put("hwmon3/power1_input", "2500000")
        .put("hwmon3/temp1_max", "85000");
  }

  private HwmonDriver driver(String chip, String at, String inputs) {
    return new HwmonDriver(
        Configs.of(
            HwmonConfig.class,
            Map.of("device.id", "cabinet", "chip", chip, "at", at, "inputs", inputs)),
        all);
  }

  @Override
  protected Driver driver() {
    return driver("nct6775", "", "");
  }

  @Test
  void readsAllInputsInTheirUnits() throws Exception {
    assertThat(driver().channels())
        .containsExactly(
            Channel.decimal("fan2", "/min"),
            Channel.decimal("in0", "V"),
            Channel.decimal("power1", "W"),
            Channel.decimal("temp1", "Cel"));
    assertThat(driver().read())
        .containsExactly(
            Reading.of("fan2", 1180.0),
            Reading.of("in0", 1.208),
            Reading.of("power1", 2.5),
            Reading.of("temp1", -10.125));
  }

  @Test
  void findsTheChipWhateverItsNumberIs() throws Exception {
    Driver driver = driver("nct6775", "", "temp1");
    Files.move(all.resolve("hwmon3"), all.resolve("hwmon11"));

    assertThat(driver.read()).containsExactly(Reading.of("temp1", -10.125));
  }

  @Test
  void tellsTwoChipsOfOneNameByWhereTheyArePluggedIn() throws Exception {
    for (String[] chip :
        new String[][] {{"hwmon5", "1-0048", "21000"}, {"hwmon6", "1-0049", "7"}}) {
      new SysfsTree(all).put(chip[0] + "/name", "lm75").put(chip[0] + "/temp1_input", chip[2]);
      Path device = Files.createDirectories(all.resolveSibling(all.getFileName() + "-" + chip[1]));
      Files.createSymbolicLink(all.resolve(chip[0]).resolve("device"), device);
    }

    assertThatThrownBy(() -> driver("lm75", "", "").channels())
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("more than once", "1-0048", "1-0049");
    assertThat(driver("lm75", "1-0048", "").read()).containsExactly(Reading.of("temp1", 21.0));
  }

  @Test
  void saysWhichChipIsNotThereAndWhichAre() throws Exception {
    Driver driver = driver();
    Files.delete(all.resolve("hwmon3/name"));

    assertThatThrownBy(driver::read)
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("[nct6775]", "[cpu_thermal]");
    assertThatThrownBy(() -> driver("", "", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cpu_thermal");
    Files.delete(all.resolve("hwmon0/name"));
    assertThatThrownBy(driver::read)
        .hasMessage(
            "no chip [nct6775] in ["
                + all
                + "]; this machine shows none: plug it in, or load its kernel driver");
  }

  /**
   * The kernel's drivers are loaded while the gateway starts: it is asked again until it is there.
   */
  @Test
  void readsAChipThatComesLaterThanTheDriver() throws Exception {
    Driver driver = driver("lm75", "", "");
    assertThatThrownBy(driver::channels)
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("[lm75]", "nct6775");

    new SysfsTree(all).put("hwmon4/name", "lm75").put("hwmon4/temp1_input", "19500");

    assertThat(driver.channels()).containsExactly(Channel.decimal("temp1", "Cel"));
    assertThat(driver.read()).containsExactly(Reading.of("temp1", 19.5));
  }

  @Test
  void refusesAnInputThatTheChipDoesNotHave() {
    assertThatThrownBy(() -> driver("nct6775", "", "temp9").channels())
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("[temp9]", "temp1");
  }

  @Test
  void oneBadInputSpoilsNoOther() throws Exception {
    Driver driver = driver("nct6775", "", "temp1, in0, fan2");
    assertThat(driver.channels()).hasSize(3);
    new SysfsTree(all).put("hwmon3/in0_input", "1.2 V");
    Files.delete(all.resolve("hwmon3/fan2_input"));

    assertThat(driver.read())
        .contains(Reading.of("temp1", -10.125))
        .anySatisfy(reading -> missing(reading, "in0", Value.Reason.DAMAGED))
        .anySatisfy(reading -> missing(reading, "fan2", Value.Reason.ABSENT));
  }

  @Test
  void believesNoSensorThatTheChipSaysIsBroken() throws Exception {
    Driver driver = driver("nct6775", "", "temp1");
    new SysfsTree(all).put("hwmon3/temp1_fault", "1");
    assertThat(driver.read())
        .singleElement()
        .satisfies(reading -> missing(reading, "temp1", Value.Reason.NO_ANSWER));

    new SysfsTree(all).put("hwmon3/temp1_fault", "0");
    assertThat(driver.read()).containsExactly(Reading.of("temp1", -10.125));
  }

  private static void missing(Reading reading, String channel, Value.Reason reason) {
    assertThat(reading.channel()).isEqualTo(channel);
    assertThat(reading.value())
        .isInstanceOfSatisfying(
            Value.Missing.class, missing -> assertThat(missing.reason()).isEqualTo(reason));
  }
}
