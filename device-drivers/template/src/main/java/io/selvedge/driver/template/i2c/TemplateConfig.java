package io.selvedge.driver.template.i2c;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(name = "Thermometer", description = "Which chips, of which maker, on I2C")
@interface TemplateConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example hall")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The I2C bus, for example i2c1")
  String bus() default "i2c1";

  @AttributeDefinition(
      name = "Address",
      description = "Of the chip on its bus, by its pins",
      options = { // where the console looks for it
        @Option(label = "0x48", value = "0x48"),
        @Option(label = "0x49", value = "0x49")
      })
  String address() default "0x48";

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
