package io.selvedge.driver.template.gpio;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Contact", description = "Which hardware, of which maker, on GPIO")
@interface TemplateConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example door")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The GPIO chip, by its label")
  String bus() default "pinctrl-bcm2711";

  @AttributeDefinition(name = "Line", description = "To the contact, from ground", min = "0")
  int line() default 17;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
