package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.sparkplug.Packet.Publish;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.DataType;
import io.selvedge.sparkplug.payload.Metric;
import io.selvedge.sparkplug.payload.Payload;
import io.selvedge.sparkplug.payload.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Chapters 4.2, 5.16, 5.17 and 6: what stands in the messages. */
final class PayloadRules {

  private static final long YEAR_2020 = 1_577_836_800_000L;
  private static final List<String> NUMBERED =
      List.of("NBIRTH", "NDATA", "DBIRTH", "DDATA", "DDEATH");

  private PayloadRules() {}

  static Rules of(Scenarios.Life life, Scenarios.Aliased aliased) {
    Rules rules = new Rules();
    Trace trace = life.trace();
    envelope(rules, trace);
    sequence(rules, List.of(trace, aliased.trace()));
    births(rules, trace);
    data(rules, trace);
    metrics(rules, trace);
    aliases(rules, aliased.trace());
    return rules;
  }

  private static void envelope(Rules rules, Trace trace) {
    for (String type : List.of("nbirth", "ndata", "dbirth", "ddata", "ddeath")) {
      rules.add("topics-" + type + "-mqtt", () -> assertQos0(trace, type.toUpperCase(Locale.ROOT)));
    }
    for (String type : List.of("nbirth", "ndata", "dbirth", "ddata")) {
      String published = type.toUpperCase(Locale.ROOT);
      rules.add("payloads-" + type + "-qos", () -> assertQos0(trace, published));
      rules.add("payloads-" + type + "-retain", () -> assertQos0(trace, published));
      rules.add(
          "topics-" + type + "-timestamp payloads-" + type + "-timestamp",
          () -> assertTimestamps(trace, published));
    }
    rules
        .add("payloads-ddeath-timestamp", () -> assertTimestamps(trace, "DDEATH"))
        .add(
            "message-flow-edge-node-birth-publish-nbirth-topic",
            () ->
                assertThat(trace.published("NBIRTH"))
                    .allMatch(one -> one.topic().equals("spBv1.0/plant/NBIRTH/gw-1")))
        .add(
            "message-flow-device-birth-publish-dbirth-topic",
            () ->
                assertThat(trace.published("DBIRTH"))
                    .allMatch(
                        one -> one.topic().matches("spBv1\\.0/plant/DBIRTH/gw-1/(boiler|pump)")))
        .add(
            "message-flow-edge-node-birth-publish-nbirth-payload",
            () -> assertThat(trace.payloads("NBIRTH")).isNotEmpty())
        .add(
            "message-flow-device-birth-publish-dbirth-payload",
            () -> assertThat(trace.payloads("DBIRTH")).isNotEmpty())
        .add(
            "message-flow-edge-node-birth-publish-nbirth-qos"
                + " message-flow-edge-node-birth-publish-nbirth-retained",
            () -> assertQos0(trace, "NBIRTH"))
        .add(
            "message-flow-device-birth-publish-dbirth-qos"
                + " message-flow-device-birth-publish-dbirth-retained",
            () -> assertQos0(trace, "DBIRTH"))
        .add("payloads-timestamp-in-UTC", () -> assertTimestamps(trace, "DDATA"))
        .add(
            "payloads-metric-timestamp-in-UTC",
            () ->
                assertThat(trace.dataMetrics())
                    .allSatisfy(metric -> assertNow(metric.timestamp().orElseThrow())));
  }

  private static void assertQos0(Trace trace, String type) {
    assertThat(trace.published(type)).allMatch(one -> one.qos() == 0 && !one.retain());
  }

  private static void assertTimestamps(Trace trace, String type) {
    assertThat(trace.payloads(type))
        .allSatisfy(payload -> assertNow(payload.timestamp().orElseThrow()));
  }

  /** Milliseconds of UTC of this very minute; seconds or another zone would be off by more. */
  private static void assertNow(long timestamp) {
    assertThat(timestamp)
        .isGreaterThan(YEAR_2020)
        .isBetween(System.currentTimeMillis() - 600_000, System.currentTimeMillis() + 1000);
  }

