package io.selvedge.bus.replay;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Recording of buses",
    description = "What goes over I2C, SPI and 1-Wire, in a file: written down, or played again")
@interface RecordingConfig {

  @AttributeDefinition(
      name = "Recording",
      description = "Its name; devices with buses.target = (recording=NAME) are on it")
  String recording() default "tour";

  @AttributeDefinition(name = "File", description = "A whole path")
  String file() default "";

  @AttributeDefinition(
      name = "Record",
      description = "Write down what the machine's buses say, rather than play it")
  boolean record() default false;

  @AttributeDefinition(
      name = "Most",
      description = "KiB of a recording; then no more is written",
      min = "1")
  int most_kib() default 1024;

  String webconsole_configurationFactory_nameHint() default "{recording}";
}
