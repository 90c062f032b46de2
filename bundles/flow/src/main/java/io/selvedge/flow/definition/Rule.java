package io.selvedge.flow.definition;

import io.selvedge.flow.expression.Expression;
import java.util.List;

/**
 * What is done while a condition is true.
 *
 * @param name unique in its flow
 * @param when true or false
 * @param actions done in order
 */
public record Rule(String name, Expression when, List<Action> actions) {

  public Rule {
    actions = List.copyOf(actions);
  }
}
