package io.selvedge.bus.pi4j;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Pi4J",
    description = "For drivers written against Pi4J, which names lines and channels by number only")
@interface Pi4jConfig {

  @AttributeDefinition(
      name = "GPIO chip",
      description = "Label of the chip whose lines are meant; empty for a Raspberry Pi's header",
      required = false)
  String gpio_chip() default "";

  @AttributeDefinition(
      name = "PWM chip",
      description = "Name of the chip whose channels are meant; empty for the first",
      required = false)
  String pwm_chip() default "";
}
