package io.selvedge.flow.run;

import io.selvedge.api.device.Value;
import io.selvedge.api.event.Event;
import io.selvedge.api.uplink.Message;
import io.selvedge.flow.definition.Action;
import io.selvedge.flow.definition.FlowDefinition;
import io.selvedge.flow.definition.Rule;
import io.selvedge.flow.expression.Expression;
import io.selvedge.flow.expression.ExpressionException;
import io.selvedge.flow.expression.Scope;
import io.selvedge.flow.ledger.Book;
import io.selvedge.flow.ledger.Stream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One rule of a running flow: whether it held, and what it does. One thread. */
final class RuleRun {

  /** Alarms go before everything else that a flow sends. */
  private static final int ALARM_PRIORITY = 1;

  private final String source;
  private final List<String> to;
  private final Rule rule;
  private final Surroundings around;
  private final Outlet outlet;
  private boolean held;
  private boolean failing;

  RuleRun(FlowDefinition flow, Rule rule, Surroundings around, Outlet outlet) {
    this.source = "flow/" + flow.name();
    this.to = flow.upload().to();
    this.rule = rule;
    this.around = around;
    this.outlet = outlet;
  }

  String name() {
    return rule.name();
  }

  /** Whether it holds now. A condition without a result does not hold, and is reported once. */
  boolean holds(Scope scope) {
    try {
      boolean holds = rule.when().holds(scope);
      if (!holds) {
        held = false;
        failing = false;
      }
      return holds;
    } catch (ExpressionException e) {
      held = false;
      fails(e);
      return false;
    }
  }

  /** Does what it says; commands are only noted. Called where it holds. */
  void act(Scope scope, Instant time, Commands commands) {
    boolean begins = !held;
    held = true;
    boolean fine = true;
    for (Action action : rule.actions()) {
      try {
        act(action, scope, time, commands, begins);
      } catch (ExpressionException e) {
        fine = false;
        fails(e);
      }
    }
    if (fine) {
      failing = false;
    }
  }

  private void act(Action action, Scope scope, Instant time, Commands commands, boolean begins)
      throws ExpressionException {
    if (action instanceof Action.Command command) {
      commands.want(command.target(), command.value().value(scope));
    } else if (action instanceof Action.Alarm alarm) {
      if (begins) {
        raise(alarm, scope, time);
      }
    } else if (action instanceof Action.Publish publish) {
      publish(publish, scope, time);
    }
  }

  private void raise(Action.Alarm alarm, Scope scope, Instant time) {
    String text = alarm.text().text(scope);
    around.events().report(alarm.severity(), source, "alarm", text);
    send(
        Stream.EVENTS,
        new Message(
            "EVENT-V1",
            "alarm",
            time,
            Map.of(
                "severity", Value.of(alarm.severity().name()),
                "source", Value.of(source),
                "code", Value.of("alarm"),
                "message", Value.of(text)),
            new byte[0],
            ALARM_PRIORITY,
            Duration.ZERO));
  }

  private void publish(Action.Publish publish, Scope scope, Instant time)
      throws ExpressionException {
    Map<String, Value> metrics = new HashMap<>();
    for (Map.Entry<String, Expression> metric : publish.metrics().entrySet()) {
      metrics.put(metric.getKey(), metric.getValue().value(scope));
    }
    send(Stream.PUBLISHED, Message.of("FLOW-V1", publish.resource(), time, metrics));
  }

  private void send(Stream stream, Message message) {
    outlet.book().sent(stream, Book.day(message.time().toEpochMilli()));
    outlet.send(message, stream, to);
  }

  private void fails(ExpressionException problem) {
    if (!failing) {
      failing = true;
      around
          .events()
          .report(
              Event.Severity.WARNING,
              source,
              "flow.rule_without_result",
              "rule ["
                  + rule.name()
                  + "]: "
                  + problem.getMessage()
                  + ". It is left out while this lasts; test with has(…) for what may be missing");
    }
  }
}
