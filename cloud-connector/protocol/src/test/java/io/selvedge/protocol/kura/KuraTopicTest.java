package io.selvedge.protocol.kura;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.uplink.Request.Method;
import io.selvedge.protocol.kura.KuraTopic.Answer;
import io.selvedge.protocol.kura.KuraTopic.Call;
import io.selvedge.protocol.kura.KuraTopic.Data;
import io.selvedge.protocol.kura.KuraTopic.Life;
import io.selvedge.protocol.kura.KuraTopic.Notice;
import io.selvedge.protocol.kura.KuraTopic.Stage;
import io.selvedge.protocol.kura.KuraTopic.WrongCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KuraTopicTest {

  private static void bothWays(String topic, KuraTopic parsed) {
    assertThat(KuraTopic.parse(topic)).contains(parsed);
    assertThat(parsed.topic()).isEqualTo(topic);
  }

  @Test
  void knowsEveryForm() {
    bothWays("selvedge/gw-1/DATA-V1/office", new Data("selvedge", "gw-1", "DATA-V1", "office"));
    bothWays("a/g/FLOW-V1/x/y", new Data("a", "g", "FLOW-V1", "x/y"));
    bothWays("$EDC/a/g/MQTT/BIRTH", new Life("a", "g", Stage.BIRTH));
    bothWays("$EDC/a/g/MQTT/LWT", new Life("a", "g", Stage.LWT));
    bothWays("$EDC/a/g/TWIN-V1/PUT/desired", new Call("a", "g", "TWIN-V1", Method.PUT, "desired"));
    bothWays(
        "$EDC/a/HUB/ARTIFACT-V1/GET/ab12",
        new Call("a", KuraTopic.HUB, "ARTIFACT-V1", Method.GET, "ab12"));
    bothWays(
        "$EDC/a/g/DEPLOY-V2/EXEC/start/12",
        new Call("a", "g", "DEPLOY-V2", Method.EXEC, "start/12"));
    bothWays("$EDC/a/g/X/GET", new Call("a", "g", "X", Method.GET, ""));
    bothWays("$EDC/a/HUB/TWIN-V1/REPLY/42", new Answer("a", "HUB", "TWIN-V1", "42"));
    bothWays(
        "$EDC/a/HUB/DEPLOY-V2/NOTIFY/g/download",
        new Notice("a", "HUB", "DEPLOY-V2", "g", "download"));
    bothWays("$EDC/a/g/APP", new WrongCall("a", "g", "APP", ""));
    bothWays("$EDC/a/g/APP/PATCH/x/y", new WrongCall("a", "g", "APP", "PATCH/x/y"));
    bothWays("$EDC/a/g/APP/GET/", new WrongCall("a", "g", "APP", "GET/"));
    assertThat(KuraTopic.inbox("a", "g")).isEqualTo("$EDC/a/g/#");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a/g/APP",
        "a//APP/x",
        "a/g/APP/",
        "$SYS/broker/x/y",
        "$EDC",
        "$EDC/",
        "$EDC/a/g",
        "$EDC/a//APP/GET/x",
        "$EDC/a/g/APP/PA#CH/x",
        "$EDC/a/g/APP/PATCH/x+",
        "$EDC/a/g/MQTT/REBIRTH",
        "$EDC/a/g/MQTT/BIRTH/x",
        "$EDC/a/g/APP/REPLY",
        "$EDC/a/g/APP/REPLY/1/2",
        "$EDC/a/g/APP/NOTIFY/g",
        "$EDC/a/+/APP/GET/x",
      })
  void hasNothingToSayAboutOtherTopics(String topic) {
    assertThat(KuraTopic.parse(topic)).isEmpty();
  }

  @Test
  void refusesPartsThatWouldNameAnotherTopic() {
    assertThatThrownBy(() -> new Data("a", "g/h", "APP", "x"))
        .hasMessage("gateway [g/h] must not be empty and must not hold / + or #");
    assertThatThrownBy(() -> new Answer("a", "g", "APP", "#"))
        .hasMessage("request id [#] must not be empty and must not hold / + or #");
    assertThatThrownBy(() -> new Data("a", "g", "APP", ""))
        .hasMessage("resource [] must not be empty and must not hold + or #");
    assertThatThrownBy(() -> KuraTopic.inbox("", "g")).hasMessageStartingWith("account []");
  }
}
