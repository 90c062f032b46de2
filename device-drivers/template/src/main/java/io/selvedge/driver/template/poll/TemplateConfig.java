package io.selvedge.driver.template.poll;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Thermometer file", description = "Which hardware, and how it is met")
@interface TemplateConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example cabinet")
  String device_id();

  @AttributeDefinition(name = "File", description = "Holds thousandths of a degree")
  String path() default "/sys/class/thermal/thermal_zone0/temp";

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
