package io.selvedge.driver.ds18b20;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "DS18B20 thermometer",
    description = "Analog Devices (Maxim, Dallas), -55 to 125 °C, on 1-Wire")
@interface Ds18b20Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example boiler")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The 1-Wire bus; w1 where there is one alone")
  String bus() default "w1";

  @AttributeDefinition(
      name = "Number",
      description =
          "As the bus lists it, for example 28-0000071cb802; empty where it is " + "the only one",
      required = false)
  String id() default "";

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "1000")
  int interval_ms() default 5000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
