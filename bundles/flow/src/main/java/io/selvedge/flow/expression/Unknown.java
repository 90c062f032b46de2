package io.selvedge.flow.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelSelect;
import dev.cel.common.ast.CelExprVisitor;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Finds {@code map.name} and {@code map["name"]} whose name the flow does not declare. */
final class Unknown extends CelExprVisitor {

  private static final String INDEX = "_[_]";

  private final Names names;
  private final Set<String> problems = new LinkedHashSet<>();

  Unknown(Names names) {
    this.names = names;
  }

  Set<String> of(CelAbstractSyntaxTree ast) {
    visit(ast);
    return problems;
  }

  @Override
  protected void visit(CelExpr expression, CelSelect select) {
    identifier(select.operand())
        .flatMap(map -> names.problem(map, select.field()))
        .ifPresent(problems::add);
    super.visit(expression, select);
  }

  @Override
  protected void visit(CelExpr expression, CelCall call) {
    if (call.function().equals(INDEX) && call.args().size() == 2) {
      identifier(call.args().get(0))
          .flatMap(map -> text(call.args().get(1)).flatMap(name -> names.problem(map, name)))
          .ifPresent(problems::add);
    }
    super.visit(expression, call);
  }

  private static Optional<String> identifier(CelExpr expression) {
    return expression.getKind() == CelExpr.ExprKind.Kind.IDENT
        ? Optional.of(expression.ident().name())
        : Optional.empty();
  }

  private static Optional<String> text(CelExpr expression) {
    return expression.getKind() == CelExpr.ExprKind.Kind.CONSTANT
            && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
        ? Optional.of(expression.constant().stringValue())
        : Optional.empty();
  }
}
