package io.selvedge.sparkplug;

import io.selvedge.api.device.Value;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.DataType;
import io.selvedge.sparkplug.payload.Metric;
import io.selvedge.sparkplug.payload.Template;
import io.selvedge.sparkplug.payload.Template.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Several values of one channel as one. Flows and a thinned-out outbox write it as four names
 * ({@code x.count}, {@code x.max}, {@code x.mean}, {@code x.min}); in a template they are one
 * metric, {@code x.aggregate}.
 *
 * @param channel whose values
 * @param parts by the name of the member
 */
record Aggregate(String channel, Map<String, Value> parts) {

  /** Name of the definition. */
  static final String DEFINITION = "Aggregate";

  static final String SUFFIX = ".aggregate";
  static final List<String> MEMBERS = List.of("count", "max", "mean", "min");

  private static final String VERSION = "1";
  private static final String CHANNEL = "channel";

  Aggregate {
    parts = Map.copyOf(parts);
  }

  private static DataType type(String member) {
    return member.equals("count") ? DataType.INT64 : DataType.DOUBLE;
  }

  /** What all instances have; for the node's birth. */
  static Content.Nested definition(long time) {
    return template("", Map.of(), time, Optional.empty());
  }

  /** Of a channel of which nothing is known. */
  static Content.Nested nothing(String channel, long time) {
    return template(channel, Map.of(), time, Optional.of(DEFINITION));
  }

  Content.Nested instance(long time) {
    return template(channel, parts, time, Optional.of(DEFINITION));
  }

  private static Content.Nested template(
      String channel, Map<String, Value> parts, long time, Optional<String> definition) {
    List<Metric> members = new ArrayList<>();
    for (String name : MEMBERS) {
      DataType type = type(name);
      members.add(
          new Metric(
              Optional.of(name),
              OptionalLong.empty(),
              OptionalLong.of(time),
              OptionalInt.of(type.number()),
              false,
              Map.of(),
              Optional.ofNullable(parts.get(name)).flatMap(value -> Contents.of(value, type))));
    }
    List<Parameter> parameters =
        List.of(new Parameter(CHANNEL, DataType.STRING, new Content.Text(channel)));
    return new Template(VERSION, members, parameters, definition).content();
  }
}
