package io.selvedge.flow.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.event.Event;
import io.selvedge.flow.expression.Expression;
import io.selvedge.flow.expression.ExpressionException;
import io.selvedge.flow.expression.Expressions;
import io.selvedge.flow.expression.Names;
import io.selvedge.flow.expression.Template;
import io.selvedge.protocol.feature.FeatureSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a definition of a document, and notes all that is wrong with it beyond its form. Where the
 * form is broken too it goes on as far as it can, so that all is named at once. Used once.
 */
final class Compilation {

  private final JsonNode document;
  private final Expressions expressions;
  private final List<Problem> problems = new ArrayList<>();

  Compilation(JsonNode document, Expressions expressions) {
    this.document = document;
    this.expressions = expressions;
  }

  List<Problem> problems() {
    return problems;
  }

  /** The definition; not to be used where there are problems. */
  FlowDefinition run() {
    Map<String, ChannelAddress> inputs = inputs(document.path("inputs"));
    Set<String> inputNames = new LinkedHashSet<>();
    document.path("inputs").fieldNames().forEachRemaining(inputNames::add);
    List<FeatureSpec> features = features(document.path("features"), inputNames);
    Optional<String> model = text(document, "model");
    if (model.isPresent() && document.path("features").isEmpty()) {
      problem("$.model", "[" + model.get() + "] needs features to look at; add them to [features]");
    }
    Names names = new Names(inputNames, declared(document.path("features")), model.isPresent());
    return new FlowDefinition(
        document.path("flow").asText(),
        document.path("version").asText(),
        document.path("description").asText(),
        inputs,
        features,
        model,
        rules(document.path("rules"), names),
        new UploadCompilation(document.path("upload"), names, problems).run());
  }

  private Map<String, ChannelAddress> inputs(JsonNode node) {
    Map<String, ChannelAddress> inputs = new LinkedHashMap<>();
    Map<ChannelAddress, String> seen = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String input = entry.getKey();
      String path = "$.inputs." + input;
      Optional<ChannelAddress> address =
          tried(path, () -> ChannelAddress.parse(entry.getValue().asText()));
      if (address.isEmpty()) {
        continue;
      }
      if (seen.containsKey(address.get())) {
        problem(
            path,
            "["
                + address.get()
                + "] is input ["
                + seen.get(address.get())
                + "] already; use that one");
      }
      seen.put(address.get(), input);
      inputs.put(input, address.get());
    }
    return inputs;
  }

  private List<FeatureSpec> features(JsonNode nodes, Set<String> inputs) {
    List<FeatureSpec> features = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      JsonNode node = nodes.path(i);
      String path = "$.features[" + i + "]";
      String name = node.path("name").asText();
      if (!names.add(name)) {
        problem(path + ".name", "[" + name + "] is a feature already; give each its own name");
      }
      Optional<String> of = text(node, "of");
      if (of.isPresent() && !inputs.contains(of.get())) {
        problem(
            path + ".of",
            "[" + of.get() + "] is not an input; inputs are " + inputs.stream().sorted().toList());
      }
      try {
        features.add(
            FeatureSpec.parse(
                name,
                of.orElse(null),
                node.path("op").asText(),
                text(node, "window").orElse(null)));
      } catch (IllegalArgumentException e) {
        problem(path, String.valueOf(e.getMessage()));
      }
    }
    return features;
  }

  /** Names of all features, also of those that are wrong, so that one fault is named once. */
  private static Set<String> declared(JsonNode nodes) {
    Set<String> names = new LinkedHashSet<>();
    nodes.forEach(node -> names.add(node.path("name").asText()));
    return names;
  }

  private List<Rule> rules(JsonNode nodes, Names names) {
    List<Rule> rules = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      JsonNode node = nodes.path(i);
      String path = "$.rules[" + i + "]";
      String name = node.path("name").asText();
      if (!seen.add(name)) {
        problem(path + ".name", "[" + name + "] is a rule already; give each its own name");
      }
      Optional<Expression> when =
          tried(path + ".when", () -> expressions.condition(node.path("when").asText(), names));
      List<Action> actions = new ArrayList<>();
      for (int j = 0; j < node.path("do").size(); j++) {
        action(node.path("do").path(j), path + ".do[" + j + "]", names).ifPresent(actions::add);
      }
      when.ifPresent(condition -> rules.add(new Rule(name, condition, actions)));
    }
    return rules;
  }

  private Optional<Action> action(JsonNode node, String path, Names names) {
    if (node.has("command")) {
      Optional<ChannelAddress> target =
          tried(path + ".command", () -> ChannelAddress.parse(node.path("command").asText()));
      Optional<Expression> value = value(node.path("value"), path + ".value", names);
      return target.flatMap(t -> value.map(v -> new Action.Command(t, v)));
    }
    if (node.has("alarm")) {
      Optional<Event.Severity> severity =
          tried(
              path + ".alarm",
              () -> Event.Severity.valueOf(node.path("alarm").asText().toUpperCase(Locale.ROOT)));
      Optional<Template> text =
          tried(
              path + ".text",
              () -> Template.compile(node.path("text").asText(), expressions, names));
      return severity.flatMap(s -> text.map(t -> new Action.Alarm(s, t)));
    }
    Map<String, Expression> metrics = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.path("metrics").properties()) {
      value(entry.getValue(), path + ".metrics." + entry.getKey(), names)
          .ifPresent(value -> metrics.put(entry.getKey(), value));
    }
    return Optional.of(new Action.Publish(node.path("publish").asText(), metrics));
  }

  private Optional<Expression> value(JsonNode node, String path, Names names) {
    return tried(path, () -> expressions.value(node.asText(), names));
  }

  /** Something that compiles, or says why not. */
  private interface Compiled<T> {
    T get() throws ExpressionException;
  }

  private <T> Optional<T> tried(String path, Compiled<T> compiled) {
    try {
      return Optional.of(compiled.get());
    } catch (ExpressionException | IllegalArgumentException e) {
      problem(path, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<String> text(JsonNode node, String field) {
    return node.has(field) ? Optional.of(node.path(field).asText()) : Optional.empty();
  }

  private void problem(String path, String message) {
    problems.add(new Problem(path, message));
  }
}
