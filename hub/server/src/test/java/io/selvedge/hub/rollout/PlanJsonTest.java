package io.selvedge.hub.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.hub.store.Gateway;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanJsonTest {

  private static Gateway gateway(String id, boolean online, Map<String, String> birth) {
    return new Gateway(
        id,
        Optional.of(Instant.EPOCH),
        Set.of("line-a"),
        online ? Gateway.State.ONLINE : Gateway.State.LOST,
        Instant.EPOCH,
        Optional.empty(),
        Optional.empty(),
        birth,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void aGroupTakesItsMembersOnly() {
    Gateway member = gateway("gw-1", true, Map.of());
    assertThat(new Selection.Fleet("*", Optional.of("line-a"), Map.of()).takes(member)).isTrue();
    assertThat(new Selection.Fleet("*", Optional.of("line"), Map.of()).takes(member)).isFalse();
    RolloutPlan plan = RolloutRig.plan("\"fleet\": {\"group\": \"line-a\"}");
    assertThat(PlanJson.stored(PlanJson.json(plan).toString())).isEqualTo(plan);
    assertThat(plan.selection().takes(member)).isTrue();
    assertThatThrownBy(() -> RolloutRig.plan("\"fleet\": {\"group\": \"a b\"}"))
        .hasMessageContaining("group [a b]");
  }

  @Test
  void theTimeOutIsADayAndTheTrialAndAnotherDayWhereAWindowHasToCome() {
    assertThat(RolloutRig.plan("\"fleet\": {}").groups().get(0).timeoutSeconds())
        .isEqualTo(86_400 + 600);
    String window =
        "\"fleet\": {}, \"window\": {\"from\": \"22:00\", \"to\": \"05:00\"}, \"without_trial\":"
            + " true, \"groups\": [{\"count\": 1, \"timeout_seconds\": 0}, {\"rest\": true}]";
    assertThat(RolloutRig.plan(window).groups().stream().map(GroupPlan::timeoutSeconds))
        .containsExactly(0L, 2 * 86_400L);
    assertThat(RolloutRig.plan(window).lostSeconds()).isEqualTo(3600);
  }

  @Test
  void whatWasAskedForIsStoredWhole() {
    RolloutPlan plan =
        RolloutRig.plan(
            "\"remove\": [{\"kind\": \"FLOW\", \"name\": \"old\"}],"
                + " \"fleet\": {\"id\": \"line-*\", \"birth\": {\"os_arch\": \"aarch64\"}},"
                + " \"groups\": [{\"name\": \"a\", \"gateways\": [\"line-1\"], \"wait_seconds\":"
                + " 60, \"timeout_seconds\": 90, \"figures\": {\"min_agreement\": 0.9,"
                + " \"max_latency_p99_ms\": 40}}, {\"percent\": 12.5, \"max_error_percent\": 5},"
                + " {\"rest\": true, \"min_success_percent\": 80}],"
                + " \"trial\": {\"shadow\": {\"rows\": 20, \"min_agreement\": 0.8}},"
                + " \"window\": {\"from\": \"22:00\", \"to\": \"05:00\"},"
                + " \"late_comers\": false, \"absent_seconds\": 7, \"minimum_runtime\":"
                + " \"0.2.0\"");
    assertThat(PlanJson.stored(PlanJson.json(plan).toString())).isEqualTo(plan);
    assertThat(plan.groups())
        .extracting(GroupPlan::name)
        .containsExactly("a", "group-2", "group-3");
    assertThat(plan.groups())
        .extracting(GroupPlan::minSuccessPercent)
        .containsExactly(100.0, 95.0, 80.0);
  }

  @Test
  void theUsualIsACanaryATenthAndTheRestWithATrial() {
    RolloutPlan plan = RolloutRig.plan("\"fleet\": {}");
    assertThat(plan.groups()).extracting(GroupPlan::name).containsExactly("canary", "tenth", "all");
    assertThat(plan.terms().trial().orElseThrow().live()).isPresent();
    assertThat(plan.lateComers()).isTrue();
    assertThat(RolloutRig.plan("\"fleet\": {}, \"without_trial\": true").terms().trial()).isEmpty();
    List<Gateway> twenty =
        IntStream.rangeClosed(1, 20)
            .mapToObj(i -> gateway("gw-" + (100 + i), i > 3, Map.of()))
            .collect(Collectors.toCollection(ArrayList::new));
    Map<Integer, List<String>> dealt = Dealing.deal(plan.groups(), twenty);
    assertThat(dealt.get(0)).as("connected ones first").containsExactly("gw-104");
    assertThat(dealt.get(1)).containsExactly("gw-105", "gw-106");
    assertThat(dealt.get(2)).hasSize(17).endsWith("gw-101", "gw-102", "gw-103");
  }

  @ParameterizedTest
  @CsvSource({
    "*,gw-1,true",
    "gw-?,gw-1,true",
    "gw-?,gw-11,false",
    "line-a-*,line-a-7,true",
    "line-a-*,line-b-7,false",
    "gw.1,gw-1,false",
    "GW-1,gw-1,false"
  })
  void aPatternOfIdsTakesThoseThatMatch(String pattern, String id, boolean taken) {
    assertThat(
            new Selection.Fleet(pattern, Optional.empty(), Map.of())
                .takes(gateway(id, true, Map.of())))
        .isEqualTo(taken);
  }

  @Test
  void aFactOfTheBirthMustBeThere() {
    Selection arm = new Selection.Fleet("*", Optional.empty(), Map.of("os_arch", "aarch*"));
    assertThat(arm.takes(gateway("a", false, Map.of("os_arch", "aarch64")))).isTrue();
    assertThat(arm.takes(gateway("a", true, Map.of("os_arch", "amd64")))).isFalse();
    assertThat(arm.takes(gateway("a", true, Map.of()))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"x\": 1",
        "\"fleet\": {}, \"gateways\": [\"a\"]",
        "\"gateways\": []",
        "\"gateways\": [\"a\"], \"late_comers\": true",
        "\"fleet\": {}, \"late_comers\": 1",
        "\"fleet\": {\"id\": 5}",
        "\"fleet\": {}, \"groups\": []",
        "\"fleet\": {}, \"groups\": [{}]",
        "\"fleet\": {}, \"groups\": [{\"count\": 0}]",
        "\"fleet\": {}, \"groups\": [{\"count\": 1, \"rest\": true}]",
        "\"fleet\": {}, \"groups\": [{\"percent\": 101}]",
        "\"fleet\": {}, \"groups\": [{\"rest\": true, \"max_error_percent\": -1}]",
        "\"fleet\": {}, \"groups\": [{\"rest\": true, \"figures\": {\"min_beauty\": 1}}]",
        "\"fleet\": {}, \"groups\": [{\"rest\": true, \"figures\": {\"agreement\": 1}}]",
        "\"fleet\": {}, \"groups\": [{\"rest\": true, \"figures\": {\"min_agreement\": \"a\"}}]",
        "\"fleet\": {}, \"groups\": [{\"name\": \"a\", \"count\": 1}, {\"name\": \"a\", \"rest\":"
            + " true}]",
        "\"fleet\": {}, \"groups\": [{\"name\": \"a/b\", \"rest\": true}]",
        "\"fleet\": {}, \"trial\": {}",
        "\"fleet\": {}, \"minimum_runtime\": \"new\"",
        "\"fleet\": {}, \"trial\": {\"live\": {\"rows\": 1}}, \"without_trial\": true",
        "\"fleet\": {}, \"trial\": {\"live\": {\"rows\": 1, \"min_agremeent\": 1}}",
        "\"fleet\": {}, \"window\": {\"from\": \"22:00\", \"to\": \"22:00\"}",
        "\"fleet\": {}, \"absent_seconds\": -1",
        "\"fleet\": {}, \"remove\": [{\"kind\": \"MODEL\", \"name\": \"m\"}]"
      })
  void whatIsWrongIsSaid(String rest) {
    assertThatThrownBy(() -> RolloutRig.plan(rest))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(?s).*(must|is missing|not known).*");
  }
}
