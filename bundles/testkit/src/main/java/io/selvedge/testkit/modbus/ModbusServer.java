package io.selvedge.testkit.modbus;

import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.procimg.SimpleDigitalIn;
import com.ghgande.j2mod.modbus.procimg.SimpleDigitalOut;
import com.ghgande.j2mod.modbus.procimg.SimpleInputRegister;
import com.ghgande.j2mod.modbus.procimg.SimpleProcessImage;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import com.ghgande.j2mod.modbus.slave.ModbusSlave;
import com.ghgande.j2mod.modbus.slave.ModbusSlaveFactory;
import com.ghgande.j2mod.modbus.util.SerialParameters;
import io.selvedge.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;

/**
 * A real Modbus server (slave) on loopback or a serial port, with one unit, number 1: {@code
 * ModbusServer.tcp().input(0, 250)} is what a driver with {@code bus} of {@link #bus()} reads. Its
 * registers, inputs and coils are zero and off until they are set.
 */
public final class ModbusServer implements AutoCloseable {

  /** As many of each kind as it has, from address 0. */
  public static final int PLACES = 128;

  private final SimpleProcessImage unit = new SimpleProcessImage(1);
  private final ModbusSlave slave;

  private ModbusServer(ModbusSlave slave) throws ModbusException {
    this.slave = slave;
    for (int i = 0; i < PLACES; i++) {
      unit.addRegister(new SimpleRegister(0));
      unit.addInputRegister(new SimpleInputRegister(0));
      unit.addDigitalIn(new SimpleDigitalIn(false));
      unit.addDigitalOut(new SimpleDigitalOut(false));
    }
    slave.addProcessImage(1, unit);
    slave.open();
  }

  /** Modbus TCP, on a free port. */
  public static ModbusServer tcp() {
    return onLoopback(false);
  }

  /** RTU frames over TCP, on a free port. */
  public static ModbusServer rtuOverTcp() {
    return onLoopback(true);
  }

  /** RTU at 9600 baud, 8 bits, no parity. */
  public static ModbusServer serial(String path) {
    SerialParameters port = new SerialParameters();
    port.setPortName(path);
    port.setBaudRate(9600);
    port.setDatabits(8);
    port.setParity("none");
    port.setStopbits(1);
    port.setEncoding("rtu");
    try {
      return new ModbusServer(ModbusSlaveFactory.createSerialSlave(port));
    } catch (ModbusException e) {
      throw new IllegalStateException("no Modbus server at [" + path + "]: " + e, e);
    }
  }

  private static ModbusServer onLoopback(boolean rtu) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    int port;
    try {
      port = Ports.free();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return new ModbusServer(ModbusSlaveFactory.createTCPSlave(loopback, port, 2, rtu));
    } catch (ModbusException e) {
      throw new IllegalStateException("no Modbus server at port [" + port + "]: " + e, e);
    }
  }

  /** A driver's setting {@code bus} for a server on loopback. */
  public String bus() {
    return "127.0.0.1:" + slave.getPort();
  }

  /** Sets input registers, from this address on. */
  public ModbusServer input(int address, int... words) {
    for (int i = 0; i < words.length; i++) {
      unit.setInputRegister(address + i, new SimpleInputRegister(words[i]));
    }
    return this;
  }

  /** Sets holding registers, from this address on. */
  public ModbusServer holding(int address, int... words) {
    for (int i = 0; i < words.length; i++) {
      unit.setRegister(address + i, new SimpleRegister(words[i]));
    }
    return this;
  }

  /** A holding register, as it was written last. */
  public int holding(int address) {
    return unit.getRegister(address).toUnsignedShort();
  }

  /** Sets a discrete input. */
  public ModbusServer discrete(int address, boolean on) {
    unit.setDigitalIn(address, new SimpleDigitalIn(on));
    return this;
  }

  /** Sets a coil. */
  public ModbusServer coil(int address, boolean on) {
    unit.setDigitalOut(address, new SimpleDigitalOut(on));
    return this;
  }

  /** A coil, as it was written last. */
  public boolean coil(int address) {
    return unit.getDigitalOut(address).isSet();
  }

  /** Ends it: from now on it does not answer. More than once is no fault. */
  @Override
  public void close() {
    ModbusSlaveFactory.close(slave);
  }
}
