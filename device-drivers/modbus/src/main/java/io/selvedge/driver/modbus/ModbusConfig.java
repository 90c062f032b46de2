package io.selvedge.driver.modbus;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "Modbus device",
    description = "Meters, drives, controllers: over Ethernet (TCP) or RS-485 (RTU)")
@interface ModbusConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example meter-1")
  String device_id();

  @AttributeDefinition(
      name = "Line",
      description =
          "host:port, for example 192.168.1.20:502, or a serial port, best one of"
              + " /dev/serial/by-id/; devices of one line are asked one after the other")
  String bus() default "";

  @AttributeDefinition(
      name = "Unit",
      description = "Address on the line (slave id)",
      min = "0",
      max = "255")
  int unit() default 1;

  @AttributeDefinition(
      name = "Registers",
      description =
          "One a channel, separated by ; as: id unit table address type, for example"
              + " power W input 40 float32; set_point Cel holding 100 int16 scale=0.1 writable;"
              + " table is coil, discrete, input or holding, addresses count from 0")
  String registers() default "";

  @AttributeDefinition(
      name = "Word order",
      description = "Of values of more than one register, where the register says none",
      options = {
        @Option(label = "big end first (ABCD)", value = "abcd"),
        @Option(label = "words swapped (CDAB)", value = "cdab"),
        @Option(label = "bytes swapped (BADC)", value = "badc"),
        @Option(label = "little end first (DCBA)", value = "dcba")
      })
  String order() default "abcd";

  @AttributeDefinition(
      name = "Gap",
      description = "Registers nobody asked for that may lie within one request",
      min = "0",
      max = "100")
  int gap() default 0;

  @AttributeDefinition(
      name = "Framing",
      description = "RTU over a network is what simple serial servers speak",
      options = {
        @Option(label = "TCP on networks, RTU on serial ports", value = "auto"),
        @Option(label = "RTU everywhere", value = "rtu")
      })
  String framing() default "auto";

  @AttributeDefinition(name = "Baud", description = "Serial: bits per second", min = "300")
  int baud() default 9600;

  @AttributeDefinition(
      name = "Parity",
      description = "Serial",
      options = {
        @Option(label = "none", value = "none"),
        @Option(label = "even", value = "even"),
        @Option(label = "odd", value = "odd")
      })
  String parity() default "none";

  @AttributeDefinition(name = "Stop bits", description = "Serial: 1 or 2", min = "1", max = "2")
  int stop_bits() default 1;

  @AttributeDefinition(
      name = "Timeout",
      description = "For one answer, milliseconds",
      min = "10",
      max = "30000")
  int timeout_ms() default 1000;

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  @AttributeDefinition(name = "Deadline", description = "For one read, milliseconds", min = "10")
  int deadline_ms() default 5000;

  String webconsole_configurationFactory_nameHint() default "{bus} {unit} {device.id}";
}
