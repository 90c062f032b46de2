package io.selvedge.driver.linuxsensors;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Sensor chip with a kernel driver (hwmon)",
    description =
        "Temperatures, voltages, currents and fans that the kernel reads, as of the tool sensors")
@interface HwmonConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example cabinet")
  String device_id();

  @AttributeDefinition(
      name = "Chip",
      description = "What the chip's file 'name' says, for example lm75, nct6775, coretemp")
  String chip() default "";

  @AttributeDefinition(
      name = "At",
      description = "Where there are several of one name: end of the device's path, as 1-0048",
      required = false)
  String at() default "";

  @AttributeDefinition(
      name = "Inputs",
      description = "Channels by commas, for example temp1, fan1; empty: all that the chip has",
      required = false)
  String inputs() default "";

  @AttributeDefinition(
      name = "Bus",
      description = "Devices of one bus are read by one thread; empty: a thread of its own",
      required = false)
  String bus() default "";

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{chip} {device.id}";
}
