package io.selvedge.driver.pca9685;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "PCA9685 pulse width and servo controller",
    description = "NXP, sixteen outputs: dimmed lights, fans, servos, on I2C")
@interface Pca9685Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example servos")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The I2C bus, for example i2c1")
  String bus() default "i2c1";

  @AttributeDefinition(
      name = "Address",
      description = "Wired by A5 to A0: all to GND is 0x40",
      options = {
        @Option(label = "0x40", value = "0x40"),
        @Option(label = "0x41", value = "0x41"),
        @Option(label = "0x42", value = "0x42"),
        @Option(label = "0x43", value = "0x43"),
        @Option(label = "0x44", value = "0x44"),
        @Option(label = "0x45", value = "0x45"),
        @Option(label = "0x46", value = "0x46"),
        @Option(label = "0x47", value = "0x47"),
        @Option(label = "0x48", value = "0x48"),
        @Option(label = "0x49", value = "0x49"),
        @Option(label = "0x4a", value = "0x4a"),
        @Option(label = "0x4b", value = "0x4b"),
        @Option(label = "0x4c", value = "0x4c"),
        @Option(label = "0x4d", value = "0x4d"),
        @Option(label = "0x4e", value = "0x4e"),
        @Option(label = "0x4f", value = "0x4f")
      })
  String address() default "0x40";

  @AttributeDefinition(
      name = "Outputs",
      description = "Written in per cent of the time, 0 to 15 by commas",
      required = false)
  String outputs() default "";

  @AttributeDefinition(
      name = "Servos",
      description = "Written as the length of the pulse in microseconds, 0 to 15 by commas",
      required = false)
  String servos() default "";

  @AttributeDefinition(
      name = "Frequency",
      description = "Of all outputs, Hz; 50 for servos",
      min = "24",
      max = "1526")
  int frequency_hz() default 50;

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
