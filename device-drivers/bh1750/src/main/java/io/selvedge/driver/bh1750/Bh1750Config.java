package io.selvedge.driver.bh1750;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(name = "BH1750 light sensor", description = "ROHM, up to 54611 lx, on I2C")
@interface Bh1750Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example window")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The I2C bus, for example i2c1")
  String bus() default "i2c1";

  @AttributeDefinition(
      name = "Address",
      description = "Of the chip on its bus",
      options = {
        @Option(label = "0x23 (ADDR to GND)", value = "0x23"),
        @Option(label = "0x5c (ADDR to VCC)", value = "0x5c")
      })
  String address() default "0x23";

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
