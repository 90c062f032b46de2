package io.selvedge.flow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.flow.Distribution.Handed;
import io.selvedge.api.flow.Distribution.Line;
import io.selvedge.api.uplink.LinkState;
import io.selvedge.api.uplink.Message;
import io.selvedge.flow.FakeUplink;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What link and budget make of the rows that a policy chose, and what the ledger says of it. */
class DistributionTest {

  private static TickRig measurements(String policy) {
    return new TickRig("upload: {measurements: " + policy + "}");
  }

  private static List<Message> data(TickRig rig) {
    return rig.uplink.of("DATA-V1");
  }

  private static Line line(TickRig rig, String stream) {
    List<Line> lines =
        rig.ledger.lines().stream().filter(one -> one.stream().equals(stream)).toList();
    assertThat(lines).hasSize(1);
    return lines.get(0);
  }

  private static Line rows(TickRig rig) {
    Line line = line(rig, "measurements");
    long stayed = line.stayed().values().stream().mapToLong(Long::longValue).sum();
    assertThat(line.sent() + line.merged() + line.gathering() + stayed).isEqualTo(line.seen());
    return line;
  }

  @Test
  void everyRowIsCountedOnceWithItsReason() {
    TickRig rig = measurements("{policy: change, deadband: {t: 1.0}}");
    rig.office(0, "temperature", 20.0);
    rig.office(1, "temperature", 20.5);
    rig.office(2, "temperature", 22.0);
    rig.office(3, "other", 1.0); // no input: no row of the flow

    Line line = rows(rig);
    assertThat(line.day()).hasToString("2015-02-02");
    assertThat(line.seen()).isEqualTo(3);
    assertThat(line.sent()).isEqualTo(2);
    assertThat(line.stayed()).isEqualTo(Map.of("unchanged", 1L));
    assertThat(line.handed()).isEqualTo(Map.of("hub", new Handed(2, 2, 0, 0)));
    assertThat(line.bytes()).isZero();
  }

  @Test
  void whatNoPolicySendsStaysForThatReason() {
    TickRig rig =
        new TickRig(
            """
            features: [{name: temp, of: t, op: last}]
            model: occupancy
            upload: {measurements: {policy: hard, confidence: 0.8}, decisions: {policy: none}}
            """);
    rig.office(0, "humidity", 40.0);
    rig.office(1, "temperature", 20.0);

    assertThat(rows(rig).stayed()).containsKey("undecided");
    assertThat(line(rig, "decisions").stayed()).isEqualTo(Map.of("policy", 1L));
    TickRig silent = measurements("{policy: none}");
    silent.office(0, "temperature", 20.0);
    assertThat(rows(silent).stayed()).isEqualTo(Map.of("policy", 1L));
  }

  @Test
  void aRowThatIsGatheredIsMergedWhenItsMessageGoes() {
    TickRig rig = measurements("{policy: aggregate, every: PT10M}");
    for (int minute = 0; minute < 25; minute++) {
      rig.office(minute, "temperature", 20.0 + minute);
    }
    Line before = rows(rig);
    assertThat(before.seen()).isEqualTo(25);
    assertThat(before.gathering()).isPositive();
    rig.close();
    Line after = rows(rig);
    assertThat(after.merged()).isEqualTo(25);
    assertThat(after.gathering()).isZero();
    assertThat(after.handed().get("hub"))
        .isEqualTo(new Handed(data(rig).size(), data(rig).size(), 0, 0));
  }

  @Test
  void onAMeteredLinkAFlowMayAggregateInstead() {
    TickRig rig = measurements("{policy: all, on_metered: aggregate PT15M, on_slow: drop}");
    rig.office(0, "temperature", 20.0);
    rig.uplink.link(LinkState.METERED);
    rig.office(1, "temperature", 21.0);
    rig.office(2, "temperature", 22.0);
    assertThat(data(rig)).hasSize(1);
    rig.uplink.link(LinkState.SLOW);
    rig.office(3, "temperature", 23.0); // what was gathered goes before
    assertThat(data(rig)).hasSize(2);
    assertThat(data(rig).get(1).metrics()).containsKeys("temperature.mean", "temperature.count");
    rig.uplink.link(LinkState.NORMAL);
    rig.office(4, "temperature", 24.0);

    Line line = rows(rig);
    assertThat(data(rig)).hasSize(3);
    assertThat(line.sent()).isEqualTo(2);
    assertThat(line.merged()).isEqualTo(2);
    assertThat(line.stayed()).isEqualTo(Map.of("link", 1L));
  }

  @Test
  void whatAFlowDoesNotSayWaitsInTheOutbox() {
    TickRig rig = measurements("{policy: all, priority: 4}");
    int minute = 0;
    for (LinkState state : LinkState.values()) {
      rig.uplink.link(state);
      rig.office(minute++, "temperature", 20.0);
    }

    assertThat(data(rig)).hasSize(4).allMatch(message -> message.priority() == 4);
  }

