package io.selvedge.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.modbus.ModbusServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real server over TCP. */
class ModbusDriverTest extends DriverContract {

  private static final String METER =
      "power W input 0 float32; energy kW.h input 2 uint32 scale=0.1; fault - discrete 3;"
          + " mode - holding 9 uint16; ready - holding 9 bit1;"
          + " set_point Cel holding 10 int16 scale=0.1 writable; motor - coil 7 writable";

  private final List<ModbusDriver> drivers = new ArrayList<>();
  private final Lines lines = new Lines();
  private ModbusServer server;

  @BeforeEach
  void start() {
    server = ModbusServer.tcp();
  }

  @AfterEach
  void stop() {
    drivers.forEach(ModbusDriver::close);
    server.close();
  }

  @Override
  protected ModbusDriver driver() {
    return driver(Map.of("registers", METER));
  }

  private ModbusDriver driver(Map<String, ?> settings) {
    Map<String, Object> all = new HashMap<>(Map.of("device.id", "meter", "bus", server.bus()));
    all.putAll(settings);
    ModbusDriver driver = new ModbusDriver(lines, Configs.of(ModbusConfig.class, all));
    drivers.add(driver);
    return driver;
  }

  @Test
  void declaresWhatItsConfigurationDeclares() {
    assertThat(driver().channels())
        .containsExactly(
            Channel.decimal("power", "W"),
            Channel.decimal("energy", "kW.h"),
            Channel.flag("fault"),
            Channel.whole("mode", "1"),
            Channel.flag("ready"),
            Channel.decimal("set_point", "Cel").writable(),
            Channel.flag("motor").writable());
  }

  /** Both are changed one after the other: whoever comes first must not stay down for it. */
  @Test
  void aLineHasOneSettingAndWhoDiffersWorksOnceTheOthersHaveChanged() throws Exception {
    ModbusDriver first = driver(Map.of("registers", METER, "timeout.ms", 900));
    ModbusDriver other = driver(Map.of("registers", METER, "timeout.ms", 800, "unit", 1));
    assertThat(first.read()).isNotEmpty();

    assertThatThrownBy(other::read)
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll(
            "[" + server.bus() + "]", "same baud, parity, stop bits", "900", "800");

    first.close();
    assertThat(other.read()).isNotEmpty();
  }

  @Test
  void readsEveryTable() throws Exception {
    // IEEE 754: -12.5 is C1480000
    server.input(0, 0xc148, 0x0000, 0x0001, 0xe240).holding(9, 0x0002, 0xff9c);
    server.discrete(3, true);

    assertThat(driver().read())
        .containsExactlyInAnyOrder(
            Reading.of("power", -12.5),
            Reading.of("energy", 12345.6),
            Reading.of("fault", true),
            Reading.of("mode", 2L),
            Reading.of("ready", true),
            Reading.of("set_point", -10.0),
            Reading.of("motor", false));
  }

  @Test
  void knowsTheFourOrdersOfBytes() throws Exception {
    // 0x01020304 = 16909060
    server.holding(0, 0x0102, 0x0304, 0x0304, 0x0102, 0x0201, 0x0403, 0x0403, 0x0201);
    ModbusDriver driver =
        driver(
            Map.of(
                "registers",
                "a - holding 0 uint32; b - holding 2 uint32 order=cdab;"
                    + " c - holding 4 uint32 order=badc; d - holding 6 int32 order=dcba"));

    assertThat(driver.read())
        .containsExactly(
            Reading.of("a", 16909060L),
            Reading.of("b", 16909060L),
            Reading.of("c", 16909060L),
            Reading.of("d", 16909060L));
  }

  @Test
  void readsSixtyFourBits() throws Exception {
    server.holding(0, 0xffff, 0xffff, 0xffff, 0xfffe).input(0, 0x3ff8, 0, 0, 0);

    assertThat(driver(Map.of("registers", "n - holding 0 int64; x m input 0 float64")).read())
        .containsExactlyInAnyOrder(Reading.of("n", -2L), Reading.of("x", 1.5));
  }

