package io.selvedge.flow.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Compiles expressions. Thread-safe. */
public final class Expressions {

  private static final Set<CelType> CONDITION = Set.of(SimpleType.BOOL, SimpleType.DYN);

  private static final Set<CelType> VALUE =
      Set.of(SimpleType.BOOL, SimpleType.DOUBLE, SimpleType.INT, SimpleType.STRING, SimpleType.DYN);

  private final CelCompiler compiler;
  private final CelRuntime runtime;

  public Expressions() {
    CelOptions options =
        CelOptions.current()
            // So that [inputs.temperature > 30] means what everybody expects.
            .enableHeterogeneousNumericComparisons(true)
            .comprehensionMaxIterations(1000)
            .build();
    compiler =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(options)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("inputs", MapType.create(SimpleType.STRING, SimpleType.DYN))
            .addVar("features", MapType.create(SimpleType.STRING, SimpleType.DOUBLE))
            .addVar("outputs", MapType.create(SimpleType.STRING, SimpleType.DOUBLE))
            .addVar("model.ready", SimpleType.BOOL)
            .addVar("model.name", SimpleType.STRING)
            .addVar("model.version", SimpleType.STRING)
            .addVar("time", SimpleType.TIMESTAMP)
            .build();
    runtime = CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(options).build();
  }

  /** Compiles what must be true or false. */
  public Expression condition(String source, Names names) throws ExpressionException {
    return compile(source, names, CONDITION, "true or false");
  }

  /** Compiles what must be a number, true or false, or a text. */
  public Expression value(String source, Names names) throws ExpressionException {
    return compile(source, names, VALUE, "a number, true or false, or a text");
  }

  private Expression compile(String source, Names names, Set<CelType> types, String wanted)
      throws ExpressionException {
    CelAbstractSyntaxTree ast;
    try {
      ast = compiler.compile(source).getAst();
    } catch (CelValidationException e) {
      throw new ExpressionException(
          "expression [" + source + "] is not CEL: " + issues(e.getErrors()), e);
    }
    String unknown = String.join("; ", new Unknown(names).of(ast));
    if (!unknown.isEmpty()) {
      throw new ExpressionException("expression [" + source + "]: " + unknown);
    }
    if (!types.contains(ast.getResultType())) {
      throw new ExpressionException(
          "expression ["
              + source
              + "] gives a value of type ["
              + ast.getResultType().name().toLowerCase(Locale.ROOT)
              + "]; it must be "
              + wanted);
    }
    try {
      return new Expression(source, runtime.createProgram(ast));
    } catch (CelEvaluationException e) {
      throw new ExpressionException(
          "expression [" + source + "] cannot be run: " + plain(String.valueOf(e.getMessage())), e);
    }
  }

  private static String issues(List<CelIssue> issues) {
    return issues.stream()
        .map(
            issue ->
                "at column "
                    + (issue.getSourceLocation().getColumn() + 1)
                    + " "
                    + plain(issue.getMessage()))
        .collect(Collectors.joining("; "));
  }

  /** CEL's message without what only says where in a program it was noticed. */
  static String plain(String message) {
    return message
        .replace(" (in container '')", "")
        .replaceFirst("^evaluation error( at [^:]*)?(:[0-9]+)?: ", "");
  }
}
