package io.selvedge.driver.modbus;

import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.procimg.SimpleDigitalIn;
import com.ghgande.j2mod.modbus.procimg.SimpleDigitalOut;
import com.ghgande.j2mod.modbus.procimg.SimpleInputRegister;
import com.ghgande.j2mod.modbus.procimg.SimpleProcessImage;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import com.ghgande.j2mod.modbus.slave.ModbusSlave;
import com.ghgande.j2mod.modbus.slave.ModbusSlaveFactory;
import com.ghgande.j2mod.modbus.util.SerialParameters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A real slave with unit 1, on loopback or a serial port. */
final class Slave implements AutoCloseable {

  final SimpleProcessImage unit = new SimpleProcessImage(1);
  private final ModbusSlave slave;

  private Slave(ModbusSlave slave) throws ModbusException {
    this.slave = slave;
    for (int i = 0; i < 64; i++) {
      unit.addRegister(new SimpleRegister(0));
      unit.addInputRegister(new SimpleInputRegister(0));
      unit.addDigitalIn(new SimpleDigitalIn(false));
      unit.addDigitalOut(new SimpleDigitalOut(false));
    }
    slave.addProcessImage(1, unit);
    slave.open();
  }

  static Slave tcp(boolean rtu) throws ModbusException, IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, loopback)) {
      port = free.getLocalPort();
    }
    return new Slave(ModbusSlaveFactory.createTCPSlave(loopback, port, 2, rtu));
  }

  static Slave serial(String path) throws ModbusException {
    SerialParameters port = new SerialParameters();
    port.setPortName(path);
    port.setBaudRate(9600);
    port.setDatabits(8);
    port.setParity("none");
    port.setStopbits(1);
    port.setEncoding("rtu");
    return new Slave(ModbusSlaveFactory.createSerialSlave(port));
  }

  String bus() {
    return "127.0.0.1:" + slave.getPort();
  }

  Slave input(int address, int... words) {
    for (int i = 0; i < words.length; i++) {
      unit.setInputRegister(address + i, new SimpleInputRegister(words[i]));
    }
    return this;
  }

  Slave holding(int address, int... words) {
    for (int i = 0; i < words.length; i++) {
      unit.setRegister(address + i, new SimpleRegister(words[i]));
    }
    return this;
  }

  int holding(int address) {
    return unit.getRegister(address).toUnsignedShort();
  }

  @Override
  public void close() {
    ModbusSlaveFactory.close(slave);
  }
}
