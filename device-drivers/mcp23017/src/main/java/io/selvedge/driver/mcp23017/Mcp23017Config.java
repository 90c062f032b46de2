package io.selvedge.driver.mcp23017;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "MCP23017 input and output expander",
    description = "Microchip, sixteen lines that are inputs or outputs, on I2C")
@interface Mcp23017Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example cabinet-io")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The I2C bus, for example i2c1")
  String bus() default "i2c1";

  @AttributeDefinition(
      name = "Address",
      description = "Wired by A2, A1, A0: all to GND is 0x20",
      options = {
        @Option(label = "0x20", value = "0x20"),
        @Option(label = "0x21", value = "0x21"),
        @Option(label = "0x22", value = "0x22"),
        @Option(label = "0x23", value = "0x23"),
        @Option(label = "0x24", value = "0x24"),
        @Option(label = "0x25", value = "0x25"),
        @Option(label = "0x26", value = "0x26"),
        @Option(label = "0x27", value = "0x27")
      })
  String address() default "0x20";

  @AttributeDefinition(
      name = "Outputs",
      description =
          "Lines that are driven, a0 to a7 and b0 to b7 by commas; the others are " + "inputs",
      required = false)
  String outputs() default "";

  @AttributeDefinition(
      name = "Pull-ups",
      description = "Inputs are held high by 100 kilo-ohms where nothing drives them")
  boolean pull_up() default true;

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
