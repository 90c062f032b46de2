package io.selvedge.flow.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.Value;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.model.ModelRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A decision as docs/protocol.md lays it down. */
final class DecisionJson {

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final List<String> TRACE = List.of("queue", "pre", "edge", "act");

  private DecisionJson() {}

  static byte[] bytes(Decision decision) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      write(decision, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void write(Decision decision, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("flow", decision.flow());
    json.writeStringField("flowVersion", decision.flowVersion());
    json.writeStringField("time", decision.time().toString());
    if (decision.model().isPresent()) {
      ModelRef model = decision.model().get();
      json.writeObjectFieldStart("model");
      json.writeStringField("name", model.name());
      json.writeStringField("version", model.version());
      json.writeStringField("sha256", model.sha256());
      json.writeEndObject();
    }
    numbers("features", decision.features(), json);
    numbers("outputs", decision.outputs(), json);
    json.writeArrayFieldStart("rules");
    for (String rule : decision.rules()) {
      json.writeString(rule);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("commands");
    for (Command command : decision.commands()) {
      json.writeStartObject();
      json.writeStringField("target", command.target().toString());
      value(command.value(), json);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringField("placement", decision.placement().name());
    json.writeObjectFieldStart("traceNanos");
    for (String part : TRACE) {
      json.writeNumberField(part, decision.trace().getOrDefault(part, 0L));
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void numbers(String name, Map<String, Double> numbers, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Double> entry : new TreeMap<>(numbers).entrySet()) {
      json.writeNumberField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  private static void value(Value value, JsonGenerator json) throws IOException {
    if (value instanceof Value.Decimal decimal) {
      json.writeNumberField("value", decimal.value());
    } else if (value instanceof Value.Whole whole) {
      json.writeNumberField("value", whole.value());
    } else if (value instanceof Value.Flag flag) {
      json.writeBooleanField("value", flag.value());
    } else {
      json.writeStringField("value", value.display());
    }
  }
}
