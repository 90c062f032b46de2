package io.selvedge.driver.template.spi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Thermocouple", description = "Which chips, of which maker, on SPI")
@interface TemplateConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example kiln")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The SPI bus, for example spi0")
  String bus() default "spi0";

  @AttributeDefinition(name = "Chip select", description = "0 for CE0, 1 for CE1", min = "0")
  int chip_select() default 0;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
