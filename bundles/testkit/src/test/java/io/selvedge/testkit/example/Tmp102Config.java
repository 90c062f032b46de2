package io.selvedge.testkit.example;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "TMP102 thermometer", description = "On an I2C bus, 12 bit")
@interface Tmp102Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example hall")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The I2C bus, for example i2c1")
  String bus() default "i2c1";

  @AttributeDefinition(name = "Address", description = "Wired by ADD0: 72 to 75", min = "72")
  int address() default 0x48;

  @AttributeDefinition(name = "Interval", description = "Between two reads, milliseconds")
  int interval_ms() default 1000;
}
