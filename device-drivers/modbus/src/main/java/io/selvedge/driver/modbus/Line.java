package io.selvedge.driver.modbus;

import com.ghgande.j2mod.modbus.Modbus;
import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.ModbusSlaveException;
import com.ghgande.j2mod.modbus.facade.AbstractModbusMaster;
import com.ghgande.j2mod.modbus.facade.ModbusSerialMaster;
import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import com.ghgande.j2mod.modbus.procimg.InputRegister;
import com.ghgande.j2mod.modbus.procimg.Register;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import com.ghgande.j2mod.modbus.util.BitVector;
import com.ghgande.j2mod.modbus.util.SerialParameters;
import io.selvedge.api.device.DeviceException;
import java.util.Arrays;

/**
 * One line with all its units: a connection or a serial port, opened at the first request and again
 * after a fault. All devices of a line have one thread, that of their bus.
 */
final class Line {

  private static final int DATA_BITS = 8;

  private final Settings settings;
  private final AbstractModbusMaster master;

  /**
   * What makes a line.
   *
   * @param bus {@code host:port} or the path of a serial port
   */
  record Settings(
      String bus, boolean rtu, int baud, String parity, int stopBits, int timeoutMillis) {

    /** A network has no baud, so devices cannot differ in it. */
    Settings {
      if (!bus.startsWith("/")) {
        int colon = bus.lastIndexOf(':');
        String port = bus.substring(colon + 1);
        if (colon < 1 || !port.matches("\\d{1,5}")) {
          throw new IllegalArgumentException(
              "bus ["
                  + bus
                  + "] must be host:port, for example [192.168.1.20:502], or the path of a serial port,"
                  + " for example [/dev/serial/by-id/usb-…]");
        }
        baud = 0;
        parity = "";
        stopBits = 0;
      }
    }

    static Settings of(ModbusConfig config) {
      return new Settings(
          config.bus().strip(),
          config.framing().equals("rtu"),
          config.baud(),
          config.parity(),
          config.stop_bits(),
          config.timeout_ms());
    }
  }

  private interface Request<T> {
    T send() throws ModbusException;
  }

  Line(Settings settings) {
    this.settings = settings;
    this.master = master(settings);
    this.master.setRetries(0); // the runtime tries again
  }

  private static AbstractModbusMaster master(Settings settings) {
    String bus = settings.bus();
    if (bus.startsWith("/")) {
      SerialParameters port = new SerialParameters();
      port.setPortName(bus);
      port.setBaudRate(settings.baud());
      port.setDatabits(DATA_BITS);
      port.setParity(settings.parity());
      port.setStopbits(settings.stopBits());
      port.setEncoding(Modbus.SERIAL_ENCODING_RTU);
      port.setEcho(false);
      return new ModbusSerialMaster(port, settings.timeoutMillis());
    }
    int colon = bus.lastIndexOf(':');
    return new ModbusTCPMaster(
        bus.substring(0, colon),
        Integer.parseInt(bus.substring(colon + 1)),
        settings.timeoutMillis(),
        false,
        settings.rtu());
  }

  Settings settings() {
    return settings;
  }

  /** Registers as they are, bits as 0 and 1. */
  int[] read(int unit, Batch batch) throws DeviceException, Refused {
    int address = batch.address();
    int count = batch.count();
    return request(
        unit,
        batch.toString(),
        () ->
            switch (batch.table()) {
              case COIL -> bits(master.readCoils(unit, address, count), count);
              case DISCRETE -> bits(master.readInputDiscretes(unit, address, count), count);
              case INPUT -> words(master.readInputRegisters(unit, address, count));
              case HOLDING -> words(master.readMultipleRegisters(unit, address, count));
            });
  }

  void write(int unit, int address, boolean on) throws DeviceException, Refused {
    request(unit, "coil " + address, () -> master.writeCoil(unit, address, on));
  }

  void write(int unit, int address, int[] words) throws DeviceException, Refused {
    Register[] registers =
        Arrays.stream(words).mapToObj(SimpleRegister::new).toArray(Register[]::new);
    request(
        unit,
        "holding " + address,
        () ->
            words.length == 1
                ? master.writeSingleRegister(unit, address, registers[0])
                : master.writeMultipleRegisters(unit, address, registers));
  }

  void close() {
    master.disconnect();
  }

  private <T> T request(int unit, String what, Request<T> request) throws DeviceException, Refused {
    connect();
    try {
      return request.send();
    } catch (ModbusSlaveException e) {
      throw new Refused(
          what
              + " of unit ["
              + unit
              + "] is refused with code ["
              + e.getType()
              + "]: "
              + e.getMessage());
    } catch (ModbusException e) {
      master.disconnect(); // a late answer must not be taken for the next one
      throw new DeviceException(
          "unit ["
              + unit
              + "] on ["
              + settings.bus()
              + "] does not answer for "
              + what
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private void connect() throws DeviceException {
    if (master.isConnected()) {
      return;
    }
    try {
      master.connect();
    } catch (Exception e) { // so the library declares it
      throw new DeviceException(
          "line [" + settings.bus() + "] cannot be opened: " + e.getMessage(), e);
    }
  }

  private static int[] bits(BitVector bits, int count) {
    int[] all = new int[count];
    for (int i = 0; i < count; i++) {
      all[i] = bits.getBit(i) ? 1 : 0;
    }
    return all;
  }

  private static int[] words(InputRegister[] registers) {
    return Arrays.stream(registers).mapToInt(InputRegister::toUnsignedShort).toArray();
  }

  /** The unit answered, and said no. */
  static final class Refused extends Exception {

    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message, null, false, false);
    }
  }
}
