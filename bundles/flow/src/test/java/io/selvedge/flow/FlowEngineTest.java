package io.selvedge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.flow.FlowStatus;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.flow.FlowRegistry.Origin;
import io.selvedge.flow.definition.FlowDefinition;
import io.selvedge.flow.definition.Flows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlowEngineTest {

  private static FlowDefinition flow(String name, String version) {
    return Flows.yaml(
        """
        flow: %s
        version: '%s'
        inputs: {t: office/temperature}
        features: [{name: t, of: t, op: last}]
        rules: [{name: warm, when: features.t > 25, do: []}]
        upload: {measurements: {policy: all}}
        """
            .formatted(name, version));
  }

  private static List<Measurement> row(double minute, double temperature) {
    return Rows.row("office", minute, "temperature", temperature);
  }

  @Test
  void decidesOnceForEachRowInOrder() throws InterruptedException {
    try (EngineRig rig = new EngineRig()) {
      rig.engine.registry().put(Origin.FILE, flow("a", "1"));
      for (int i = 0; i < 2000; i++) {
        rig.engine.measured(row(i, i % 50));
        rig.engine.measured(Rows.row("hall", i, "door", true));
      }
      EngineRig.until(() -> rig.decisions.size() == 2000);
      List<Instant> times = rig.decisions.stream().map(Decision::time).toList();
      assertThat(times).isSorted().doesNotHaveDuplicates();
      FlowStatus status = rig.engine.find("a").orElseThrow();
      assertThat(status.rows()).isEqualTo(2000);
      assertThat(status.decisions()).isEqualTo(2000);
      assertThat(status.skipped()).isZero();
      assertThat(status.dropped()).isZero();
      assertThat(status.uploaded()).isEqualTo(2000);
      assertThat(status.unsent()).isZero();
      assertThat(status.origin()).isEqualTo("file");
      assertThat(status.last()).map(Decision::time).contains(times.get(1999));
    }
  }

  @Test
  void rowsThatAreHeardAreDecidedOnWhenTheyAreHandedOver() throws InterruptedException {
    try (EngineRig rig = new EngineRig()) {
      rig.engine.registry().put(Origin.FILE, flow("a", "1"));
      Decision unused = rig.decide(row(0, 20)); // its thread waits for the next one

      rig.engine.hear(row(1, 20));
      rig.engine.hear(row(2, 20));
      rig.engine.handOver();

      EngineRig.until(() -> rig.decisions.size() == 2);
    }
  }

  @Test
  void onTrialItsRowsAreCountedAndTimed() throws InterruptedException {
    try (EngineRig rig = new EngineRig()) {
      FlowArtifacts artifacts = new FlowArtifacts(rig.engine);
      Artifact artifact =
          new Artifact(
              Artifact.Kind.FLOW,
              "a",
              "1",
              List.of(new Artifact.File("flow.json", "0".repeat(64), 1)));
      rig.engine.registry().put(Origin.DEPLOYMENT, flow("a", "1"));
      rig.decide(row(0, 20));
      assertThat(artifacts.figures(artifact)).isEqualTo(TrialFigures.NONE);

      artifacts.watch(artifact, Optional.empty());
      for (int i = 1; i <= 10; i++) {
        rig.decide(row(i, 20));
      }
      EngineRig.until(() -> artifacts.figures(artifact).rows() == 10);
      TrialFigures figures = artifacts.figures(artifact);
      assertThat(figures.errors()).isZero();
      assertThat(figures.latencyP99Millis().orElseThrow()).isGreaterThan(0);
      artifacts.endTrial(artifact);
      assertThat(artifacts.figures(artifact)).isEqualTo(TrialFigures.NONE);
    }
  }

  @Test
  void keepsTheNewestThousandDecisions() throws InterruptedException {
    try (EngineRig rig = new EngineRig()) {
      rig.engine.registry().put(Origin.FILE, flow("a", "1"));
      IntStream.range(0, 1200).forEach(i -> rig.engine.measured(row(i, 20)));
      EngineRig.until(() -> rig.decisions.size() == 1200);
      assertThat(rig.engine.recent(5000)).hasSize(1000);
      assertThat(rig.engine.recent(2))
          .extracting(Decision::time)
          .containsExactly(row(1199, 0).get(0).time(), row(1198, 0).get(0).time());
    }
  }

  @Test
  void aNewVersionTakesOverWithoutLosingARow() throws InterruptedException {
    try (EngineRig rig = new EngineRig()) {
      rig.engine.registry().put(Origin.FILE, flow("a", "1"));
      assertThat(rig.decide(row(0, 20)).flowVersion()).isEqualTo("1");
      for (int i = 1; i <= 500; i++) {
        rig.engine.measured(row(i, 20));
        if (i == 250) {
          rig.engine.registry().put(Origin.FILE, flow("a", "2"));
        }
      }
      EngineRig.until(() -> rig.decisions.size() == 500);
      assertThat(rig.decisions.stream().map(Decision::flowVersion).toList())
          .isSorted()
          .endsWith("2");
      assertThat(EngineRig.threads("a")).isEqualTo(1);
      assertThat(rig.events.codes()).containsExactly("flow.started", "flow.started");
    }
  }

  @Test
  void aDeploymentWinsOverAFileUntilItIsRetired() throws InterruptedException {
    try (EngineRig rig = new EngineRig()) {
      rig.engine.registry().put(Origin.DEPLOYMENT, flow("a", "d"));
      rig.engine.registry().put(Origin.FILE, flow("a", "f"));
      assertThat(rig.decide(row(0, 20)).flowVersion()).isEqualTo("d");
      assertThat(rig.engine.find("a").orElseThrow().origin()).isEqualTo("deployment");
      rig.engine.registry().remove(Origin.DEPLOYMENT, "a");
      assertThat(rig.decide(row(1, 20)).flowVersion()).isEqualTo("f");
      assertThat(rig.engine.find("a").orElseThrow().origin()).isEqualTo("file");
      rig.engine.registry().remove(Origin.FILE, "a");
      assertThat(rig.engine.list()).isEmpty();
      assertThat(EngineRig.threads("a")).isZero();
      assertThat(rig.events.codes()).endsWith("flow.stopped");
    }
  }

  @Test
  void aSlowFlowDropsItsOldestRowsAndSaysSoOnce() throws InterruptedException {
    try (EngineRig rig = new EngineRig(10)) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      rig.engine.addListener(
          decision -> {
            begun.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      rig.engine.registry().put(Origin.FILE, flow("slow", "1"));
      rig.engine.measured(row(0, 20));
      begun.await();
      IntStream.rangeClosed(1, 35).forEach(i -> rig.engine.measured(row(i, 20)));
      assertThat(rig.engine.find("slow").orElseThrow().dropped()).isEqualTo(25);
      assertThat(rig.events.messages("flow.overflow"))
          .singleElement()
          .asString()
          .startsWith("flow [slow] is slower than its inputs; the oldest rows are dropped");
      goOn.countDown();
      EngineRig.until(() -> rig.decisions.size() == 11);
      List<Instant> times = new ArrayList<>(rig.decisions.stream().map(Decision::time).toList());
      assertThat(times.get(1)).isEqualTo(row(26, 0).get(0).time());
      assertThat(times.get(10)).isEqualTo(row(35, 0).get(0).time());
      EngineRig.until(() -> rig.events.codes().contains("flow.keeps_up"));
      assertThat(rig.events.messages("flow.keeps_up"))
          .containsExactly("flow [slow] keeps up again; rows dropped so far [25]");
    }
  }

  @Test
  void oneSlowFlowDoesNotHoldUpAnother() throws InterruptedException {
    try (EngineRig rig = new EngineRig()) {
      CountDownLatch goOn = new CountDownLatch(1);
      rig.engine.addListener(
          decision -> {
            if (decision.flow().equals("slow")) {
              try {
                goOn.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
          });
      rig.engine.registry().put(Origin.FILE, flow("slow", "1"));
      rig.engine.registry().put(Origin.FILE, flow("fast", "1"));
      IntStream.range(0, 100).forEach(i -> rig.engine.measured(row(i, 20)));
      EngineRig.until(() -> rig.engine.find("fast").orElseThrow().decisions() == 100);
      assertThat(rig.engine.find("slow").orElseThrow().decisions()).isLessThanOrEqualTo(1);
      goOn.countDown();
    }
  }

  @Test
  void anUplinkThatCouldNotBeHadAtFirstIsAskedForAgain() throws InterruptedException {
    try (EngineRig rig = new EngineRig()) {
      AtomicBoolean made = new AtomicBoolean();
      rig.uplinks.remove(rig.uplink);
      rig.uplinks.add(Uplink.HUB, rig.uplink, () -> made.get() ? rig.uplink : null);
      rig.engine.registry().put(Origin.FILE, flow("a", "1"));
      rig.decide(row(0, 20));
      assertThat(rig.uplink.messages()).isEmpty();
      made.set(true);
      rig.decide(row(1, 20));
      EngineRig.until(() -> rig.engine.find("a").orElseThrow().uploaded() == 2);
      assertThat(rig.uplink.of("DATA-V1")).hasSize(2);
    }
  }

  @Test
  void aServiceThatThrowsEndsNothing() throws InterruptedException {
    try (EngineRig rig = new EngineRig()) {
      rig.engine.addListener(
          decision -> {
            throw new IllegalStateException("listener of another bundle");
          });
      FakeUplink broken = new FakeUplink();
      broken.tear();
      rig.engine.registry().put(Origin.FILE, flow("a", "1"));
      rig.decide(row(0, 20));
      rig.uplinks.remove(rig.uplink);
      rig.uplinks.add(Uplink.HUB, broken, () -> broken);
      rig.engine.measured(row(1, 20));
      rig.engine.measured(row(2, 20));
      EngineRig.until(() -> rig.engine.find("a").orElseThrow().unsent() == 2);
      rig.uplinks.remove(broken);
      rig.uplinks.add(Uplink.HUB, rig.uplink, () -> rig.uplink);
      EngineRig.until(() -> rig.engine.find("a").orElseThrow().decisions() == 3);
      assertThat(rig.events.messages("flow.unsent"))
          .containsExactly("uplink [hub] does not take messages: outbox is closed");
    }
  }

  @Test
  void modelsMayComeAndGo() throws InterruptedException {
    try (EngineRig rig = new EngineRig()) {
      rig.engine
          .registry()
          .put(
              Origin.FILE,
              Flows.yaml(
                  """
                  flow: m
                  version: '1'
                  inputs: {t: office/temperature}
                  features: [{name: t, of: t, op: last}]
                  model: occupancy
                  """));
      FlowDefinition definition = flow("a", "1");
      rig.models.swap("1", definition.features(), r -> 1);
      assertThat(rig.decide(row(0, 20)).model()).isPresent();
      rig.engine.unbindModels(rig.models);
      assertThat(rig.decide(row(1, 20)).model()).isEmpty();
      assertThat(rig.engine.find("m").orElseThrow().waiting()).startsWith("inference is not");
      rig.engine.bindModels(rig.models);
      assertThat(rig.decide(row(2, 20)).model()).isPresent();
      assertThat(rig.engine.find("m").orElseThrow().waiting()).isEmpty();
    }
  }

  @Test
  void leavesNoThreadWhenItStops() throws InterruptedException {
    EngineRig rig = new EngineRig();
    rig.engine.registry().put(Origin.FILE, flow("gone", "1"));
    rig.decide(row(0, 20));
    assertThat(EngineRig.threads("gone")).isEqualTo(1);
    rig.close();
    assertThat(EngineRig.threads("gone")).isZero();
    rig.engine.measured(row(1, 20));
    rig.engine.registry().put(Origin.FILE, flow("gone", "2"));
    assertThat(rig.engine.list()).isEmpty();
    assertThat(EngineRig.threads("gone")).isZero();
  }

  @Test
  void publishesItsSchema() {
    try (EngineRig rig = new EngineRig()) {
      assertThat(rig.engine.schema()).contains("\"$id\": \"urn:selvedge:flow:1\"");
    }
  }
}
