package io.selvedge.driver.simulated;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** One simulated room. */
@ObjectClassDefinition(
    name = "Simulated room",
    description = "A room with people, a fan and a heater; needs no hardware")
@interface SimulatedConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example room")
  String device_id();

  @AttributeDefinition(
      name = "Speed",
      description = "1 is real time, 600 ten hours a minute",
      min = "0.001",
      max = "1000000")
  double speed() default 1;

  @AttributeDefinition(
      name = "Start",
      description =
          "Simulated time of the first row, ISO, UTC; empty: now. With a start, or a speed other"
              + " than 1, rows carry the simulated time",
      required = false)
  String start() default "";

  @AttributeDefinition(
      name = "Sample",
      description = "Simulated time between two rows where rows carry it, an ISO duration")
  String sample() default "PT1M";

  @AttributeDefinition(name = "Seed", description = "The same seed makes the same days")
  long seed() default 1;

  @AttributeDefinition(name = "People", description = "Who work in the room", min = "0", max = "50")
  int people() default 2;

  @AttributeDefinition(name = "Outside", description = "Mean temperature outside, °C")
  double outside() default 16;

  @AttributeDefinition(
      name = "Swing",
      description = "From the mean outside to the warmest of the day, K",
      min = "0")
  double swing() default 4;

  @AttributeDefinition(name = "Heater", description = "Its power, W", min = "0")
  double heater_watts() default 1000;

  @AttributeDefinition(
      name = "Fan",
      description = "Air changes an hour that it makes, beyond 0.3 by itself",
      min = "0")
  double fan_air_changes() default 5;

  @AttributeDefinition(
      name = "Fault",
      description = "What is wrong from the start; the channel fault changes it",
      options = {
        @Option(label = "none", value = "none"),
        @Option(label = "silent: does not answer", value = "silent"),
        @Option(label = "stuck: the same values for ever", value = "stuck"),
        @Option(label = "noisy", value = "noisy"),
        @Option(label = "garbage: check sums fail", value = "garbage"),
        @Option(label = "hang: reads do not return", value = "hang")
      })
  String fault() default "none";

  @AttributeDefinition(
      name = "Bus",
      description = "Devices of one bus are read by one thread; empty: a thread of its own",
      required = false)
  String bus() default "";

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "1")
  int interval_ms() default 1000;

  @AttributeDefinition(name = "Deadline", description = "For one read, milliseconds", min = "10")
  int deadline_ms() default 5000;

  String webconsole_configurationFactory_nameHint() default "{device.id}";
}
