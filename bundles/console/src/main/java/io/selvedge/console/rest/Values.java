package io.selvedge.console.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Value;
import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;

/** Values as JSON, both ways. */
final class Values {

  private Values() {}

  /** Puts {@code value}, or {@code missing} with reason and detail where there is none. */
  static void put(ObjectNode into, Value value) {
    value.match(
        decimal -> into.put("value", decimal.value()),
        whole -> into.put("value", whole.value()),
        flag -> into.put("value", flag.value()),
        text -> into.put("value", text.value()),
        missing -> {
          into.putObject("missing")
              .put("reason", missing.reason().name())
              .put("detail", missing.detail());
          return into;
        });
  }

  /**
   * The value of a command.
   *
   * @throws Refusal it does not fit the channel's kind
   */
  static Value read(JsonNode node, Channel channel) throws Refusal {
    return switch (channel.kind()) {
      case DECIMAL -> {
        require(
            node.isNumber() && Double.isFinite(node.doubleValue()),
            node,
            channel,
            "a number, for example 21.5");
        yield Value.of(node.doubleValue());
      }
      case WHOLE -> {
        require(
            node.isIntegralNumber() && node.canConvertToLong(),
            node,
            channel,
            "a whole number, for example 3");
        yield Value.of(node.longValue());
      }
      case FLAG -> {
        require(node.isBoolean(), node, channel, "true or false");
        yield Value.of(node.booleanValue());
      }
      case TEXT -> {
        require(node.isTextual(), node, channel, "a text, for example \"auto\"");
        yield Value.of(node.textValue());
      }
    };
  }

  private static void require(boolean fits, JsonNode node, Channel channel, String rule)
      throws Refusal {
    if (!fits) {
      throw Refusal.badRequest(
          "value.wrong_kind",
          "value ["
              + Json.brief(node.toString())
              + "] does not fit channel ["
              + channel.id()
              + "], which takes "
              + rule);
    }
  }
}
