package io.selvedge.flow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.selvedge.api.device.Value;
import io.selvedge.api.flow.Decision;
import io.selvedge.protocol.feature.FeatureOp;
import io.selvedge.protocol.feature.FeatureSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Features, model and rules of a tick. */
class FlowTickTest {

  private static final String FEATURES =
      """
                features:
                - {name: temp, of: t, op: last}
                - {name: t_10m, of: t, op: mean, window: PT10M}
                """;

  private static final String MODEL =
      FEATURES
          + """
                model: occupancy
                rules:
                - {name: occupied, when: model.ready && outputs.occupied > 0.5, do: []}
                - {name: alone, when: '!model.ready', do: []}
                """;

  private static final List<FeatureSpec> TRAINED =
      List.of(
          FeatureSpec.of("t_10m", "t", FeatureOp.MEAN, Duration.ofMinutes(10)),
          FeatureSpec.last("temp", "t"));

  private static Decision decided(Optional<Decision> decision) {
    return decision.orElseThrow();
  }

  @Test
  void aModelDecidesOnTheFlowsFeaturesInItsOwnOrder() {
    TickRig rig = new TickRig(MODEL);
    // Column 0 is the mean, as the model was trained; the flow lists it second.
    rig.models.swap("1", TRAINED, row -> row[0] == 20 && row[1] == 30 ? 0.93 : 0);
    rig.office(0, "temperature", 10.0);
    Decision decision = decided(rig.office(1, "temperature", 30.0));
    assertThat(decision.features()).containsOnly(entry("temp", 30.0), entry("t_10m", 20.0));
    assertThat(decision.outputs()).containsEntry("occupied", 0.93);
    assertThat(decision.model()).map(m -> m.version()).contains("1");
    assertThat(decision.rules()).containsExactly("occupied");
    assertThat(decision.time()).isEqualTo("2015-02-02T14:20:00Z");
    assertThat(decision.placement()).isEqualTo(Decision.Placement.EDGE);
    assertThat(decision.trace()).containsOnlyKeys("queue", "pre", "edge", "act");
    assertThat(rig.waiting.reason()).isEmpty();
  }

  @Test
  void withoutALiveModelRulesDecideAlone() {
    TickRig rig = new TickRig(MODEL);
    Decision decision = decided(rig.office(0, "temperature", 20.0));
    assertThat(decision.model()).isEmpty();
    assertThat(decision.outputs()).isEmpty();
    assertThat(decision.rules()).containsExactly("alone");
    assertThat(rig.waiting.reason())
        .isEqualTo("model [occupancy] is not live; deploy it. Until then rules decide alone");
    rig.office(1, "temperature", 20.0);
    assertThat(rig.events.codes()).containsExactly("flow.waiting");
    rig.models.swap("1", TRAINED, row -> 1);
    assertThat(decided(rig.office(2, "temperature", 20.0)).rules()).containsExactly("occupied");
    assertThat(rig.events.codes()).containsExactly("flow.waiting", "flow.decides");
  }

  @Test
  void withoutInferenceRulesDecideAlone() {
    TickRig rig = new TickRig(MODEL);
    rig.inference = Optional.empty();
    assertThat(decided(rig.office(0, "temperature", 20.0)).rules()).containsExactly("alone");
    assertThat(rig.waiting.reason()).startsWith("inference is not running");
  }

  @Test
  void aSwapBetweenTicksIsSeenInTheNextDecision() {
    TickRig rig = new TickRig(MODEL);
    rig.models.swap("1", TRAINED, row -> 0.9);
    assertThat(decided(rig.office(0, "temperature", 20.0)).rules()).containsExactly("occupied");
    rig.models.swap("2", TRAINED, row -> 0.1);
    Decision decision = decided(rig.office(1, "temperature", 20.0));
    assertThat(decision.model()).map(m -> m.version()).contains("2");
    assertThat(decision.rules()).isEmpty();
    assertThat(rig.events.codes()).isEmpty();
  }

