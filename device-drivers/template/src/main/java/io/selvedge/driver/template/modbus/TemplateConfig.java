package io.selvedge.driver.template.modbus;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Weather station", description = "Of which maker, on Modbus")
@interface TemplateConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example roof")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "Host:port, for example 10.0.0.9:502, or a port")
  String bus() default "";

  @AttributeDefinition(name = "Unit", description = "Its address", min = "1", max = "247")
  int unit() default 1;

  @AttributeDefinition(name = "Baud", description = "Of a serial port", min = "1200")
  int baud() default 9600;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
