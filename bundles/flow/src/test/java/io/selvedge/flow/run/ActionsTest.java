package io.selvedge.flow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Value;
import io.selvedge.api.event.Event;
import io.selvedge.api.uplink.Message;
import io.selvedge.flow.Rows;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Commands, alarms and messages of rules. */
class ActionsTest {

  private static final String FAN =
      """
                rules:
                - {name: hot, when: inputs.t > 25, do: [{command: office/fan, value: true}]}
                - {name: cold, when: inputs.t <= 25, do: [{command: office/fan, value: 'false'}]}
                """;

  @Test
  void sendsACommandWhenItsValueChanges() {
    TickRig rig = new TickRig(FAN);
    assertThat(rig.office(0, "temperature", 20.0).orElseThrow().commands())
        .singleElement()
        .satisfies(
            command -> {
              assertThat(command.target()).hasToString("office/fan");
              assertThat(command.value()).isEqualTo(Value.of(false));
              assertThat(command.origin()).isEqualTo("test");
            });
    assertThat(rig.office(1, "temperature", 21.0).orElseThrow().commands()).isEmpty();
    rig.office(2, "temperature", 26.0);
    rig.office(3, "temperature", 27.0);
    rig.office(4, "temperature", 20.0);
    assertThat(rig.devices.sent())
        .containsExactly("office/fan=false", "office/fan=true", "office/fan=false");
  }

  @Test
  void sendsTheSameCommandAgainAfterAMinute() {
    TickRig rig = new TickRig(FAN);
    rig.office(0, "temperature", 20.0);
    rig.pass(Duration.ofMillis(59_999));
    rig.office(1, "temperature", 20.0);
    assertThat(rig.devices.sent()).hasSize(1);
    rig.pass(Duration.ofMillis(1));
    rig.office(2, "temperature", 20.0);
    assertThat(rig.devices.sent()).hasSize(2);
  }

  @Test
  void aCommandThatIsRefusedIsSaidOnceAndTriedAgain() {
    TickRig rig = new TickRig(FAN);
    rig.devices.refuse("device [office] does not answer");
    rig.office(0, "temperature", 20.0);
    rig.pass(Duration.ofSeconds(4));
    rig.office(1, "temperature", 20.0);
    assertThat(rig.devices.sent()).hasSize(1);
    rig.pass(Duration.ofSeconds(1));
    rig.office(2, "temperature", 20.0);
    assertThat(rig.devices.sent()).hasSize(2);
    assertThat(rig.events.messages("flow.command_refused"))
        .containsExactly(
            "command [false] to [office/fan] was not taken: device [office] does not answer");
    rig.devices.refuse("");
    rig.pass(Duration.ofSeconds(5));
    rig.office(3, "temperature", 20.0);
    assertThat(rig.events.codes()).containsExactly("flow.command_refused", "flow.command_taken");
  }

  @Test
  void theLastRuleThatAsksForAChannelWins() {
    TickRig rig =
        new TickRig(
            """
                rules:
                - {name: a, when: true, do: [{command: office/fan, value: true}]}
                - {name: b, when: inputs.t > 25, do: [{command: office/fan, value: false}]}
                """);
    rig.office(0, "temperature", 30.0);
    rig.office(1, "temperature", 30.0);
    assertThat(rig.devices.sent()).containsExactly("office/fan=false");
  }

  @Test
  void aCommandsValueIsComputedAndFitsTheChannel() {
    TickRig rig =
        new TickRig(
            """
                rules:
                - name: level
                  when: true
                  do:
                  - {command: office/level, value: 'inputs.t > 25 ? 100 : 0'}
                  - {command: hall/mode, value: "'eco'"}
                  - {command: hall/half, value: inputs.t / 2.0}
                """);
    rig.office(0, "temperature", 30.0);
    assertThat(rig.devices.commands())
        .extracting(c -> c.value())
        .containsExactly(Value.of(100.0), Value.of("eco"), Value.of(15.0));
  }

  @Test
  void aValueThatIsNotFiniteIsNotSent() {
    TickRig rig =
        new TickRig(
            "rules: [{name: r, when: true, do: [{command: office/level, value: inputs.t / 0.0}]}]");
    assertThat(rig.office(0, "temperature", 0.0).orElseThrow().commands()).isEmpty();
    rig.office(1, "temperature", 0.0);
    assertThat(rig.devices.sent()).isEmpty();
    assertThat(rig.events.messages("flow.rule_without_result"))
        .singleElement()
        .asString()
        .startsWith(
            "rule [r]: expression [inputs.t / 0.0] gave [NaN]; a value must be finite. It is left"
                + " out");
    rig.office(2, "temperature", 1.0);
    assertThat(rig.devices.sent()).isEmpty();
  }

