package io.selvedge.driver.ina219;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "INA219 current and power meter",
    description = "Texas Instruments, up to 26 V, on I2C")
@interface Ina219Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example battery")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The I2C bus, for example i2c1")
  String bus() default "i2c1";

  @AttributeDefinition(
      name = "Address",
      description = "Wired by A1, A0: both to GND is 0x40",
      options = {
        @Option(label = "0x40", value = "0x40"),
        @Option(label = "0x41", value = "0x41"),
        @Option(label = "0x42", value = "0x42"),
        @Option(label = "0x43", value = "0x43"),
        @Option(label = "0x44", value = "0x44"),
        @Option(label = "0x45", value = "0x45"),
        @Option(label = "0x46", value = "0x46"),
        @Option(label = "0x47", value = "0x47"),
        @Option(label = "0x48", value = "0x48"),
        @Option(label = "0x49", value = "0x49"),
        @Option(label = "0x4a", value = "0x4a"),
        @Option(label = "0x4b", value = "0x4b"),
        @Option(label = "0x4c", value = "0x4c"),
        @Option(label = "0x4d", value = "0x4d"),
        @Option(label = "0x4e", value = "0x4e"),
        @Option(label = "0x4f", value = "0x4f")
      })
  String address() default "0x40";

  @AttributeDefinition(
      name = "Shunt",
      description =
          "Resistor through which the current flows, thousandths of an ohm; 100 "
              + "on most boards",
      min = "0.1")
  double shunt_milliohm() default 100;

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
