package io.selvedge.flow.definition;

import java.util.List;
import java.util.stream.Collectors;

/** A flow is refused. The message lists all that is wrong with it. */
public final class FlowException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  /**
   * @param source what was read: a file's name
   * @param problems at least one
   */
  public FlowException(String source, List<Problem> problems) {
    super(message(source, problems));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }

  private static String message(String source, List<Problem> problems) {
    String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
    return "flow file ["
        + source
        + "] is refused, "
        + count
        + ": "
        + problems.stream().map(Problem::toString).collect(Collectors.joining(" | "));
  }
}
