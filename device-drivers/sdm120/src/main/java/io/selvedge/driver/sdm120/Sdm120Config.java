package io.selvedge.driver.sdm120;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Eastron SDM120 energy meter",
    description = "One phase, over Modbus RTU or a gateway")
@interface Sdm120Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example kitchen-meter")
  String device_id();

  @AttributeDefinition(
      name = "Bus",
      description =
          "The line: host:port, for example 192.168.1.20:502, or a serial port, best one of"
              + " /dev/serial/by-id/")
  String bus() default "";

  @AttributeDefinition(
      name = "Unit",
      description = "Its address on the line (slave id)",
      min = "1",
      max = "247")
  int unit() default 1;

  @AttributeDefinition(
      name = "Baud",
      description = "Serial: as the meter is set, 2400 when new",
      min = "1200")
  int baud() default 2400;

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