  @Test
  void aChangeThatTheLinkHeldBackGoesUpWhenTheLinkIsBack() {
    TickRig rig = measurements("{policy: change, deadband: {t: 1.0}, on_slow: drop}");
    rig.office(0, "temperature", 20.0);
    rig.uplink.link(LinkState.SLOW);
    rig.office(1, "temperature", 25.0);
    rig.uplink.link(LinkState.NORMAL);
    rig.office(2, "temperature", 25.0);

    assertThat(data(rig)).hasSize(2);
    assertThat(rows(rig).stayed()).isEqualTo(Map.of("link", 1L));
  }

  @Test
  void beyondTheBudgetRowsWaitForANormalLinkUntilTheNextDay() {
    TickRig rig = measurements("{policy: all, priority: 4, budget: 1kB}");
    for (int minute = 0; minute < 20; minute++) {
      rig.office(minute, "temperature", 20.0);
    }
    Line first = rows(rig);
    assertThat(first.bytes()).isBetween(1000L, 1300L);
    assertThat(first.surplus()).isPositive();
    assertThat(first.sent()).isEqualTo(20);
    assertThat(data(rig).stream().filter(message -> message.priority() == 9))
        .hasSize((int) first.surplus());
    rig.office(24 * 60, "temperature", 20.0);
    assertThat(data(rig).get(20).priority()).isEqualTo(4);
    assertThat(rig.ledger.lines()).extracting(line -> line.day().toString()).contains("2015-02-03");
  }

  @Test
  void beyondTheBudgetAFlowMayDropOrAggregate() {
    TickRig drops = measurements("{policy: all, budget: 500B, beyond: drop}");
    TickRig aggregates = measurements("{policy: all, budget: 500B, beyond: aggregate PT15M}");
    for (int minute = 0; minute < 40; minute++) {
      drops.office(minute, "temperature", 20.0);
      aggregates.office(minute, "temperature", 20.0);
    }
    aggregates.close();

    Line dropped = rows(drops);
    assertThat(dropped.bytes()).isBetween(500L, 800L);
    assertThat(dropped.stayed()).isEqualTo(Map.of("budget", 40 - dropped.sent()));
    Line merged = rows(aggregates);
    assertThat(merged.sent()).isEqualTo(dropped.sent());
    assertThat(merged.merged()).isEqualTo(40 - merged.sent());
    assertThat(data(aggregates)).hasSizeLessThan((int) merged.sent() + 5);
  }

  @Test
  void eachUplinkThatAFlowNamesGetsItAndHasCountsOfItsOwn() {
    TickRig rig = new TickRig("upload: {to: [hub, plant], measurements: {policy: all}}");
    FakeUplink plant = new FakeUplink();
    rig.others.put("plant", plant);
    rig.office(0, "temperature", 20.0);
    plant.refuse("outbox is full");
    rig.office(1, "temperature", 20.0);

    assertThat(data(rig)).hasSize(2);
    assertThat(plant.of("DATA-V1")).hasSize(1);
    assertThat(rows(rig).sent()).isEqualTo(2);
    assertThat(rows(rig).handed())
        .isEqualTo(Map.of("hub", new Handed(2, 2, 0, 0), "plant", new Handed(2, 1, 1, 0)));
  }

  @Test
  void anUplinkThatIsNotThereIsToldAtOnceAndWaitedFor() {
    TickRig rig = new TickRig("upload: {to: [plant], measurements: {policy: all}}");
    rig.office(0, "temperature", 20.0);
    rig.office(1, "temperature", 20.0);
    assertThat(rig.events.codes()).containsExactly("flow.uplink_missing");
    Handed waiting = new Handed(2, 0, 0, 0);
    assertThat(rows(rig).handed()).isEqualTo(Map.of("plant", waiting));
    assertThat(waiting.waiting()).isEqualTo(2);
    FakeUplink plant = new FakeUplink();
    rig.others.put("plant", plant);
    rig.office(2, "temperature", 20.0);

    assertThat(plant.of("DATA-V1")).hasSize(3);
    assertThat(rig.events.codes()).containsExactly("flow.uplink_missing", "flow.uplink_there");
    assertThat(rows(rig).handed().get("plant")).isEqualTo(new Handed(3, 3, 0, 0));
  }

  @Test
  void alarmsAndWhatRulesPublishAreCountedAsWell() {
    TickRig rig =
        new TickRig(
            """
            rules:
              - name: hot
                when: inputs.t > 30
                do: [{alarm: warning, text: hot}, {publish: comfort, metrics: {t: inputs.t}}]
            upload: {decisions: {policy: change}}
            """);
    rig.office(0, "temperature", 31.0);
    rig.office(1, "temperature", 32.0);

    assertThat(line(rig, "events").sent()).isEqualTo(1);
    assertThat(line(rig, "published").sent()).isEqualTo(2);
    assertThat(line(rig, "decisions").sent()).isEqualTo(1);
    assertThat(line(rig, "decisions").stayed()).isEqualTo(Map.of("unchanged", 1L));
  }
}
