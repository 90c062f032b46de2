package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.ChannelAddress;
import io.selvedge.sparkplug.Packet.Publish;
import io.selvedge.sparkplug.payload.Metric;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Chapters 1 and 4: identifiers and topics. */
final class TopicRules {

  private static final String NODE_TOPIC = "spBv1\\.0/plant/N(BIRTH|DATA|DEATH)/gw-1";
  private static final String DEVICE_TOPIC =
      "spBv1\\.0/plant/D(BIRTH|DATA|DEATH)/gw-1/(boiler|pump)";

  private TopicRules() {}

  static Rules of(Scenarios.Life life) {
    Trace trace = life.trace();
    return new Rules()
        .add(
            "intro-group-id-string topic-structure-namespace-a",
            () -> assertThat(topics(trace)).allMatch(topic -> topic.startsWith("spBv1.0/plant/")))
        .add(
            "intro-group-id-chars topic-structure-namespace-valid-group-id",
            () -> {
              assertIdRefused("a+b");
              assertIdRefused("a#");
              assertIdRefused("a/b");
              assertIdRefused("a\u0000");
              assertIdRefused("");
            })
        .add(
            "intro-edge-node-id-string",
            () ->
                assertThat(topics(trace)).allMatch(topic -> topic.split("/", -1)[3].equals("gw-1")))
        .add(
            "intro-edge-node-id-chars topic-structure-namespace-valid-edge-node-id",
            () -> {
              for (String wrong : List.of("gw/1", "gw+1", "gw#1", "gw\n1", " ")) {
                assertThatThrownBy(() -> new NodeId("plant", wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("edge node id [" + wrong + "]");
              }
            })
        .add(
            "intro-device-id-string topic-structure"
                + " topic-structure-namespace-device-id-associated-message-types",
            () ->
                assertThat(topics(trace).filter(topic -> topic.split("/", -1)[2].startsWith("D")))
                    .isNotEmpty()
                    .allMatch(topic -> topic.matches(DEVICE_TOPIC)))
        .add(
            "intro-device-id-chars topic-structure-namespace-valid-device-id",
            () -> {
              for (String wrong : List.of("a/b", "a+", "#")) {
                assertThatThrownBy(() -> ChannelAddress.requireDeviceId(wrong))
                    .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> NodeId.requireId("device id", wrong))
                    .isInstanceOf(IllegalArgumentException.class);
              }
            })
        .add(
            "topic-structure-namespace-unique-device-id",
            () -> {
              // one birth a device in a sequence of births
              List<String> born =
                  trace.published(0).stream()
                      .takeWhile(one -> one.type().endsWith("BIRTH"))
                      .map(Publish::topic)
                      .toList();
              assertThat(born).doesNotHaveDuplicates();
            })
        .add(
            "topic-structure-namespace-device-id-non-associated-message-types",
            () ->
                assertThat(topics(trace).filter(topic -> topic.split("/", -1)[2].startsWith("N")))
                    .isNotEmpty()
                    .allMatch(topic -> topic.matches(NODE_TOPIC)))
        .add("topics-nbirth-topic", () -> assertTopic(trace, "NBIRTH", ""))
        .add("topics-ndata-topic", () -> assertTopic(trace, "NDATA", ""))
        .add("topics-ndeath-topic", () -> assertTopic(trace, "NDEATH", ""))
        .add("topics-dbirth-topic", () -> assertTopic(trace, "DBIRTH", "/(boiler|pump)"))
        .add("topics-ddata-topic", () -> assertTopic(trace, "DDATA", "/(boiler|pump)"))
        .add("topics-ddeath-topic", () -> assertTopic(trace, "DDEATH", "/(boiler|pump)"))
        .add(
            "topics-ncmd-topic",
            () ->
                assertThat(trace.subscribes())
                    .anyMatch(one -> one.filter().equals("spBv1.0/plant/NCMD/gw-1")))
        .add(
            "topics-dcmd-topic",
            () -> {
              assertThat(trace.subscribes())
                  .anyMatch(one -> one.filter().equals("spBv1.0/plant/DCMD/gw-1/boiler"));
              assertThat(life.commands()).contains("boiler/valve=true");
            })
        .add(
            "case-sensitivity-sparkplug-ids",
            () ->
                // what differs only in case cannot be two devices: ids have no capitals
                assertThatThrownBy(() -> ChannelAddress.requireDeviceId("Boiler"))
                    .isInstanceOf(IllegalArgumentException.class))
        .add(
            "case-sensitivity-metric-names",
            () ->
                assertThat(
                        trace
                            .births()
                            .map(
                                one ->
                                    one.parsed().metrics().stream()
                                        .map(Metric::name)
                                        .map(name -> name.orElseThrow())
                                        .toList()))
                    .allSatisfy(
                        names -> {
                          Set<String> lower =
                              names.stream()
                                  .map(name -> name.toLowerCase(Locale.ROOT))
                                  .collect(Collectors.toSet());
                          assertThat(lower).hasSize(names.size());
                        }));
  }

  private static Stream<String> topics(Trace trace) {
    return trace.published().stream().map(Publish::topic);
  }

  private static void assertTopic(Trace trace, String type, String device) {
    assertThat(trace.published(type))
        .allMatch(one -> one.topic().matches("spBv1\\.0/plant/" + type + "/gw-1" + device));
  }

  private static void assertIdRefused(String group) {
    assertThatThrownBy(() -> new NodeId(group, "gw-1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("group id [" + group + "]");
  }
}
