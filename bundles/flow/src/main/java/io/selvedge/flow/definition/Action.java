package io.selvedge.flow.definition;

import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.event.Event;
import io.selvedge.flow.expression.Expression;
import io.selvedge.flow.expression.Template;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a rule does. */
public sealed interface Action {

  /** Writes a channel. */
  record Command(ChannelAddress target, Expression value) implements Action {}

  /** Tells the operator, here and at the hub. */
  record Alarm(Event.Severity severity, Template text) implements Action {}

  /** Sends a message of its own to the hub. */
  record Publish(String resource, Map<String, Expression> metrics) implements Action {

    public Publish {
      metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
  }
}
