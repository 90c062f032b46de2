package io.selvedge.driver.host;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The machine itself. */
@ObjectClassDefinition(
    name = "This machine",
    description = "Load, memory, temperature, disk and network of the machine, on Linux")
@interface HostConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example host")
  String device_id();

  @AttributeDefinition(
      name = "Disk",
      description = "Any folder on the disk that is watched; empty: the gateway's data",
      required = false)
  String disk() default "";

  @AttributeDefinition(
      name = "Network interfaces",
      description = "By commas, for example eth0, wlan0; empty: all that are hardware",
      required = false)
  String network() default "";

  @AttributeDefinition(
      name = "Temperature",
      description =
          "Type of the thermal zone or name of the hwmon chip, for example cpu-thermal, coretemp;"
              + " empty: the processor's",
      required = false)
  String temperature() default "";

  @AttributeDefinition(
      name = "Bus",
      description = "Devices of one bus are read by one thread; empty: a thread of its own",
      required = false)
  String bus() default "";

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "1")
  int interval_ms() default 5000;

  @AttributeDefinition(name = "Deadline", description = "For one read, milliseconds", min = "10")
  int deadline_ms() default 5000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
