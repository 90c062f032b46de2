package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.selvedge.sparkplug.Packet.Publish;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.DataType;
import io.selvedge.sparkplug.payload.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Chapters 6.4.14 and 6.4.20 and on: data sets and templates. */
final class ComplexRules {

  private static final int DATA_SET = 17;
  private static final int TEMPLATE = 18;

  /** Of both kinds of values: 32 and 64 bits, float, double, boolean, text. */
  private static final int KINDS = 6;

  private static final Set<DataType> BASIC =
      Set.of(DataType.INT64, DataType.DOUBLE, DataType.BOOLEAN, DataType.STRING);

  /** One field of a message, as it lies there. */
  private record Field(int number, int wire, byte[] bytes, long value) {

    boolean isText(int which) {
      return number == which && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    boolean isNumber(int which) {
      return number == which && wire == WireFormat.WIRETYPE_VARINT;
    }

    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** A template of a message. */
  private record Found(Publish in, Metric metric, List<Field> fields) {

    boolean isDefinition() {
      return numbers(fields, 5).get(0) == 1;
    }

    List<String> reference() {
      return texts(fields, 4);
    }

    /** A template's metrics have the number of a payload's. */
    List<Metric> members() {
      return Packet.parsed(((Content.Nested) metric.content().orElseThrow()).message()).metrics();
    }

    List<String> memberNames() {
      return members().stream().map(member -> member.name().orElseThrow()).toList();
    }

    List<List<Field>> parameters() {
      return fields.stream().filter(one -> one.isText(3)).map(one -> read(one.bytes)).toList();
    }
  }

  private ComplexRules() {}

  private static List<Field> read(byte[] bytes) {
    List<Field> fields = new ArrayList<>();
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        int number = WireFormat.getTagFieldNumber(tag);
        int wire = WireFormat.getTagWireType(tag);
        if (wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          fields.add(new Field(number, wire, in.readByteArray(), 0));
        } else if (wire == WireFormat.WIRETYPE_VARINT) {
          fields.add(new Field(number, wire, new byte[0], in.readUInt64()));
        } else {
          in.skipField(tag);
          fields.add(new Field(number, wire, new byte[0], 0));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return fields;
  }

  private static List<Long> numbers(List<Field> fields, int which) {
    return fields.stream().filter(one -> one.isNumber(which)).map(Field::value).toList();
  }

  private static List<String> texts(List<Field> fields, int which) {
    return fields.stream().filter(one -> one.isText(which)).map(Field::text).toList();
  }

  private static List<Found> found(Trace trace, int field, String... types) {
    List<Found> all = new ArrayList<>();
    for (String type : types) {
      for (Publish one : trace.published(type)) {
        for (Metric metric : one.parsed().metrics()) {
          if (metric.content().orElse(new Content.Bool(false)) instanceof Content.Nested nested
              && nested.field() == field) {
            all.add(new Found(one, metric, read(nested.message())));
          }
        }
      }
    }
    return all;
  }

  static Rules of(Trace trace) {
    Rules rules = new Rules();
    dataSets(rules, found(trace, DATA_SET, "NBIRTH", "NDATA", "DBIRTH", "DDATA"));
    List<Found> all = found(trace, TEMPLATE, "NBIRTH", "NDATA", "DBIRTH", "DDATA");
    List<Found> definitions = all.stream().filter(Found::isDefinition).toList();
    List<Found> instances = all.stream().filter(one -> !one.isDefinition()).toList();
    definitions(rules, trace, definitions, instances);
    instances(rules, definitions.get(0), instances);
    parameters(rules, all);
    rules
        .add(
            "payloads-template-is-definition",
            () -> assertThat(all).allMatch(one -> numbers(one.fields, 5).size() == 1))
        .add(
            "payloads-template-version",
            () ->
                assertThat(all)
                    .allMatch(one -> texts(one.fields, 1).equals(List.of("1")))
                    .noneMatch(one -> one.fields.get(0).isNumber(1)));
    return rules;
  }

  private static void dataSets(Rules rules, List<Found> sets) {
    rules
        .add(
            "payloads-dataset-column-size",
            () -> assertThat(sets).hasSizeGreaterThan(2).allMatch(one -> columns(one) > 0))
        .add(
            "payloads-dataset-column-num-headers",
            () ->
                assertThat(sets)
                    .allMatch(one -> texts(one.fields, 2).size() == columns(one))
                    .anyMatch(one -> texts(one.fields, 2).equals(List.of("hall", "on", "n", "x"))))
        .add(
            "payloads-dataset-types-def payloads-dataset-types-type"
                + " payloads-dataset-parameter-type-req",
            () -> assertThat(sets).allMatch(one -> !numbers(one.fields, 3).isEmpty()))
        .add(
            "payloads-dataset-types-num",
            () -> assertThat(sets).allMatch(one -> numbers(one.fields, 3).size() == columns(one)))
        .add(
            "payloads-dataset-types-value",
            () ->
                assertThat(sets)
                    .flatMap(one -> numbers(one.fields, 3))
                    .allMatch(number -> BASIC.contains(type(number))))
        .add(
            "payloads-template-dataset-value",
            () ->
                assertThat(sets)
                    .allSatisfy(
                        one -> {
                          List<List<Field>> rows =
                              one.fields.stream()
                                  .filter(field -> field.isText(4))
                                  .map(field -> read(field.bytes))
                                  .toList();
                          assertThat(rows).isNotEmpty();
                          assertThat(rows).allMatch(row -> row.size() == columns(one));
                          assertThat(rows.stream().flatMap(List::stream))
                              .allSatisfy(
                                  value ->
                                      assertThat(read(value.bytes))
                                          .singleElement()
                                          .matches(kind -> kind.number <= KINDS));
                        }));
  }

  private static long columns(Found set) {
    return numbers(set.fields, 1).get(0);
  }

  private static DataType type(long number) {
    return DataType.of((int) number).orElseThrow();
  }

  private static void definitions(
      Rules rules, Trace trace, List<Found> definitions, List<Found> instances) {
    Found first = definitions.get(0);
    rules
        .add(
            "payloads-template-definition-nbirth-only",
            () ->
                assertThat(definitions)
                    .isNotEmpty()
                    .allMatch(one -> one.in.type().equals("NBIRTH")))
        .add(
            "payloads-template-definition-nbirth topics-nbirth-templates",
            () -> {
              assertThat(trace.published("NBIRTH")).hasSameSizeAs(definitions);
              assertThat(instances)
                  .allMatch(one -> one.reference().equals(List.of(first.metric.display())));
            })
        .add(
            "payloads-template-definition-is-definition"
                + " payloads-template-is-definition-definition",
            () -> assertThat(definitions).allMatch(one -> numbers(one.fields, 5).contains(1L)))
        .add(
            "payloads-template-definition-ref payloads-template-ref-definition",
            () -> assertThat(definitions).allMatch(one -> one.reference().isEmpty()))
        .add(
            "payloads-template-definition-members",
            () -> assertThat(first.memberNames()).containsExactly("count", "max", "mean", "min"))
        .add(
            "payloads-template-definition-parameters",
            () ->
                assertThat(definitions)
                    .allMatch(one -> parameterNames(one).equals(List.of("channel"))))
        .add(
            "payloads-template-definition-parameters-default",
            () -> assertThat(texts(first.parameters().get(0), 8)).containsExactly(""));
  }

  private static void instances(Rules rules, Found definition, List<Found> instances) {
    rules
        .add(
            "payloads-template-instance-is-definition"
                + " payloads-template-is-definition-instance",
            () ->
                assertThat(instances)
                    .hasSizeGreaterThan(5)
                    .allMatch(one -> numbers(one.fields, 5).contains(0L)))
        .add(
            "payloads-template-instance-ref payloads-template-ref-instance",
            () ->
                assertThat(instances).allMatch(one -> one.reference().equals(List.of("Aggregate"))))
        .add(
            "payloads-template-instance-members",
            () ->
                assertThat(instances)
                    .allMatch(one -> definition.memberNames().containsAll(one.memberNames())))
        .add(
            "payloads-template-instance-members-birth",
            () ->
                assertThat(instances.stream().filter(one -> one.in.type().endsWith("BIRTH")))
                    .isNotEmpty()
                    .allMatch(one -> one.memberNames().equals(definition.memberNames())))
        .add(
            "payloads-template-instance-members-data",
            () ->
                assertThat(instances.stream().filter(one -> one.in.type().endsWith("DATA")))
                    .anySatisfy(
                        one ->
                            assertThat(one.members())
                                .extracting(member -> member.content().orElseThrow())
                                .containsExactly(
                                    new Content.Int64(300),
                                    new Content.Double64(22.5),
                                    new Content.Double64(21.25),
                                    new Content.Double64(20.0))))
        .add(
            "payloads-template-instance-parameters",
            () -> {
              assertThat(instances)
                  .allMatch(one -> parameterNames(one).equals(parameterNames(definition)));
              assertThat(instances)
                  .extracting(one -> texts(one.parameters().get(0), 8).get(0))
                  .contains("temperature", "FLOW-V1/comfort/index")
                  .allMatch(channel -> !channel.isEmpty());
            });
  }

  private static List<String> parameterNames(Found template) {
    return template.parameters().stream().flatMap(one -> texts(one, 1).stream()).toList();
  }

  private static void parameters(Rules rules, List<Found> all) {
    List<List<Field>> parameters = all.stream().flatMap(one -> one.parameters().stream()).toList();
    rules
        .add(
            "payloads-template-parameter-name-required payloads-template-parameter-name-type",
            () ->
                assertThat(parameters)
                    .isNotEmpty()
                    .allMatch(one -> texts(one, 1).equals(List.of("channel"))))
        .add(
            "payloads-template-parameter-value-type payloads-template-parameter-type-req",
            () -> assertThat(parameters).allMatch(one -> numbers(one, 2).size() == 1))
        .add(
            "payloads-template-parameter-type-value",
            () ->
                assertThat(parameters)
                    .allMatch(one -> BASIC.contains(type(numbers(one, 2).get(0)))))
        .add(
            "payloads-template-parameter-value",
            () ->
                assertThat(parameters)
                    .allSatisfy(
                        one -> assertThat(kinds(one)).singleElement().matches(kind -> kind <= 8)));
  }

  private static Stream<Integer> kinds(List<Field> parameter) {
    return parameter.stream().map(Field::number).filter(number -> number > 2);
  }
}
