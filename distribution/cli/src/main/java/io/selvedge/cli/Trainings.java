package io.selvedge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/**
 * Asks for a model that fits the shipped flow: its inputs and its features, as the flow has them.
 */
final class Trainings {

  static final String LABEL_INPUT = "occupancy";

  private Trainings() {}

  static ObjectNode request(Path source, String model, String gateway, Instant from, Instant to)
      throws IOException {
    Path file = Layout.shippedConfiguration(source).resolve("flows/office.flow.yaml");
    JsonNode flow = new YAMLMapper().readTree(file.toFile());
    ObjectNode request =
        Api.object()
            .put("model", model)
            .put("gateway", gateway)
            .put("from", from.toString())
            .put("to", to.toString())
            .put("network", "logistic")
            .put("epochs", 60)
            .put("seed", 1);
    ObjectNode inputs = request.putObject("inputs");
    for (Map.Entry<String, JsonNode> input : flow.path("inputs").properties()) {
      if (input.getKey().equals(LABEL_INPUT)) {
        request.set("label", input.getValue());
      } else {
        inputs.set(input.getKey(), input.getValue());
      }
    }
    request.putArray("outputs").add("empty").add("occupied");
    request.set("features", flow.path("features"));
    return request;
  }
}