  private static void sequence(Rules rules, List<Trace> traces) {
    rules
        .add(
            "payloads-sequence-num-always-included payloads-dbirth-seq payloads-ndata-seq"
                + " payloads-ddata-seq payloads-ddeath-seq payloads-ddeath-seq-number",
            () ->
                assertThat(numbered(traces.get(0)).map(Publish::parsed))
                    .allMatch(payload -> payload.seq().isPresent()))
        .add(
            "payloads-sequence-num-zero-nbirth topics-nbirth-seq-num payloads-nbirth-seq"
                + " message-flow-edge-node-birth-publish-nbirth-payload-seq",
            () ->
                assertThat(traces.get(0).payloads("NBIRTH"))
                    .allMatch(payload -> payload.seq().orElseThrow() == 0))
        .add(
            "payloads-sequence-num-incrementing topics-ndata-seq-num topics-dbirth-seq"
                + " topics-ddata-seq-num topics-ddeath-seq-num payloads-dbirth-seq-inc"
                + " payloads-ndata-seq-inc payloads-ddata-seq-inc payloads-ddeath-seq-inc"
                + " message-flow-device-birth-publish-dbirth-payload-seq",
            () -> {
              traces.forEach(PayloadRules::assertSequence);
              assertThat(numbered(traces.get(0)).map(one -> one.parsed().seq().orElseThrow()))
                  .as("one full turn")
                  .containsSubsequence(254, 255, 0, 1);
            })
        .add(
            "topics-ndeath-seq payloads-ndeath-seq",
            () -> {
              assertThat(traces.get(0).payloads("NDEATH")).allMatch(one -> one.seq().isEmpty());
              assertThat(traces.get(0).connects())
                  .allMatch(connect -> connect.will().get().parsed().seq().isEmpty());
            });
  }

  private static Stream<Publish> numbered(Trace trace) {
    NUMBERED.forEach(trace::published);
    return trace.published().stream().filter(one -> NUMBERED.contains(one.type()));
  }

  private static void assertSequence(Trace trace) {
    int expected = 0;
    for (Publish one : trace.published()) {
      if (NUMBERED.contains(one.type())) {
        expected = one.type().equals("NBIRTH") ? 0 : (expected + 1) % 256;
        assertThat(one.parsed().seq().orElseThrow()).as(one.topic()).isEqualTo(expected);
      }
    }
  }

