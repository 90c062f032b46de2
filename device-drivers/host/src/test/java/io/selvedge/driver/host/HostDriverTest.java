package io.selvedge.driver.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.api.device.Value.Reason;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostDriverTest {

  private static final Path PI = Path.of("src/test/resources/raspberry-pi");
  private static final Path VIRTUAL = Path.of("src/test/resources/x86-virtual");

  @TempDir Path root;
  private final Map<String, Object> config = new HashMap<>(Map.of("device.id", "host"));

  @Nested
  class ContractOnARecordedTree extends DriverContract {
    @Override
    protected Driver driver() {
      return HostDriverTest.this.driver(VIRTUAL);
    }
  }

  @Nested
  class ContractOnThisMachine extends DriverContract {
    @Override
    protected Driver driver() {
      Assumptions.assumeTrue(Files.exists(Path.of("/proc")), "not Linux: there is no /proc");
      return HostDriverTest.this.driver(Path.of("/"));
    }
  }

  @Test
  void readsARaspberryPi() throws Exception {
    Row row = read(driver(PI));

    assertThat(row.get("load_1m")).isEqualTo(Value.of(0.12));
    assertThat(row.get("memory_use")).isEqualTo(Value.of(100.0 * (3884360 - 3301706) / 3884360));
    assertThat(row.get("memory_available")).isEqualTo(Value.of(3301706L * 1024));
    assertThat(row.get("temperature")).isEqualTo(Value.of(48.686));
    assertThat(row.get("network_received")).as("eth0 and wlan0").isEqualTo(Value.of(3020000L));
    assertThat(row.get("network_sent")).isEqualTo(Value.of(1004000L));
    assertThat(row.get("uptime")).isEqualTo(Value.of(86412.37));
  }

  @Test
  void readsAVirtualMachineWithoutSensors() throws Exception {
    Row row = read(driver(VIRTUAL));

    assertMissing(row.get("temperature"), Reason.ABSENT, "no thermal zone");
    assertThat(row.get("load_1m")).isEqualTo(Value.of(4.0));
    assertThat(number(row.get("memory_use"))).isCloseTo(6.6, within(0.1));
  }

  /** 100 ticks busy of 200 passed; guest time is in user already and not counted again. */
  @Test
  void processorUseIsTheDifferenceOfTwoReads() throws Exception {
    tree();
    write("proc/stat", "cpu  1000 0 0 1000 0 0 0 0 500 0\n");
    HostDriver driver = driver(root);

    assertMissing(read(driver).get("cpu_use"), Reason.NOT_READY, "two reads");

    write("proc/stat", "cpu  1080 5 10 1090 10 2 2 1 580 0\n");
    assertThat(number(read(driver).get("cpu_use"))).isCloseTo(50, within(1e-9));
    assertMissing(read(driver).get("cpu_use"), Reason.NOT_READY, "two reads");
  }

  @Test
  void takesTheProcessorsSensorBeforeOthers() throws Exception {
    tree();
    write("sys/class/thermal/thermal_zone0/type", "acpitz\n");
    write("sys/class/thermal/thermal_zone0/temp", "27800\n");
    write("sys/class/thermal/thermal_zone10/type", "x86_pkg_temp\n");
    write("sys/class/thermal/thermal_zone10/temp", "61000\n");

    assertThat(read(driver(root)).get("temperature")).isEqualTo(Value.of(61.0));

    config.put("temperature", "acpitz");
    assertThat(read(driver(root)).get("temperature")).isEqualTo(Value.of(27.8));

    config.put("temperature", "gpu");
    assertMissing(
        read(driver(root)).get("temperature"), Reason.ABSENT, "[gpu]", "[acpitz, x86_pkg_temp]");
  }

  @Test
  void findsTheSensorOfAnAmdProcessorAmongTheHwmonChips() throws Exception {
    tree();
    write("sys/class/hwmon/hwmon0/name", "nvme\n");
    write("sys/class/hwmon/hwmon0/temp1_input", "38850\n");
    write("sys/class/hwmon/hwmon1/name", "ucsi_source_psy\n");
    write("sys/class/hwmon/hwmon2/name", "k10temp\n");
    write("sys/class/hwmon/hwmon2/temp1_input", "-500\n");

    assertThat(read(driver(root)).get("temperature")).isEqualTo(Value.of(-0.5));
  }

  @Test
  void aTemperatureThatCannotBeIsOutOfRange() throws Exception {
    tree();
    write("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n");
    write("sys/class/thermal/thermal_zone0/temp", "-274000\n");

    assertMissing(read(driver(root)).get("temperature"), Reason.OUT_OF_RANGE, "[-274.0]");
  }

  @Test
  void aSensorThatAnswersWithAnErrorIsNoAnswer() throws Exception {
    tree();
    write("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n");
    // a directory in the file's place: reading it is an error, as it is of a sensor that sleeps
    Files.createDirectories(root.resolve("sys/class/thermal/thermal_zone0/temp"));

    assertMissing(read(driver(root)).get("temperature"), Reason.NO_ANSWER, "thermal_zone0/temp");
  }

  @Test
  void damagedFilesAreMissingValuesAndTheOthersAreThere() throws Exception {
    tree();
    write("proc/loadavg", "busy\n");
    write("proc/meminfo", "MemTotal: lots kB\n");
    write("proc/stat", "cpu  1 2 x\n");
    write("proc/net/dev", "eth0: 1 2 3\n");

    Row row = read(driver(root));

    assertMissing(row.get("load_1m"), Reason.DAMAGED, "[busy]", "[/proc/loadavg]");
    assertMissing(row.get("memory_use"), Reason.DAMAGED, "[lots]");
    assertMissing(row.get("memory_available"), Reason.ABSENT, "MemAvailable");
    assertMissing(row.get("cpu_use"), Reason.DAMAGED, "[x]");
    assertMissing(row.get("network_sent"), Reason.DAMAGED, "[eth0: 1 2 3]");
    assertMissing(row.get("uptime"), Reason.ABSENT, "[/proc/uptime] is not there");
    assertThat(row.get("disk_free")).isInstanceOf(Value.Whole.class);
  }

  @Test
  void emptyFilesAreNoFault() throws Exception {
    tree();
    write("proc/loadavg", "");
    write("proc/stat", "");

    Row row = read(driver(root));

    assertMissing(row.get("load_1m"), Reason.DAMAGED, "[]");
    assertMissing(row.get("cpu_use"), Reason.ABSENT, "no line [cpu]");
  }

  @Test
  void inAContainerAllInterfacesButTheLoopbackCount() throws Exception {
    tree();
    write(
        "proc/net/dev",
        "h\nh\n lo: 5 0 0 0 0 0 0 0 5 0\neth0: 70 0 0 0 0 0 0 0 30 0\neth1:1 0 0 0 0 0 0 0 2 0\n");

    assertThat(read(driver(root)).get("network_received")).isEqualTo(Value.of(71L));

    config.put("network", "eth1, wlan0");
    assertThat(read(driver(root)).get("network_sent")).isEqualTo(Value.of(2L));

    config.put("network", "wlan7");
    assertMissing(
        read(driver(root)).get("network_sent"), Reason.ABSENT, "[wlan7]", "[lo, eth0, eth1]");
  }

  @Test
  void theDiskIsTheOneOfTheGatewaysDataUnlessToldOtherwise() throws Exception {
    tree();
    assertThat(number(read(driver(root)).get("disk_use"))).isBetween(0.0, 100.0);

    config.put("disk", root.resolve("gone").toString());
    Row row = read(driver(root));
    assertMissing(row.get("disk_use"), Reason.ABSENT, "gone]");
    assertMissing(row.get("disk_free"), Reason.ABSENT, "gone]");
  }

  @Test
  void aMachineThatIsNoLinuxIsDown() {
    assertThatThrownBy(() -> driver(root).read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("Linux");
  }

  private HostDriver driver(Path tree) {
    return new HostDriver(Configs.of(HostConfig.class, config), tree, Optional.of(root.toString()));
  }

  private void tree() throws IOException {
    Files.createDirectories(root.resolve("proc"));
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private static Row read(HostDriver driver) throws DeviceException {
    Map<String, Value> row = new HashMap<>();
    for (Reading reading : driver.read()) {
      row.put(reading.channel(), reading.value());
    }
    assertThat(row.keySet())
        .containsExactlyInAnyOrderElementsOf(
            driver.channels().stream().map(channel -> channel.id()).toList());
    return new Row(row);
  }

  private static void assertMissing(Value value, Reason reason, String... contained) {
    assertThat(value)
        .isInstanceOfSatisfying(
            Value.Missing.class,
            missing -> {
              assertThat(missing.reason()).isEqualTo(reason);
              assertThat(missing.detail()).contains(List.of(contained));
            });
  }

  /** One value a channel. */
  private record Row(Map<String, Value> values) {
    Value get(String channel) {
      return Objects.requireNonNull(values.get(channel), channel);
    }
  }

  private static double number(Value value) {
    return value.number().orElseThrow();
  }
}
