package io.selvedge.driver.tmp102;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "TMP102, TMP105, LM75 thermometer",
    description = "Texas Instruments TMP102 and those with the same register, on I2C")
@interface Tmp102Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example hall")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The I2C bus, for example i2c1")
  String bus() default "i2c1";

  @AttributeDefinition(
      name = "Address",
      description = "Wired by its pins, TMP102: ADD0 to GND 0x48, V+ 0x49, SDA 0x4a, SCL " + "0x4b",
      options = {
        @Option(label = "0x48", value = "0x48"),
        @Option(label = "0x49", value = "0x49"),
        @Option(label = "0x4a", value = "0x4a"),
        @Option(label = "0x4b", value = "0x4b"),
        @Option(label = "0x4c", value = "0x4c"),
        @Option(label = "0x4d", value = "0x4d"),
        @Option(label = "0x4e", value = "0x4e"),
        @Option(label = "0x4f", value = "0x4f")
      })
  String address() default "0x48";

  @AttributeDefinition(
      name = "Bits",
      description = "How many bits of the register count: 12 for a TMP102, 9 for an LM75",
      min = "9",
      max = "12")
  int bits() default 12;

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
