package io.selvedge.driver.nmea;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "GPS receiver",
    description = "Any that speaks NMEA 0183 over a serial port or USB")
@interface NmeaConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example gps")
  String device_id();

  @AttributeDefinition(
      name = "Bus",
      description = "The serial port, for example /dev/serial0; best one of /dev/serial/by-id/")
  String bus() default "";

  @AttributeDefinition(
      name = "Baud",
      description = "Bits per second: 9600, old ones 4800",
      min = "50")
  int baud() default 9600;

  @AttributeDefinition(
      name = "Position",
      description = "Tell the hub that the gateway is where this receiver is")
  boolean is_position() default true;

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
