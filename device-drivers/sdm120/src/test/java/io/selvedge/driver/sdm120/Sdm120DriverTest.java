package io.selvedge.driver.sdm120;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ghgande.j2mod.modbus.procimg.SimpleInputRegister;
import com.ghgande.j2mod.modbus.procimg.SimpleProcessImage;
import com.ghgande.j2mod.modbus.slave.ModbusSlave;
import com.ghgande.j2mod.modbus.slave.ModbusSlaveFactory;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.driver.modbus.Lines;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real slave; registers as the meter's protocol gives them: 230.0 V is 43660000. */
class Sdm120DriverTest extends DriverContract {

  private final SimpleProcessImage registers = new SimpleProcessImage(1);
  private ModbusSlave slave;
  private int port;

  @BeforeEach
  void start() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    for (int address = 0; address < 76; address++) {
      registers.addInputRegister(new SimpleInputRegister(0));
    }
    registers.setInputRegister(0, new SimpleInputRegister(0x4366));
    registers.setInputRegister(12, new SimpleInputRegister(0xc2c8)); // -100.0 W: it is fed in
    slave = ModbusSlaveFactory.createTCPSlave(InetAddress.getLoopbackAddress(), port, 2, false);
    slave.addProcessImage(1, registers);
    slave.open();
  }

  @AfterEach
  void stop() {
    ModbusSlaveFactory.close(slave);
  }

  private Driver driver(String bus) {
    return new Sdm120Driver(
        new Lines(), Configs.of(Sdm120Config.class, Map.of("device.id", "meter", "bus", bus)));
  }

  @Override
  protected Driver driver() {
    return driver("127.0.0.1:" + port);
  }

  @Test
  void readsAboveAndBelowZero() throws Exception {
    assertThat(driver().read())
        .hasSize(8)
        .contains(Reading.of("voltage", 230.0), Reading.of("power", -100.0));
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> driver("127.0.0.1:" + silent.getLocalPort()).read())
          .isInstanceOf(DeviceException.class)
          .hasMessageContainingAll("unit [1]", "does not answer");
    }
  }
}