  private static void births(Rules rules, Trace trace) {
    rules
        .add(
            "topics-nbirth-metric-reqs operational-behavior-data-publish-nbirth",
            () -> assertToldBefore(trace, "NBIRTH", "NDATA"))
        .add(
            "topics-dbirth-metric-reqs operational-behavior-data-publish-dbirth",
            () -> {
              assertToldBefore(trace, "DBIRTH", "DDATA");
              assertThat(names(trace.payloads("DBIRTH").get(0)))
                  .contains("temperature", "pulses", "valve", "mode", "pressure");
            })
        .add(
            "topics-nbirth-metrics topics-dbirth-metrics payloads-metric-datatype-req",
            () ->
                assertThat(trace.birthMetrics())
                    .allMatch(metric -> metric.name().isPresent() && metric.type().isPresent()))
        .add(
            "operational-behavior-data-publish-nbirth-values",
            () -> assertValueOrNull(trace, "NBIRTH"))
        .add(
            "operational-behavior-data-publish-dbirth-values",
            () -> {
              assertValueOrNull(trace, "DBIRTH");
              Payload first = trace.payloads("DBIRTH").get(0);
              assertThat(Trace.metric(first, "temperature").content())
                  .contains(new Content.Double64(60.5));
              assertThat(Trace.metric(first, "pulses").content()).contains(new Content.Int64(41));
              assertThat(Trace.metric(first, "pressure").content()).isEmpty();
            })
        .add(
            "topics-nbirth-bdseq-included payloads-nbirth-bdseq",
            () -> assertThat(trace.payloads("NBIRTH")).allMatch(one -> Trace.bdSeq(one) >= 0))
        .add(
            "topics-nbirth-bdseq-matching payloads-nbirth-bdseq-repeat payloads-ndeath-bdseq"
                + " message-flow-edge-node-birth-publish-nbirth-payload-bdSeq",
            () -> {
              for (Packet.Connect connect : trace.connects()) {
                long number = Trace.bdSeq(connect.will().orElseThrow().parsed());
                assertThat(
                        trace.published(connect.connection()).stream()
                            .filter(one -> one.type().matches("NBIRTH|NDEATH"))
                            .map(one -> Trace.metric(one.parsed(), EdgeNode.BD_SEQ)))
                    .hasSizeGreaterThan(1)
                    .allMatch(metric -> metric.type().orElseThrow() == 4)
                    .allMatch(metric -> metric.content().get().equals(new Content.Int64(number)));
              }
            })
        .add(
            "topics-nbirth-rebirth-metric payloads-nbirth-rebirth-req"
                + " operational-behavior-data-commands-rebirth-name"
                + " operational-behavior-data-commands-rebirth-datatype"
                + " operational-behavior-data-commands-rebirth-value",
            () ->
                assertThat(trace.payloads("NBIRTH"))
                    .map(payload -> Trace.metric(payload, "Node Control/Rebirth"))
                    .allMatch(metric -> metric.type().orElseThrow() == 11)
                    .allMatch(metric -> metric.content().get().equals(new Content.Bool(false))))
        .add(
            "topics-ndeath-payload",
            () ->
                assertThat(trace.payloads("NDEATH"))
                    .allSatisfy(payload -> assertThat(names(payload)).containsExactly("bdSeq")));
  }

  /** Each name in data was in the last birth of its topic. */
  private static void assertToldBefore(Trace trace, String birth, String data) {
    Map<String, List<String>> told = new java.util.HashMap<>();
    trace.published(data);
    for (Publish one : trace.published()) {
      if (one.type().equals(birth)) {
        told.put(one.topic().replace(birth, data), names(one.parsed()));
      } else if (one.type().equals(data)) {
        assertThat(told.get(one.topic())).containsAll(names(one.parsed()));
      }
    }
  }

  /** What is read and written again is as long as it was: nothing stands beside a null. */
  private static void assertValueOrNull(Trace trace, String type) {
    assertThat(trace.published(type))
        .allSatisfy(one -> assertThat(one.parsed().bytes()).isEqualTo(one.payload()));
  }

  private static List<String> names(Payload payload) {
    return payload.metrics().stream().map(metric -> metric.name().orElseThrow()).toList();
  }

  private static void data(Rules rules, Trace trace) {
    rules
        .add(
            "topics-ndata-payload",
            () ->
                assertThat(trace.payloads("NDATA"))
                    .extracting(payload -> payload.metrics().get(0).content().orElseThrow())
                    .containsExactly(new Content.Double64(0.4), new Content.Double64(0.5)))
        .add(
            "topics-ddata-payload",
            () -> {
              List<Payload> all = trace.payloads("DDATA");
              assertThat(all).anySatisfy(one -> assertThat(names(one)).containsExactly("speed"));
              assertThat(all)
                  .anySatisfy(
                      one -> assertThat(names(one)).containsExactly("pulses", "temperature"));
              assertThat(
                      all.stream()
                          .flatMap(one -> one.metrics().stream())
                          .filter(metric -> metric.name().orElse("").equals("temperature"))
                          .filter(metric -> metric.content().isPresent()))
                  .hasSize(302);
            })
        .add(
            "operational-behavior-data-publish-nbirth-order"
                + " operational-behavior-data-publish-dbirth-order",
            () -> {
              assertThat(Stream.concat(trace.births(), trace.data()))
                  .allSatisfy(
                      one ->
                          assertThat(one.parsed().metrics())
                              .extracting(metric -> metric.timestamp().orElseThrow())
                              .isSorted());
            });
  }

