package io.selvedge.driver.pcf8574;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "PCF8574 input and output expander",
    description = "Eight lines that are inputs or outputs, on I2C; relay boards, key pads")
@interface Pcf8574Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example relays")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The I2C bus, for example i2c1")
  String bus() default "i2c1";

  @AttributeDefinition(
      name = "Address",
      description = "Wired by A2, A1, A0: PCF8574 from 0x20, PCF8574A from 0x38",
      options = {
        @Option(label = "0x20", value = "0x20"),
        @Option(label = "0x21", value = "0x21"),
        @Option(label = "0x22", value = "0x22"),
        @Option(label = "0x23", value = "0x23"),
        @Option(label = "0x24", value = "0x24"),
        @Option(label = "0x25", value = "0x25"),
        @Option(label = "0x26", value = "0x26"),
        @Option(label = "0x27", value = "0x27"),
        @Option(label = "0x38", value = "0x38"),
        @Option(label = "0x39", value = "0x39"),
        @Option(label = "0x3a", value = "0x3a"),
        @Option(label = "0x3b", value = "0x3b"),
        @Option(label = "0x3c", value = "0x3c"),
        @Option(label = "0x3d", value = "0x3d"),
        @Option(label = "0x3e", value = "0x3e"),
        @Option(label = "0x3f", value = "0x3f")
      })
  String address() default "0x20";

  @AttributeDefinition(
      name = "Outputs",
      description = "Lines that are driven, 0 to 7 by commas; the others are inputs",
      required = false)
  String outputs() default "";

  @AttributeDefinition(
      name = "Active low",
      description = "On means low, as on most relay boards; for outputs")
  boolean active_low() default false;

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
