package io.selvedge.driver.mcp9808;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "MCP9808 thermometer",
    description = "Microchip, -40 to 125 °C, accurate to a quarter of a degree, on I2C")
@interface Mcp9808Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example cellar")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The I2C bus, for example i2c1")
  String bus() default "i2c1";

  @AttributeDefinition(
      name = "Address",
      description = "Wired by A2, A1, A0: all to GND is 0x18",
      options = {
        @Option(label = "0x18", value = "0x18"),
        @Option(label = "0x19", value = "0x19"),
        @Option(label = "0x1a", value = "0x1a"),
        @Option(label = "0x1b", value = "0x1b"),
        @Option(label = "0x1c", value = "0x1c"),
        @Option(label = "0x1d", value = "0x1d"),
        @Option(label = "0x1e", value = "0x1e"),
        @Option(label = "0x1f", value = "0x1f")
      })
  String address() default "0x18";

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