  private static void metrics(Rules rules, Trace trace) {
    List<Metric> all = new ArrayList<>(trace.birthMetrics());
    all.addAll(trace.dataMetrics());
    List<Property> properties =
        all.stream().flatMap(metric -> metric.properties().values().stream()).toList();
    List<Property> qualities =
        all.stream()
            .map(Metric::properties)
            .filter(set -> set.containsKey("Quality"))
            .map(set -> set.get("Quality"))
            .toList();
    rules
        .add(
            "payloads-name-requirement",
            () -> assertThat(all).allMatch(metric -> metric.name().isPresent()))
        .add(
            "payloads-name-birth-data-requirement",
            () -> assertThat(all).allMatch(metric -> metric.timestamp().isPresent()))
        .add(
            "payloads-metric-datatype-value-type payloads-metric-datatype-value",
            () ->
                assertThat(trace.birthMetrics())
                    .extracting(metric -> DataType.of(metric.type().orElseThrow()).orElseThrow())
                    .contains(DataType.DOUBLE, DataType.INT64, DataType.BOOLEAN, DataType.STRING)
                    .doesNotContain(DataType.UNKNOWN))
        .add(
            "payloads-metric-datatype-not-req",
            () -> assertThat(trace.dataMetrics()).allMatch(metric -> metric.type().isEmpty()))
        .add(
            "payloads-propertyset-keys-array-size payloads-propertyset-values-array-size",
            () -> {
              // the reader refuses a set with more of one than of the other
              assertThat(properties).isNotEmpty();
              assertThat(all.stream().map(Metric::properties))
                  .anyMatch(set -> set.keySet().equals(Set.of("Quality", "engUnit")));
            })
        .add(
            "payloads-metric-propertyvalue-type-type payloads-metric-propertyvalue-type-value"
                + " payloads-metric-propertyvalue-type-req",
            () ->
                assertThat(properties)
                    .allMatch(
                        one ->
                            one.type() == DataType.INT32.number()
                                || one.type() == DataType.STRING.number()))
        .add(
            "payloads-propertyset-quality-value-type",
            () -> assertThat(qualities).isNotEmpty().allMatch(one -> one.type() == 3))
        .add(
            "payloads-propertyset-quality-value-value",
            () ->
                assertThat(qualities)
                    .extracting(one -> ((Content.Int32) one.content().orElseThrow()).bits())
                    .contains(0, 192, 500)
                    .allMatch(Set.of(0, 192, 500)::contains));
  }

  private static void aliases(Rules rules, Trace trace) {
    Predicate<Metric> rebirth = metric -> metric.name().orElse("").equals(EdgeNode.REBIRTH);
    rules
        .add(
            "payloads-alias-uniqueness",
            () -> {
              Map<Long, Set<String>> byAlias = new java.util.HashMap<>();
              trace
                  .births()
                  .forEach(
                      one ->
                          one.parsed().metrics().stream()
                              .filter(rebirth.negate())
                              .forEach(
                                  metric ->
                                      byAlias
                                          .computeIfAbsent(
                                              metric.alias().orElseThrow(),
                                              any -> new java.util.HashSet<>())
                                          .add(one.topic() + "/" + metric.display())));
              assertThat(byAlias.values()).isNotEmpty().allMatch(names -> names.size() == 1);
            })
        .add(
            "payloads-alias-birth-requirement",
            () ->
                assertThat(trace.birthMetrics())
                    .filteredOn(rebirth.negate())
                    .allMatch(metric -> metric.name().isPresent() && metric.alias().isPresent()))
        .add(
            "payloads-alias-data-cmd-requirement",
            () ->
                assertThat(trace.dataMetrics())
                    .isNotEmpty()
                    .allMatch(metric -> metric.name().isEmpty() && metric.alias().isPresent()))
        .add(
            "operational-behavior-data-commands-rebirth-name-aliases",
            () ->
                assertThat(trace.birthMetrics())
                    .filteredOn(rebirth)
                    .isNotEmpty()
                    .allMatch(metric -> metric.alias().isEmpty()));
  }
}
