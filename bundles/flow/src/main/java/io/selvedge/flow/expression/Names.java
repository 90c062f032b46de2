package io.selvedge.flow.expression;

import java.util.Optional;
import java.util.Set;

/**
 * What the expressions of a flow may look at.
 *
 * @param inputs names of its inputs
 * @param features names of its features
 * @param model whether it names a model; without one there are no outputs
 */
public record Names(Set<String> inputs, Set<String> features, boolean model) {

  public Names {
    inputs = Set.copyOf(inputs);
    features = Set.copyOf(features);
  }

  /** What is wrong with a name in one of the maps; empty where nothing is, or nobody can know. */
  Optional<String> problem(String map, String name) {
    return switch (map) {
      case "inputs" -> known(map, name, inputs);
      case "features" -> known(map, name, features);
      case "outputs" ->
          model
              ? Optional.empty()
              : Optional.of("outputs [" + name + "] needs a model; name one under [model]");
      default -> Optional.empty();
    };
  }

  private static Optional<String> known(String map, String name, Set<String> names) {
    return names.contains(name)
        ? Optional.empty()
        : Optional.of(
            map
                + " ["
                + name
                + "] is not declared; declared are "
                + names.stream().sorted().toList());
  }
}
