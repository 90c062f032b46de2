package io.selvedge.remote.conf;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Configuration from afar (CONF-V1)",
    description = "What happens where a change cuts the gateway off.")
@interface GuardConfig {

  @AttributeDefinition(
      name = "Confirmation",
      description =
          "A change of the connection to the hub is taken back where there is no connection after so"
              + " many seconds. 0: never.",
      min = "0",
      max = "86400")
  int confirm_seconds() default 300;
}
