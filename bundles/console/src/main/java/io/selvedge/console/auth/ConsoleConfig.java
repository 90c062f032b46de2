package io.selvedge.console.auth;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of sign-in, as they are configured; see {@link ConsoleSettings}. */
@ObjectClassDefinition(
    name = "Selvedge console",
    description = "Who may reach the console and the REST interface, and for how long.")
@interface ConsoleConfig {

  @AttributeDefinition(
      name = "Names of this gateway",
      description =
          "Host names, besides localhost and plain addresses, under which browsers may open the"
              + " console, for example gw-1.plant.example. Others are refused.")
  String[] hosts() default {};

  @AttributeDefinition(
      name = "Hours until sign-out",
      description = "A session that was not used for this long ends, in hours.",
      type = AttributeType.INTEGER,
      min = "1",
      max = "720")
  String session_hours() default "12";
}
