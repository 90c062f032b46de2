package io.selvedge.driver.hcsr04;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "HC-SR04 distance sensor",
    description =
        "Ultrasound, 0.02 to 4 m; its echo is 5 V and needs two resistors "
            + "before a Raspberry Pi")
@interface HcSr04Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example tank-level")
  String device_id();

  @AttributeDefinition(
      name = "Bus",
      description = "The GPIO chip by its label; pinctrl-rp1 on a Raspberry Pi 5")
  String bus() default "pinctrl-bcm2711";

  @AttributeDefinition(name = "Trigger", description = "Line to its pin TRIG", min = "0")
  int trigger() default 23;

  @AttributeDefinition(
      name = "Echo",
      description = "Line from its pin ECHO, by two resistors",
      min = "0")
  int echo() default 24;

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "100")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
