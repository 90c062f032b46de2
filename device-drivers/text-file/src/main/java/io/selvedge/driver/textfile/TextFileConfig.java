package io.selvedge.driver.textfile;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Number in a file",
    description =
        "Any file that holds one number or one word: a sysfs file, or what a " + "script writes")
@interface TextFileConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example script")
  String device_id();

  @AttributeDefinition(
      name = "Bus",
      description = "Devices of one bus are read by one thread; empty: a thread of its own",
      required = false)
  String bus() default "";

  @AttributeDefinition(name = "File", description = "Its path, for example /run/script/value")
  String path() default "";

  @AttributeDefinition(
      name = "Unit",
      description = "Of the number, in UCUM, for example Cel; 1 for none")
  String unit() default "1";

  @AttributeDefinition(
      name = "Factor",
      description = "By which the number is multiplied, for example 0.001")
  double factor() default 1;

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
