package io.selvedge.driver.sht3x;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "SHT3x thermometer and hygrometer",
    description = "Sensirion SHT30, SHT31, SHT35, on I2C")
@interface Sht3xConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example greenhouse")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The I2C bus, for example i2c1")
  String bus() default "i2c1";

  @AttributeDefinition(
      name = "Address",
      description = "Of the chip on its bus",
      options = {
        @Option(label = "0x44 (ADDR to GND)", value = "0x44"),
        @Option(label = "0x45 (ADDR to V+)", value = "0x45")
      })
  String address() default "0x44";

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
