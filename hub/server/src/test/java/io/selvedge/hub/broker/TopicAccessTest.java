package io.selvedge.hub.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules by themselves; {@link BrokerAccessTest} asks the broker. */
class TopicAccessTest {

  private final TopicAccess access = new TopicAccess("selvedge");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "selvedge",
        "selvedge/gw.1",
        "selvedge/gw.1/",
        "selvedge/gw.10/DATA-V1",
        "selvedge/gw/1/DATA-V1",
        "selvedge/gw.1/+/x",
        "selvedge/gw.1/#",
        "selvedge/gw.1/a\0b",
        "selvedge/gw.1/a::b",
        "SELVEDGE/gw.1/DATA-V1",
        "other/gw.1/DATA-V1",
        "$EDC/selvedge/gw.1/TWIN-V1/PUT/desired",
        "$EDC/selvedge/gw.1/MQTT",
        "$EDC/selvedge/gw.2/MQTT/BIRTH",
        "$EDC/selvedge/HUB",
        "$EDC/selvedge/HUB2/x",
        "$EDC/other/HUB/TWIN-V1/GET/desired",
        "$sys/mqtt/sessions",
        "activemq/notifications"
      })
  void mayNotBePublished(String topic) {
    assertThat(access.mayPublish("gw.1", topic)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "#",
        "+",
        "+/+/#",
        "$EDC/#",
        "$EDC/selvedge/#",
        "$EDC/selvedge/+/TWIN-V1",
        "$EDC/selvedge/gw.1",
        "$EDC/selvedge/gw.10/#",
        "$EDC/selvedge/HUB/#",
        "$EDC/selvedge/gw.1/x::y",
        "selvedge/gw.1/#",
        "$share/all/$EDC/selvedge/gw.1/#"
      })
  void mayNotBeHeard(String filter) {
    assertThat(access.maySubscribe("gw.1", filter)).isFalse();
  }

  @Test
  void anIdIsAPartOfATopicAndNotTheHubs() {
    assertThat(TopicAccess.isGatewayId("gw-1.a_B")).isTrue();
    for (String id : new String[] {"", ".a", "-a", "a/b", "a+", "a#", "a b", "HUB", "hub", "$x"}) {
      assertThat(TopicAccess.isGatewayId(id)).as(id).isFalse();
    }
    assertThat(TopicAccess.isGatewayId("x".repeat(65))).isFalse();
  }

  @Test
  void nobodyIsAnybodyWithoutAName() {
    assertThat(access.mayPublish("", "selvedge//DATA-V1/hall")).isFalse();
    assertThat(access.maySubscribe("HUB", "$EDC/selvedge/HUB/#")).isFalse();
    assertThat(TopicAccess.mayConnectAs("gw", "gw")).isTrue();
    assertThat(TopicAccess.mayConnectAs("gw", "gw/blocks")).isTrue();
    assertThat(TopicAccess.mayConnectAs("gw", "gw.1")).isFalse();
  }

  @Test
  void filesComeBesideTheInboxToTheirGatewayOnly() {
    assertThat(access.maySubscribe("gw-1", "$EDC/selvedge/gw-1~files/s1/BLOCKS")).isTrue();
    assertThat(access.maySubscribe("gw", "$EDC/selvedge/gw-1~files/s1/BLOCKS")).isFalse();
    assertThat(access.maySubscribe("gw-1", "$EDC/selvedge/+~files/s1/BLOCKS")).isFalse();
    assertThat(access.mayPublish("gw-1", "$EDC/selvedge/gw-1~files/s1/BLOCKS")).isFalse();
    assertThat(TopicAccess.isGatewayId("gw-1~files")).isFalse();
  }
}
