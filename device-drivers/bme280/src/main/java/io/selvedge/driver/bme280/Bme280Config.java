package io.selvedge.driver.bme280;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "BME280, BMP280 climate sensor",
    description = "Bosch: temperature, air pressure and, BME280 only, humidity, on I2C or SPI")
@interface Bme280Config {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example office")
  String device_id();

  @AttributeDefinition(
      name = "Bus",
      description = "The I2C bus, for example i2c1; by SPI its bus, for example spi0")
  String bus() default "i2c1";

  @AttributeDefinition(
      name = "Connection",
      description = "How the chip is wired; boards with pins CSB and SDO can do both",
      options = {@Option(label = "I2C", value = "i2c"), @Option(label = "SPI", value = "spi")})
  String connection() default "i2c";

  @AttributeDefinition(
      name = "Address",
      description = "Of the chip on its bus, by I2C",
      options = {
        @Option(label = "0x76 (SDO to GND)", value = "0x76"),
        @Option(label = "0x77 (SDO to V+)", value = "0x77")
      })
  String address() default "0x76";

  @AttributeDefinition(
      name = "Chip select",
      description = "By SPI: 0 for CE0, 1 for CE1",
      min = "0",
      max = "255")
  int chip_select() default 0;

  @AttributeDefinition(
      name = "Chip",
      description = "Printed on many boards wrongly; the driver says which one it found",
      options = {
        @Option(label = "BME280, with humidity", value = "bme280"),
        @Option(label = "BMP280, without", value = "bmp280")
      })
  String chip() default "bme280";

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
