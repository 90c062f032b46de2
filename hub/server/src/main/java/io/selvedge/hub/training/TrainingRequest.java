package io.selvedge.hub.training;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.device.ChannelAddress;
import io.selvedge.protocol.feature.FeatureSpec;
import io.selvedge.protocol.json.Fields;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What to train and on what.
 *
 * @param model the model's name
 * @param gateway whose measurements
 * @param inputs channels by the names that features know them by
 * @param label channel whose value is the index of the class
 * @param outputs names of the classes, at least two
 * @param features the model's columns
 * @param from first measurement, included; empty: from the beginning
 * @param to last measurement, excluded; empty: to the end
 * @param network {@code logistic} or {@code mlp}
 * @param epochs most passes over the rows
 * @param seed makes it repeatable
 */
public record TrainingRequest(
    String model,
    String gateway,
    Map<String, ChannelAddress> inputs,
    ChannelAddress label,
    List<String> outputs,
    List<FeatureSpec> features,
    Optional<Instant> from,
    Optional<Instant> to,
    String network,
    int epochs,
    long seed) {

  /** Name of the label among the exported rows; no input may have it. */
  public static final String LABEL = "label";

  private static final Set<String> NETWORKS = Set.of("logistic", "mlp");
  private static final int MOST_EPOCHS = 10_000;
  private static final int MOST_FEATURES = 1000;

  public TrainingRequest {
    inputs = Map.copyOf(inputs);
    outputs = List.copyOf(outputs);
    features = List.copyOf(features);
  }

  /**
   * Reads the body of a request.
   *
   * @throws IllegalArgumentException what is wrong with it
   */
  public static TrainingRequest parse(Fields body) {
    String model = body.text("model");
    // The registry's rule, said before the work and not after it.
    Artifact.File any = new Artifact.File("model.onnx", "0".repeat(64), 0);
    Artifact unused = new Artifact(Artifact.Kind.MODEL, model, "1", List.of(any));
    Map<String, ChannelAddress> inputs = inputs(body);
    List<FeatureSpec> features =
        body.objects("features").stream().map(f -> feature(f, inputs)).toList();
    List<String> outputs = body.texts("outputs");
    if (outputs.size() < 2) {
      throw new IllegalArgumentException("outputs " + outputs + " must name at least two classes");
    }
    if (features.size() > MOST_FEATURES) {
      throw new IllegalArgumentException(
          "features: [" + features.size() + "] must be at most " + MOST_FEATURES);
    }
    String network = body.textOr("network", "logistic");
    if (!NETWORKS.contains(network)) {
      throw new IllegalArgumentException("network [" + network + "] must be logistic or mlp");
    }
    return new TrainingRequest(
        unused.name(),
        body.text("gateway"),
        inputs,
        ChannelAddress.parse(body.text(LABEL)),
        outputs,
        features,
        time(body, "from"),
        time(body, "to"),
        network,
        body.has("epochs") ? (int) body.whole("epochs", 1, MOST_EPOCHS) : 60,
        body.has("seed") ? body.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE) : 1);
  }

  private static Map<String, ChannelAddress> inputs(Fields body) {
    Map<String, ChannelAddress> inputs = new LinkedHashMap<>();
    Fields given = body.object("inputs");
    body.raw("inputs")
        .fieldNames()
        .forEachRemaining(name -> inputs.put(name, ChannelAddress.parse(given.text(name))));
    if (inputs.isEmpty() || inputs.containsKey(LABEL)) {
      throw new IllegalArgumentException(
          "inputs "
              + inputs.keySet()
              + " must name at least one channel, for example {\"temperature\":"
              + " \"office/temperature\"}, and none may be called label");
    }
    return inputs;
  }

  private static FeatureSpec feature(Fields json, Map<String, ChannelAddress> inputs) {
    FeatureSpec feature =
        FeatureSpec.parse(
            json.text("name"),
            json.has("of") ? json.text("of") : null,
            json.text("op"),
            json.has("window") ? json.text("window") : null);
    feature
        .of()
        .filter(of -> !inputs.containsKey(of))
        .ifPresent(
            of -> {
              throw new IllegalArgumentException(
                  "feature ["
                      + feature.name()
                      + "]: of ["
                      + of
                      + "] must be one of the inputs "
                      + inputs.keySet());
            });
    return feature;
  }

  private static Optional<Instant> time(Fields body, String name) {
    return body.has(name) ? Optional.of(body.instant(name)) : Optional.empty();
  }
}
