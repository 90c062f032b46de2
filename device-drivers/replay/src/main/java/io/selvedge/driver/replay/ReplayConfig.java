package io.selvedge.driver.replay;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** One recording that is played as a device. */
@ObjectClassDefinition(
    name = "Recorded data",
    description = "Plays a CSV file as a device, in real or accelerated time")
@interface ReplayConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example office")
  String device_id();

  @AttributeDefinition(
      name = "File",
      description =
          "The CSV file, UTF-8, for example /var/lib/selvedge/office.csv; a relative path counts"
              + " from the instance's conf folder")
  String file();

  @AttributeDefinition(
      name = "Columns",
      description =
          "What to play, separated by commas: column=channel:unit:kind. Kind is decimal (default),"
              + " whole, flag or text, for example Temperature=temperature:Cel,"
              + " Occupancy=occupancy::flag. A column is its name or its number from 1")
  String[] columns();

  @AttributeDefinition(
      name = "Separator",
      description = "Between fields: one character, or one of the words tab, space")
  String separator() default ",";

  @AttributeDefinition(name = "Header", description = "Whether the first line names the columns")
  boolean header() default true;

  @AttributeDefinition(
      name = "Unnamed first column",
      description =
          "Whether data rows begin with a row number that the header leaves out; auto looks at the"
              + " first data row",
      options = {
        @Option(label = "look", value = "auto"),
        @Option(label = "yes", value = "yes"),
        @Option(label = "no", value = "no")
      })
  String unnamed_first_column() default "auto";

  @AttributeDefinition(
      name = "Time column",
      description = "Its name or its number from 1; empty where the file has no times",
      required = false)
  String time_column() default "";

  @AttributeDefinition(
      name = "Time format",
      description =
          "iso, epoch-s, epoch-ms, or a pattern of Java's DateTimeFormatter such as yyyy-MM-dd"
              + " HH:mm:ss")
  String time_format() default "iso";

  @AttributeDefinition(
      name = "Time zone",
      description = "Of times that do not name one, for example UTC or Europe/Berlin")
  String time_zone() default "UTC";

  @AttributeDefinition(
      name = "Start time",
      description = "Time of the first row where the file has none, ISO, UTC")
  String time_start() default "2000-01-01T00:00:00Z";

  @AttributeDefinition(
      name = "Time step",
      description = "Time between two rows where the file has none, an ISO duration")
  String time_step() default "PT1S";

  @AttributeDefinition(
      name = "Speed",
      description = "1 is real time, 600 ten hours a minute, 0 as fast as it is read",
      min = "0")
  double speed() default 1;

  @AttributeDefinition(
      name = "Rows per read",
      description = "At most so many rows are played at one read",
      min = "1",
      max = "5000")
  int rows_per_read() default 200;

  @AttributeDefinition(name = "Skip", description = "So many data rows are left out", min = "0")
  long skip() default 0;

  @AttributeDefinition(name = "Loop", description = "Whether it begins anew after its end")
  boolean loop() default false;

  @AttributeDefinition(
      name = "Bus",
      description = "Devices of one bus are read by one thread; empty: a thread of its own",
      required = false)
  String bus() default "";

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "1")
  int interval_ms() default 100;

  @AttributeDefinition(name = "Deadline", description = "For one read, milliseconds", min = "10")
  int deadline_ms() default 5000;

  String webconsole_configurationFactory_nameHint() default "{device.id}: {file}";
}
