package io.selvedge.driver.gpio;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "GPIO lines",
    description = "Relays, buttons, motion sensors, pulse counters")
@interface GpioConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example door")
  String device_id();

  @AttributeDefinition(
      name = "Bus",
      description = "The GPIO chip by its label; pinctrl-rp1 on a Raspberry Pi 5")
  String bus() default "pinctrl-bcm2711";

  @AttributeDefinition(
      name = "Lines",
      description =
          "One a channel, separated by ; as: id number what, for example door 17 "
              + "input pull=up active_low debounce=20; relay 27 output; flow 22 counter "
              + "pull=up; what is input, output or counter, debounce in milliseconds")
  String lines() default "";

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
