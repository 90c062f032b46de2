package io.selvedge.driver.modbus;

import io.selvedge.api.device.DeviceException;
import java.util.HashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** The lines that are in use: units of one line share its connection. */
@Component(service = {Lines.class, ModbusUnits.class})
public final class Lines implements ModbusUnits {

  private static final int TIMEOUT_MILLIS = 1000;

  private final Map<String, Shared> lines = new HashMap<>();

  private static final class Shared {
    final Line line;
    int users;

    Shared(Line line) {
      this.line = line;
    }
  }

  @Override
  public Unit unit(String line, Serial serial, int unit, String registers) {
    return new PlainUnit(
        this,
        new Line.Settings(
            line.strip(), false, serial.baud(), serial.parity(), serial.stopBits(), TIMEOUT_MILLIS),
        unit,
        RegisterMap.parse(registers, "abcd"),
        0);
  }

  /**
   * The line of these settings, for one user more.
   *
   * @throws DeviceException another device uses it with other settings
   */
  synchronized Line take(Line.Settings settings) throws DeviceException {
    Shared shared = lines.computeIfAbsent(settings.bus(), bus -> new Shared(new Line(settings)));
    if (!shared.line.settings().equals(settings)) {
      throw new DeviceException(
          "line ["
              + settings.bus()
              + "] is in use with other settings; devices of one line must have the same baud,"
              + " parity, stop bits, framing and timeout: "
              + shared.line.settings()
              + ", here "
              + settings);
    }
    shared.users++;
    return shared.line;
  }

  /** One user less; the last one closes it. */
  synchronized void give(Line line) {
    Shared shared = lines.get(line.settings().bus());
    if (shared != null && shared.line == line && --shared.users == 0) {
      lines.remove(line.settings().bus());
      line.close();
    }
  }
}