  @Test
  void aSwapInTheMiddleOfATickIsLookedAtAgain() {
    TickRig rig = new TickRig(MODEL);
    rig.models.swap("1", TRAINED, row -> 0.9);
    List<FeatureSpec> other = List.of(FeatureSpec.last("temp", "t"));
    rig.models.beforeNextPredict(() -> rig.models.swap("2", other, row -> row[0] == 20 ? 0.7 : 0));
    Decision decision = decided(rig.office(0, "temperature", 20.0));
    assertThat(decision.model()).map(m -> m.version()).contains("2");
    assertThat(decision.outputs()).containsEntry("occupied", 0.7);
  }

  @Test
  void aModelThatWasTrainedOnOtherFeaturesDoesNotDecide() {
    TickRig rig = new TickRig(MODEL);
    rig.models.swap(
        "3",
        List.of(
            FeatureSpec.of("t_10m", "t", FeatureOp.MEAN, Duration.ofMinutes(20)),
            FeatureSpec.of("weekend", FeatureOp.WEEKEND)),
        row -> 1);
    Decision decision = decided(rig.office(0, "temperature", 20.0));
    assertThat(decision.model()).isEmpty();
    assertThat(decision.rules()).containsExactly("alone");
    assertThat(rig.waiting.reason())
        .isEqualTo(
            "model [occupancy 3] was trained on other features than flow [test] defines: [t_10m] is"
                + " {\"name\":\"t_10m\",\"of\":\"t\",\"op\":\"mean\",\"window\":\"PT20M\"} in the"
                + " model and {\"name\":\"t_10m\",\"of\":\"t\",\"op\":\"mean\",\"window\":\"PT10M\"}"
                + " in the flow; [weekend] is {\"name\":\"weekend\",\"op\":\"weekend\"} in the model"
                + " and nothing in the flow. Define them alike, or train the model anew; until then"
                + " rules decide alone");
    rig.office(1, "temperature", 20.0);
    assertThat(rig.events.codes()).containsExactly("flow.waiting");
  }

  @Test
  void aModelThatFailsLeavesTheRulesAlone() {
    TickRig rig = new TickRig(MODEL);
    rig.models.swap("1", TRAINED, row -> 1);
    rig.models.fail("row holds [NaN]");
    assertThat(decided(rig.office(0, "temperature", 20.0)).rules()).containsExactly("alone");
    assertThat(rig.waiting.reason()).isEqualTo("row holds [NaN]");
  }

  @Test
  void aMissingFeatureMeansNoDecisionAndIsSaidOnce() {
    TickRig rig = new TickRig(MODEL);
    rig.models.swap("1", TRAINED, row -> 1);
    assertThat(rig.office(0, "humidity", 40.0)).isEmpty();
    assertThat(rig.office(1, "temperature", Value.missing(Value.Reason.DAMAGED, ""))).isEmpty();
    assertThat(rig.events.messages("flow.waiting"))
        .containsExactly(
            "feature [temp] has no value: its input [t] has no value yet; check the device");
    assertThat(rig.office(2, "temperature", 20.0)).isPresent();
    assertThat(rig.office(70, "humidity", 40.0)).isEmpty();
    assertThat(rig.waiting.reason()).contains("none for more than an hour");
    assertThat(rig.events.codes()).containsExactly("flow.waiting", "flow.decides", "flow.waiting");
  }

  @Test
  void aRowOfAnyInputsDeviceIsATick() {
    TickRig rig = new TickRig(FEATURES + "rules: [{name: open, when: inputs.door == 1, do: []}]");
    rig.office(0, "temperature", 20.0);
    assertThat(decided(rig.hall(0.5, "door", 1)).rules()).containsExactly("open");
    assertThat(decided(rig.hall(1, "door", 0)).rules()).isEmpty();
  }

  @Test
  void inputsThatNoFeatureUsesAreSeenByRulesButNotInTheFeatures() {
    TickRig rig = new TickRig(FEATURES + "rules: [{name: in, when: inputs.o, do: []}]");
    Decision decision = decided(rig.office(0, "temperature", 20.0, "occupancy", true));
    assertThat(decision.rules()).containsExactly("in");
    assertThat(decision.features()).containsOnlyKeys("temp", "t_10m");
  }

