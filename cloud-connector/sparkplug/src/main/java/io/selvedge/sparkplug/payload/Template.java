package io.selvedge.sparkplug.payload;

import io.selvedge.sparkplug.payload.FieldNumbers.OfMetric;
import io.selvedge.sparkplug.payload.FieldNumbers.OfParameter;
import io.selvedge.sparkplug.payload.FieldNumbers.OfTemplate;
import java.util.List;
import java.util.Optional;

/**
 * Metrics that belong together, with parameters: what all instances have, or one of them.
 *
 * @param version of the definition
 * @param members the metrics
 * @param parameters what is told beside them
 * @param definition name of the definition of which it is an instance; empty: it is a definition
 */
public record Template(
    String version, List<Metric> members, List<Parameter> parameters, Optional<String> definition) {

  /**
   * One parameter.
   *
   * @param value its value, in a definition its default
   */
  public record Parameter(String name, DataType type, Content value) {}

  public Template {
    members = List.copyOf(members);
    parameters = List.copyOf(parameters);
  }

  /** As the value of a metric. */
  public Content.Nested content() {
    return new Content.Nested(
        OfMetric.TEMPLATE_VALUE,
        PayloadWriter.bytes(
            out -> {
              out.writeString(OfTemplate.VERSION, version);
              for (Metric member : members) {
                out.writeByteArray(
                    OfTemplate.METRICS,
                    PayloadWriter.bytes(inner -> PayloadWriter.writeMetric(inner, member)));
              }
              for (Parameter parameter : parameters) {
                out.writeByteArray(OfTemplate.PARAMETERS, bytes(parameter));
              }
              if (definition.isPresent()) {
                out.writeString(OfTemplate.REFERENCE, definition.get());
              }
              out.writeBool(OfTemplate.IS_DEFINITION, definition.isEmpty());
            }));
  }

  private static byte[] bytes(Parameter parameter) {
    return PayloadWriter.bytes(
        out -> {
          out.writeString(OfParameter.NAME, parameter.name);
          out.writeUInt32(OfParameter.TYPE, parameter.type.number());
          PayloadWriter.writeContent(out, OfParameter.FIRST_VALUE, parameter.value);
        });
  }
}
