package io.selvedge.remote.command;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Commands of the machine from afar (CMD-V1)",
    description =
        "Off as long as this is not configured. Then Kapua or the hub may run the programs that are"
            + " named here, and nothing else; there is no shell.")
@interface CommandConfig {

  @AttributeDefinition(
      name = "Allowed commands",
      description =
          "Each a program with its whole path and the arguments that it may have; * stands for any"
              + " one argument, ** at the end for any further ones: /usr/bin/uptime,"
              + " /bin/systemctl status *")
  String[] allow() default {};

  @AttributeDefinition(
      name = "Allowed environment",
      description = "Names of environment variables that a request may set.")
  String[] environment() default {};

  @AttributeDefinition(
      name = "Password",
      description = "Requests must carry it as command.password. Empty: they need none.",
      type = AttributeType.PASSWORD)
  String _password() default "";

  @AttributeDefinition(
      name = "Longest time",
      description = "Seconds of a command that runs asynchronously; others get at most five.",
      min = "1",
      max = "3600")
  int longest_seconds() default 60;

  @AttributeDefinition(
      name = "Most output",
      description = "Kibibytes of each of the two outputs; what is beyond is cut off.",
      min = "1",
      max = "1024")
  int output_kib() default 64;
}