  @Test
  void everyKindOfValueCanBeLookedAt() {
    TickRig rig =
        new TickRig(
            """
                rules:
                - {name: number, when: inputs.t > 20, do: []}
                - {name: whole, when: inputs.h == 40 && inputs.h > 39.5, do: []}
                - {name: flag, when: inputs.o, do: []}
                - {name: text, when: "inputs.door == 'open'", do: []}
                - {name: hour, when: time.getHours() == 14, do: []}
                """);
    rig.hall(0, "door", "open");
    assertThat(
            decided(rig.office(0, "temperature", 20.5, "humidity", 40, "occupancy", true)).rules())
        .containsExactly("number", "whole", "flag", "text", "hour");
  }

  @Test
  void anInputWithoutAValueIsNotThere() {
    TickRig rig = new TickRig("rules: [{name: r, when: has(inputs.t), do: []}]");
    assertThat(decided(rig.office(0, "humidity", 40.0)).rules()).isEmpty();
    assertThat(decided(rig.office(1, "temperature", 20.0)).rules()).containsExactly("r");
    assertThat(decided(rig.office(2, "humidity", 40.0)).rules()).containsExactly("r");
    Value missing = Value.missing(Value.Reason.NO_ANSWER, "");
    assertThat(decided(rig.office(3, "temperature", missing)).rules()).isEmpty();
    rig.office(4, "temperature", 20.0);
    assertThat(decided(rig.office(65, "humidity", 40.0)).rules()).isEmpty();
  }

  @Test
  void aRuleWithoutAResultDoesNotHoldAndIsSaidOnce() {
    TickRig rig = new TickRig("rules: [{name: hot, when: inputs.t > 30.0, do: []}]");
    assertThat(decided(rig.office(0, "humidity", 40.0)).rules()).isEmpty();
    rig.office(1, "humidity", 40.0);
    assertThat(rig.events.messages("flow.rule_without_result"))
        .singleElement()
        .asString()
        .startsWith(
            "rule [hot]: expression [inputs.t > 30.0] has no result: key 't' is not present")
        .endsWith("test with has(…) for what may be missing");
    assertThat(decided(rig.office(2, "temperature", 31.0)).rules()).containsExactly("hot");
    rig.office(3, "temperature", Value.missing(Value.Reason.NO_ANSWER, ""));
    assertThat(rig.events.messages("flow.rule_without_result")).hasSize(2);
  }

  @Test
  void comparingWithWhatIsNoNumberDoesNotHold() {
    TickRig rig =
        new TickRig(
            """
                rules:
                - {name: nan, when: 0.0 / 0.0 > 1.0 || 0.0 / 0.0 < 1.0, do: []}
                - {name: mixed, when: inputs.t > 1.0, do: []}
                """);
    assertThat(decided(rig.office(0, "temperature", "warm")).rules()).isEmpty();
    assertThat(rig.events.messages("flow.rule_without_result")).hasSize(1);
  }

  @Test
  void windowsGoOnWhereAnotherVersionComputesTheSame() {
    TickRig rig = new TickRig(FEATURES);
    rig.office(0, "temperature", 10.0);
    rig.load(FEATURES + "rules: [{name: r, when: true, do: []}]");
    Decision decision = decided(rig.office(1, "temperature", 30.0));
    assertThat(decision.rules()).containsExactly("r");
    assertThat(decision.features()).containsEntry("t_10m", 20.0);
    rig.load("features: [{name: t_10m, of: t, op: mean, window: PT20M}]");
    assertThat(decided(rig.office(2, "temperature", 50.0)).features())
        .containsOnly(entry("t_10m", 50.0));
  }

  @Test
  void aRecordingThatBeginsAnewEmptiesTheWindows() {
    TickRig rig = new TickRig(FEATURES);
    rig.office(5, "temperature", 10.0);
    assertThat(decided(rig.office(0, "temperature", 30.0)).features()).containsEntry("t_10m", 30.0);
  }
}