  @Test
  void raisesAnAlarmWhenItsRuleBeginsToHold() {
    TickRig rig =
        new TickRig(
            "rules: [{name: hot, when: has(inputs.t) && inputs.t > 30, do:"
                + " [{alarm: error, text: 'Office is at ${inputs.t} Cel, ${inputs.h} %'}]}]");
    rig.office(0, "temperature", 29.0);
    rig.office(1, "temperature", 31.123456789);
    rig.office(2, "temperature", 32.0);
    rig.office(3, "temperature", 29.0);
    rig.office(4, "temperature", 33.0, "humidity", 40.0);
    assertThat(rig.events.messages("alarm"))
        .containsExactly("Office is at 31.1235 Cel, ? %", "Office is at 33 Cel, 40 %");
    assertThat(rig.events.recent(1).get(0))
        .satisfies(
            event -> {
              assertThat(event.severity()).isEqualTo(Event.Severity.ERROR);
              assertThat(event.source()).isEqualTo("flow/test");
            });
    assertThat(rig.uplink.of("EVENT-V1")).hasSize(2);
    Message first = rig.uplink.of("EVENT-V1").get(0);
    assertThat(first.resource()).isEqualTo("alarm");
    assertThat(first.time()).isEqualTo("2015-02-02T14:20:00Z");
    assertThat(first.metrics())
        .isEqualTo(
            Map.of(
                "severity", Value.of("ERROR"),
                "source", Value.of("flow/test"),
                "code", Value.of("alarm"),
                "message", Value.of("Office is at 31.1235 Cel, ? %")));
  }

  @Test
  void publishesWhatARuleSays() {
    TickRig rig =
        new TickRig(
            "rules: [{name: p, when: true, do: [{publish: comfort/office, metrics:"
                + " {warm: inputs.t > 25, degrees: inputs.t, note: \"'ok'\"}}]}]");
    rig.office(0, "temperature", 30.0);
    assertThat(rig.uplink.of("FLOW-V1"))
        .singleElement()
        .satisfies(
            message -> {
              assertThat(message.resource()).isEqualTo("comfort/office");
              assertThat(message.metrics())
                  .isEqualTo(
                      Map.of(
                          "warm", Value.of(true),
                          "degrees", Value.of(30.0),
                          "note", Value.of("ok")));
            });
  }

  @Test
  void whileThereIsNoUplinkTheNewestMessagesAreKept() {
    TickRig rig = new TickRig("upload: {measurements: {policy: all}}");
    rig.link = Optional.empty();
    for (int i = 0; i < Outlet.MOST_KEPT + 2; i++) {
      rig.office(i, "temperature", 20.0);
    }
    assertThat(rig.outlet.unsent()).isEqualTo(2);
    rig.link = Optional.of(rig.uplink);
    rig.office(Outlet.MOST_KEPT + 2, "temperature", 20.0);
    assertThat(rig.outlet.uploaded()).isEqualTo(Outlet.MOST_KEPT + 1);
    assertThat(rig.uplink.messages())
        .extracting(Message::time)
        .isSorted()
        .hasSize(Outlet.MOST_KEPT + 1)
        .startsWith(Rows.START.plusSeconds(120));
    assertThat(rig.events.messages("flow.unsent"))
        .containsExactly(
            "there is no uplink [hub]; the newest [1000] messages are kept, older ones are dropped and"
                + " counted");
    assertThat(rig.events.codes()).containsExactly("flow.unsent", "flow.sends");
  }

  @Test
  void whatTheUplinkRefusesIsCountedAndSaidOnce() {
    TickRig rig = new TickRig("upload: {measurements: {policy: all}}");
    rig.uplink.refuse("outbox is full");
    rig.office(0, "temperature", 20.0);
    rig.office(1, "temperature", 20.0);
    rig.uplink.refuse("");
    rig.office(2, "temperature", 20.0);
    assertThat(rig.outlet.unsent()).isEqualTo(2);
    assertThat(rig.outlet.uploaded()).isEqualTo(1);
    assertThat(rig.events.messages("flow.unsent"))
        .containsExactly("uplink [hub] does not take messages: outbox is full");
    assertThat(rig.events.messages("flow.sends"))
        .containsExactly("uplink [hub] takes messages again; lost so far [2]");
  }
}
