package io.selvedge.driver.modbus;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Driver;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Units on Modbus lines, for drivers of one make of device, which know its registers. A service of
 * this bundle: {@code @Reference(name = "modbus") ModbusUnits modbus}.
 */
@ProviderType
public interface ModbusUnits {

  /** A unit on a line, read and written as a driver is. */
  interface Unit extends Driver, AutoCloseable {
    /** What its map says, whether it answers or not. */
    @Override
    List<Channel> channels();

    @Override
    void close();
  }

  /**
   * How a serial line is set; without meaning on a network.
   *
   * @param baud bits per second
   * @param parity {@code none}, {@code even} or {@code odd}
   * @param stopBits 1 or 2
   */
  record Serial(int baud, String parity, int stopBits) {}

  /**
   * A unit. Close it in the driver's {@code @Deactivate} method.
   *
   * @param line {@code host:port} or the path of a serial port
   * @param unit its address on the line
   * @param registers as the setting {@code registers} of {@code io.selvedge.driver.modbus}
   * @throws IllegalArgumentException something of it is wrong; the message says what
   */
  Unit unit(String line, Serial serial, int unit, String registers);
}
