package io.selvedge.driver.scd4x;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "SCD4x carbon dioxide sensor",
    description = "Sensirion SCD40, SCD41: carbon dioxide, temperature, humidity, on I2C")
@interface Scd4xConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example meeting-room")
  String device_id();

  @AttributeDefinition(name = "Bus", description = "The I2C bus, for example i2c1")
  String bus() default "i2c1";

  @AttributeDefinition(
      name = "Address",
      description = "Always 0x62",
      options = {@Option(label = "0x62", value = "0x62")})
  String address() default "0x62";

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "1000")
  int interval_ms() default 5000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
