package io.selvedge.driver.ads1115;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "ADS1115 analogue to digital converter",
    description = "Texas Instruments, four inputs of 16 bits, on I2C")
@interface Ads1115Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example tank")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The I2C bus, for example i2c1")
  String bus() default "i2c1";

  @AttributeDefinition(
      name = "Address",
      description = "Of the chip on its bus",
      options = {
        @Option(label = "0x48 (ADDR to GND)", value = "0x48"),
        @Option(label = "0x49 (VDD)", value = "0x49"),
        @Option(label = "0x4a (SDA)", value = "0x4a"),
        @Option(label = "0x4b (SCL)", value = "0x4b")
      })
  String address() default "0x48";

  @AttributeDefinition(
      name = "Inputs",
      description = "By commas: 0 to 3 against ground, 0-1, 0-3, 1-3 or 2-3 as differences")
  String inputs() default "0, 1, 2, 3";

  @AttributeDefinition(
      name = "Range",
      description =
          "Volts that are full scale, both ways; an input never takes more than " + "the supply",
      options = {
        @Option(label = "6.144 V", value = "6.144"),
        @Option(label = "4.096 V", value = "4.096"),
        @Option(label = "2.048 V", value = "2.048"),
        @Option(label = "1.024 V", value = "1.024"),
        @Option(label = "0.512 V", value = "0.512"),
        @Option(label = "0.256 V", value = "0.256")
      })
  String range() default "4.096";

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
