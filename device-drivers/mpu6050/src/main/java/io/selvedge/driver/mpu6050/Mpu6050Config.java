package io.selvedge.driver.mpu6050;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "MPU6050 motion and vibration sensor",
    description = "InvenSense: acceleration, turn, temperature, and how it vibrates, on I2C")
@interface Mpu6050Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example pump")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The I2C bus, for example i2c1")
  String bus() default "i2c1";

  @AttributeDefinition(
      name = "Address",
      description = "Of the chip on its bus",
      options = {
        @Option(label = "0x68 (AD0 to GND)", value = "0x68"),
        @Option(label = "0x69 (AD0 to VCC)", value = "0x69")
      })
  String address() default "0x68";

  @AttributeDefinition(
      name = "Vibration",
      description = "Measure it at each read: 128 samples of acceleration, 1000 a second")
  boolean vibration() default false;

  @AttributeDefinition(
      name = "Range",
      description = "Largest acceleration; gravity alone is 1 g",
      options = {
        @Option(label = "2 g", value = "2"),
        @Option(label = "4 g", value = "4"),
        @Option(label = "8 g", value = "8"),
        @Option(label = "16 g", value = "16")
      })
  int range_g() default 2;

  @AttributeDefinition(
      name = "Bands",
      description = "Of vibration, in Hz by commas, for example 10-50, 50-150, 150-260")
  String bands() default "10-50, 50-150, 150-260";

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
