package io.selvedge.flow.definition;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;

/** Says in our words what a document breaks: the value, the rule, an example. */
final class SchemaProblem {

  private static final int MOST_CHARACTERS = 80;

  private SchemaProblem() {}

  static Problem of(ValidationMessage message, JsonNode schema) {
    JsonNode rule = message.getSchemaNode();
    JsonNode around = around(message, schema);
    String text =
        switch (message.getType()) {
          case "required" -> "[" + message.getProperty() + "] is missing; it is required, add it";
          case "additionalProperties" ->
              "["
                  + message.getProperty()
                  + "] is not known here; known are "
                  + names(around.path("properties"))
                  + ": take it out or mend its name";
          case "propertyNames" ->
              "["
                  + message.getProperty()
                  + "] is not a name: lower_snake_case, at most 64 characters, for example"
                  + " [temperature_10m]";
          default ->
              "["
                  + display(message.getInstanceNode())
                  + "] "
                  + broken(message, rule)
                  + described(around);
        };
    return new Problem(message.getInstanceLocation().toString(), text);
  }

  private static String broken(ValidationMessage message, JsonNode rule) {
    return switch (message.getType()) {
      case "dependentRequired" -> "is not complete.";
      case "minProperties" -> "must have at least " + entries(rule) + ".";
      case "maxProperties" -> "must have at most " + entries(rule) + ".";
      case "type" -> "must be of type " + types(rule) + ".";
      case "enum" -> "must be one of " + values(rule) + ".";
      case "const" -> "must be [" + rule.asText() + "].";
      case "pattern" -> "does not have the right form.";
      case "minimum" -> "must not be less than " + rule.asText() + ".";
      case "maximum" -> "must not be more than " + rule.asText() + ".";
      case "exclusiveMinimum" -> "must be more than " + rule.asText() + ".";
      case "minLength" -> "must not be empty.";
      case "maxLength" -> "must not be longer than " + rule.asText() + " characters.";
      default -> "is wrong: " + message.getMessage() + ".";
    };
  }

  /** The part of the schema that holds the keyword. */
  private static JsonNode around(ValidationMessage message, JsonNode schema) {
    JsonPointer at = JsonPointer.compile(message.getSchemaLocation().getFragment().toString());
    JsonPointer head = at.head();
    return head == null ? schema : schema.at(head);
  }

  private static String described(JsonNode schema) {
    StringBuilder text = new StringBuilder();
    String description = schema.path("description").asText();
    if (!description.isEmpty()) {
      text.append(' ').append(description);
    }
    JsonNode examples = schema.path("examples");
    if (!examples.isEmpty()) {
      text.append(" For example [").append(display(examples.get(0))).append("].");
    }
    return text.toString();
  }

  private static String display(JsonNode node) {
    String text = node.isTextual() ? node.asText() : node.toString();
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
  }

  private static String entries(JsonNode rule) {
    return rule.asText() + (rule.asInt() == 1 ? " entry" : " entries");
  }

  private static String types(JsonNode rule) {
    List<String> types = new ArrayList<>();
    if (rule.isArray()) {
      rule.forEach(type -> types.add(type.asText()));
    } else {
      types.add(rule.asText());
    }
    return String.join(" or ", types);
  }

  private static String values(JsonNode rule) {
    List<String> values = new ArrayList<>();
    rule.forEach(value -> values.add(value.asText()));
    return String.join(", ", values);
  }

  private static String names(JsonNode properties) {
    List<String> names = new ArrayList<>();
    properties.fieldNames().forEachRemaining(names::add);
    return String.join(", ", names);
  }
}
