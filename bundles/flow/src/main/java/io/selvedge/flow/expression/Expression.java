package io.selvedge.flow.expression;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.selvedge.api.device.Value;

/** A compiled expression. Immutable; a scope belongs to one thread. */
public final class Expression {

  private final String source;
  private final CelRuntime.Program program;

  Expression(String source, CelRuntime.Program program) {
    this.source = source;
    this.program = program;
  }

  /** As it was written. */
  public String source() {
    return source;
  }

  /**
   * True or false.
   *
   * @throws ExpressionException it has no result, for example because an input has no value, or its
   *     result is neither
   */
  public boolean holds(Scope scope) throws ExpressionException {
    Object result = eval(scope);
    if (result instanceof Boolean flag) {
      return flag;
    }
    throw new ExpressionException(
        "expression [" + source + "] gave [" + result + "]; it must be true or false");
  }

  /**
   * A value to send somewhere.
   *
   * @throws ExpressionException it has no result, or one that is no value
   */
  public Value value(Scope scope) throws ExpressionException {
    Object result = eval(scope);
    if (result instanceof Double number) {
      if (!Double.isFinite(number)) {
        throw new ExpressionException(
            "expression [" + source + "] gave [" + number + "]; a value must be finite");
      }
      return Value.of(number.doubleValue());
    }
    if (result instanceof Long whole) {
      return Value.of(whole.longValue());
    }
    if (result instanceof Boolean flag) {
      return Value.of(flag.booleanValue());
    }
    if (result instanceof String text) {
      return Value.of(text);
    }
    throw new ExpressionException(
        "expression ["
            + source
            + "] gave ["
            + result
            + "]; a value must be a number, true or false, or a text");
  }

  /** The result as CEL gives it: Double, Long, Boolean, String, a list, a time … */
  Object eval(Scope scope) throws ExpressionException {
    try {
      return program.eval(scope.resolver());
    } catch (CelEvaluationException e) {
      throw new ExpressionException(
          "expression ["
              + source
              + "] has no result: "
              + Expressions.plain(String.valueOf(e.getMessage())),
          e);
    }
  }
}
