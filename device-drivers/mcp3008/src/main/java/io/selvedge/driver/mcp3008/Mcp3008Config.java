package io.selvedge.driver.mcp3008;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "MCP3008, MCP3004 analogue to digital converter",
    description = "Microchip, eight or four inputs of 10 bits, on SPI")
@interface Mcp3008Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example pots")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The SPI bus, for example spi0")
  String bus() default "spi0";

  @AttributeDefinition(
      name = "Chip select",
      description = "Which chip of the bus: 0 for CE0, 1 for CE1",
      min = "0",
      max = "255")
  int chip_select() default 0;

  @AttributeDefinition(name = "Inputs", description = "By commas, 0 to 7 against ground")
  String inputs() default "0, 1, 2, 3, 4, 5, 6, 7";

  @AttributeDefinition(
      name = "Reference",
      description = "Volts at its pin VREF, which are full scale",
      min = "0.25",
      max = "5.5")
  double reference() default 3.3;

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