  @Test
  void writesWhatItReads() throws Exception {
    ModbusDriver driver =
        driver(
            Map.of(
                "registers",
                "t Cel holding 10 int16 scale=0.1 writable; f Hz holding 12 float32 order=cdab"
                    + " writable; motor - coil 7 writable"));

    driver.write("t", Value.of(-21.5));
    driver.write("f", Value.of(50.25));
    driver.write("motor", Value.of(true));

    assertThat(server.holding(10)).isEqualTo(0xff29);
    assertThat(List.of(server.holding(12), server.holding(13))).containsExactly(0x0000, 0x4249);
    assertThat(driver.read())
        .containsExactlyInAnyOrder(
            Reading.of("t", -21.5), Reading.of("f", 50.25), Reading.of("motor", true));
  }

  @Test
  void refusesAValueThatItsRegisterCannotHold() {
    assertThatThrownBy(() -> driver().write("set_point", Value.of(3300.0)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("[set_point]", "[3300.0]", "3276.7");
    assertThat(server.holding(10)).isZero();

    Map<String, Object> fraction = Map.of("registers", "f Hz holding 12 float32 writable");
    assertThatThrownBy(() -> driver(fraction).write("f", Value.of(1e300)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("[f]", "[1.0E300]");
  }

  @Test
  void whatTheUnitRefusesIsMissingAndTheRestIsThere() throws Exception {
    server.input(0, 42);

    assertThat(driver(Map.of("registers", "a - input 0 uint16; b - input 900 uint16")).read())
        .contains(Reading.of("a", 42L))
        .anySatisfy(
            reading ->
                assertThat(reading.value())
                    .isInstanceOfSatisfying(
                        Value.Missing.class,
                        missing -> assertThat(missing.detail()).contains("input 900", "code [2]")));
    assertThatThrownBy(() -> driver(Map.of("registers", "b - input 900 uint16")).read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("input 900");
  }

  @Test
  void aLineThatWasCutServesAgain() throws Exception {
    server.input(0, 7);
    try (Cable cable = new Cable(server.bus())) {
      ModbusDriver driver =
          driver(Map.of("bus", cable.bus(), "registers", "a - input 0 uint16", "timeout.ms", 5000));
      assertThat(driver.read()).containsExactly(Reading.of("a", 7L));

      cable.cut();
      server.input(0, 8);
      assertThat(driver.read()).containsExactly(Reading.of("a", 8L));

      cable.pullOut();
      assertThatThrownBy(driver::read)
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("[" + cable.bus() + "]");
    }
  }

  @Test
  void saysWhichUnitIsSilent() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ModbusDriver driver =
          driver(
              Map.of(
                  "bus",
                  "127.0.0.1:" + silent.getLocalPort(),
                  "unit",
                  9,
                  "timeout.ms",
                  100,
                  "registers",
                  "a - input 0 uint16"));

      assertThatThrownBy(driver::read)
          .isInstanceOf(DeviceException.class)
          .hasMessageContainingAll("unit [9]", "" + silent.getLocalPort(), "does not answer");
    }
  }

  @Test
  void unitsOfOneLineShareItAndItsSettings() throws Exception {
    server.input(0, 1, 2);
    ModbusDriver first = driver(Map.of("registers", "a - input 0 uint16"));
    ModbusDriver second = driver(Map.of("registers", "b - input 1 uint16"));
    first.read();
    first.close();
    drivers.remove(first);

    assertThat(second.read()).containsExactly(Reading.of("b", 2L));
    assertThat(driver(Map.of("registers", "a - input 0 uint16", "baud", 19200)).read())
        .as("a network has no baud")
        .hasSize(1);
  }

  @Test
  void refusesALineThatIsNone() {
    assertThatThrownBy(() -> driver(Map.of("bus", "192.168.1.20", "registers", METER)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("[192.168.1.20]", "host:port");
  }
}
