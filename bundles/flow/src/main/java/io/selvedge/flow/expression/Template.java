package io.selvedge.flow.expression;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A text with expressions in {@code ${…}}. Immutable. */
public final class Template {

  private static final MathContext SIX_DIGITS = new MathContext(6);

  /** Text, and the expression that follows it; the last has none. */
  private record Part(String text, Optional<Expression> expression) {}

  private final String source;
  private final List<Part> parts;

  private Template(String source, List<Part> parts) {
    this.source = source;
    this.parts = List.copyOf(parts);
  }

  /** Compiles the expressions within a text. */
  public static Template compile(String source, Expressions expressions, Names names)
      throws ExpressionException {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    while (true) {
      int begin = source.indexOf("${", from);
      if (begin < 0) {
        parts.add(new Part(source.substring(from), Optional.empty()));
        return new Template(source, parts);
      }
      int end = end(source, begin + 2);
      String inner = source.substring(begin + 2, end);
      parts.add(
          new Part(source.substring(from, begin), Optional.of(expressions.value(inner, names))));
      from = end + 1;
    }
  }

  /** As it was written. */
  public String source() {
    return source;
  }

  /** The text; where an expression has no result, a question mark stands for it. */
  public String text(Scope scope) {
    StringBuilder text = new StringBuilder(source.length() + 16);
    for (Part part : parts) {
      text.append(part.text());
      part.expression().ifPresent(expression -> text.append(result(expression, scope)));
    }
    return text.toString();
  }

  private static String result(Expression expression, Scope scope) {
    try {
      Object result = expression.eval(scope);
      if (result instanceof Double number && Double.isFinite(number)) {
        return rounded(number);
      }
      return String.valueOf(result);
    } catch (ExpressionException e) {
      return "?";
    }
  }

  private static String rounded(double number) {
    BigDecimal six = new BigDecimal(number).round(SIX_DIGITS).stripTrailingZeros();
    boolean handy = number == 0 || (Math.abs(number) >= 1e-4 && Math.abs(number) < 1e9);
    return handy ? six.toPlainString() : six.toString();
  }

  /** Index of the brace that closes the expression, leaving out those in texts and maps of CEL. */
  private static int end(String source, int from) throws ExpressionException {
    int depth = 0;
    char quote = 0;
    for (int i = from; i < source.length(); i++) {
      char c = source.charAt(i);
      if (quote != 0) {
        if (c == '\\') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && depth-- == 0) {
        return i;
      }
    }
    throw new ExpressionException(
        "text [" + source + "] opens ${ but does not close it; add the closing brace }");
  }
}
