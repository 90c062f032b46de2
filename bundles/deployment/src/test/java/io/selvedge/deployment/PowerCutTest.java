package io.selvedge.deployment;

import static io.selvedge.api.deployment.DeploymentStatus.State.ACTIVE;
import static io.selvedge.api.deployment.DeploymentStatus.State.REFUSED;
import static io.selvedge.api.deployment.DeploymentStatus.State.REVERTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import io.selvedge.api.deployment.DeploymentStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ends the process before every single change to the disk, one after the other, and starts again:
 * what runs is the old deployment or the new one, never a mixture, and the new one in the end.
 */
class PowerCutTest {

  private static final Map<String, String> OLD =
      new TreeMap<>(Map.of("a", "a 1", "b", "b 1", "same", "same 1"));
  private static final Map<String, String> NEW =
      new TreeMap<>(Map.of("a", "a 2", "c", "c 1", "same", "same 1"));

  private final FakeHub hub = new FakeHub();

  /** The process ends here. An error, because nobody catches those. */
  private static final class PowerCut extends Error {
    private static final long serialVersionUID = 1;
  }

  /** Fails before the n-th change. */
  private static final class FailingDisk extends QuickDisk {

    private final List<String> changes = new ArrayList<>();
    private final int cutBefore;

    FailingDisk(int cutBefore) {
      this.cutBefore = cutBefore;
    }

    @Override
    void before(String change) {
      changes.add(change);
      if (changes.size() > cutBefore) {
        throw new PowerCut();
      }
    }
  }

  @Test
  void handlersThatForgetWithTheProcess(@TempDir Path root) throws Exception {
    int steps = cutEverywhere(root, false);
    assertThat(steps).isGreaterThan(20);
  }

  @Test
  void handlersThatRememberBeyondTheProcess(@TempDir Path root) throws Exception {
    int steps = cutEverywhere(root, true);
    assertThat(steps).isGreaterThan(20);
  }

  private int cutEverywhere(Path root, boolean persistent) throws Exception {
    byte[] first =
        hub.deployment(1, hub.model("a", "1"), hub.model("b", "1"), hub.model("same", "1"));
    byte[] next =
        hub.deployment(2, hub.model("a", "2"), hub.model("c", "1"), hub.model("same", "1"));
    for (int cut = 0; ; cut++) {
      Rig rig = new Rig(root.resolve("cut-" + cut), hub);
      Twin twin = rig.start();
      twin.offer(first, true);
      twin.work();
      assertThat(rig.models.running).isEqualTo(OLD);

      FailingDisk failing = new FailingDisk(cut);
      rig.disk = failing;
      twin = rig.start();
      try {
        twin.offer(next, true);
        twin.work();
        return cut; // it went through: there is no step left to cut at
      } catch (PowerCut e) {
        String where = "cut " + cut + " before " + failing.changes.get(cut);
        restart(rig, persistent, next, where);
      }
    }
  }

  private void restart(Rig rig, boolean persistent, byte[] next, String where) throws Exception {
    rig.disk = new QuickDisk();
    rig.models = persistent ? new FakeHandler(rig.models.running) : new FakeHandler();
    int blocks = hub.blocksUntilGone;
    hub.blocksUntilGone = 0;

    Twin twin = rig.start();
    twin.work();

    // Without the hub: old, or new where all files were here already.
    assertThat(rig.models.running).as(where).isIn(OLD, NEW);
    assertThat(twin.status().revision())
        .as(where)
        .isEqualTo(rig.models.running.equals(OLD) ? 1 : 2);
    assertThat(twin.status().artifacts()).as(where).hasSize(3);

    hub.blocksUntilGone = blocks;
    twin.offer(next, false);
    assertThat(twin.work()).as(where).isTrue();
    assertThat(rig.models.running).as(where).isEqualTo(NEW);
    assertThat(twin.status().state()).as(where).isEqualTo(ACTIVE);
    assertThat(twin.status().revision()).as(where).isEqualTo(2);
    assertThat(Files.exists(rig.state("journal.json"))).as(where).isFalse();
    assertThat(Files.exists(rig.state("pending.json"))).as(where).isFalse();
    assertNoTemporaryArtifacts(rig, where);
  }

  private static void assertNoTemporaryArtifacts(Rig rig, String where) throws IOException {
    try (var walk = Files.walk(rig.root.resolve("data/artifacts"))) {
      assertThat(walk.map(Path::toString).filter(p -> p.endsWith(".tmp") || p.endsWith(".part")))
          .as(where)
          .isEmpty();
    }
  }

  /** A refusal is several steps too. */
  @Test
  void aCutDuringARefusalLeavesTheOldOne(@TempDir Path root) throws Exception {
    for (int cut = 0; ; cut++) {
      Rig rig = new Rig(root.resolve("cut-" + cut), hub);
      rig.models.refuseActivate.add("c1");
      Twin twin = rig.start();
      twin.offer(hub.deployment(1, hub.model("a", "1")), true);
      twin.work();

      FailingDisk failing = new FailingDisk(cut);
      rig.disk = failing;
      twin = rig.start();
      try {
        twin.offer(hub.deployment(2, hub.model("a", "2"), hub.model("c", "1")), true);
        twin.work();
        assertThat(cut).isGreaterThan(10);
        return;
      } catch (PowerCut e) {
        String where = "cut " + cut + " before " + failing.changes.get(cut);
        rig.disk = new QuickDisk();
        twin = rig.start();
        twin.work();
        assertThat(rig.models.running).as(where).containsExactly(Map.entry("a", "a 1"));
        assertThat(twin.status().revision()).as(where).isEqualTo(1);
        assertThat(Files.exists(rig.state("journal.json"))).as(where).isFalse();
      }
    }
  }

  /** Shadow, trial and its end are more steps; a cut at each leaves it on its way or taken back. */
  @Test
  void aCutDuringATrialLosesNeitherTheGoodOneNorTheTrial(@TempDir Path root) throws Exception {
    cutTrialEverywhere(root.resolve("kept"), 0, ACTIVE, "a 2");
    cutTrialEverywhere(root.resolve("taken-back"), 50, REVERTED, "a 1");
  }

  private void cutTrialEverywhere(Path root, long errors, State end, String lives)
      throws Exception {
    byte[] next = hub.onTrial(TwinTrialTest.BOTH, 2, hub.model("a", "2"));
    for (int cut = 0; ; cut++) {
      Rig rig = new Rig(root.resolve("cut-" + cut), hub);
      Twin twin = rig.start();
      twin.offer(hub.deployment(1, hub.model("a", "1")), true);
      twin.work();
      FailingDisk failing = new FailingDisk(cut);
      rig.disk = failing;
      twin = rig.start();
      try {
        tryOut(rig, twin, next, errors);
        assertThat(cut).isGreaterThan(25);
        assertThat(twin.status().state()).isEqualTo(end);
        return;
      } catch (PowerCut e) {
        String where = "cut " + cut + " before " + failing.changes.get(cut);
        rig.disk = new QuickDisk();
        rig.models = new FakeHandler();
        twin = rig.start();
        twin.work();
        assertThat(rig.models.running).as(where).hasSize(1);
        assertThat(rig.models.running.get("a")).as(where).isIn("a 1", "a 2");
        assertThat(twin.status().revision())
            .as(where)
            .isEqualTo(rig.models.running.containsValue("a 1") ? 1 : 2);
        tryOut(rig, twin, next, errors);
        assertThat(twin.status().state()).as(where).isEqualTo(end);
        assertThat(rig.models.running).as(where).containsExactly(Map.entry("a", lives));
        assertThat(rig.models.onTrial).as(where).isEmpty();
        for (String file : List.of("journal.json", "pending.json", "trial.json", "unproven")) {
          assertThat(Files.exists(rig.state(file))).as(where + ": " + file).isFalse();
        }
      }
    }
  }

  private static void tryOut(Rig rig, Twin twin, byte[] envelope, long errors) throws Exception {
    if (twin.status().newest() < 2) {
      twin.offer(envelope, true);
    }
    twin.work();
    rig.models.measured.put("a2", TwinTrialTest.figures(100, 0, 1));
    if (twin.status().state() == State.SHADOW) {
      twin.work();
    }
    rig.models.measured.put("a2", TwinTrialTest.figures(100, errors, 1));
    twin.work();
    twin.work();
  }

  /** A model that takes the whole process with it must not do so at every start. */
  @Test
  void aDeploymentThatEndsTheProcessThreeTimesIsRefused(@TempDir Path root) throws Exception {
    Rig rig = new Rig(root, hub);
    Twin twin = rig.start();
    twin.offer(hub.deployment(1, hub.model("a", "1")), true);
    twin.work();
    twin.offer(hub.deployment(2, hub.model("a", "2")), true);
    for (int i = 0; i < Twin.MOST_ATTEMPTS; i++) {
      FakeHandler deadly =
          new FakeHandler() {
            @Override
            public void check(Artifact artifact, Path directory) {
              throw new PowerCut();
            }
          };
      rig.models = deadly;
      twin = rig.start();
      try {
        twin.work();
      } catch (PowerCut e) {
        assertThat(deadly.running).containsExactly(Map.entry("a", "a 1"));
      }
    }

    rig.models = new FakeHandler();
    twin = rig.start();
    assertThat(twin.work()).isTrue();

    assertThat(twin.status().state()).isEqualTo(REFUSED);
    assertThat(twin.status().code()).isEqualTo("deployment.interrupted");
    assertThat(rig.models.running).containsExactly(Map.entry("a", "a 1"));
  }

  /** What was switched after a shadow is undone also where that deployment is not tried again. */
  @Test
  void aCutAfterAShadowLeavesNothingOfWhatIsRefusedThen(@TempDir Path root) throws Exception {
    Rig rig = new Rig(root, hub);
    Map<String, String> installed = new TreeMap<>();
    twoKinds(rig, installed).offer(hub.deployment(1, hub.model("a", "1")), true);
    Twin twin = twoKinds(rig, installed);
    twin.work();
    twin.offer(hub.onTrial(TwinTrialTest.BOTH, 2, hub.model("a", "2"), bundle("new")), true);
    rig.models =
        new FakeHandler() {
          @Override
          public void activate(Artifact artifact, Path directory) throws ArtifactException {
            if (artifact.version().equals("2")) {
              throw new PowerCut();
            }
            super.activate(artifact, directory);
          }
        };
    Twin cut = twoKinds(rig, installed);
    cut.work();
    assertThat(cut.status().state()).isEqualTo(State.SHADOW);
    rig.models.measured.put("a2", TwinTrialTest.figures(100, 0, 1));
    assertThatThrownBy(cut::work).isInstanceOf(PowerCut.class);
    assertThat(installed).as("switched before the cut").hasSize(1);

    Files.writeString(rig.state("pending.json"), "{}");
    rig.models = new FakeHandler();
    twin = twoKinds(rig, installed);
    twin.work();

    assertThat(twin.status().revision()).isEqualTo(1);
    assertThat(rig.models.running).containsExactly(Map.entry("a", "a 1"));
    assertThat(installed).isEmpty();
    assertThat(rig.state("journal.json")).doesNotExist();
  }

  private static Twin twoKinds(Rig rig, Map<String, String> installed) throws IOException {
    return rig.start(
        activation -> {
          activation.offer(Artifact.Kind.MODEL, rig.models);
          activation.offer(Artifact.Kind.BUNDLE, new FakeHandler(installed));
        });
  }

  /** As with a bundle whose activator ends the process. */
  @Test
  void oneThatEndsTheProcessAsItStartsIsGivenUpAndDoesNotCountAgainstTheOldOne(@TempDir Path root)
      throws Exception {
    Rig rig = new Rig(root, hub);
    Twin twin = rig.start();
    twin.offer(hub.deployment(1, hub.model("a", "1")), true);
    twin.work();
    twin.offer(hub.deployment(2, hub.model("a", "2")), true);
    for (int i = 0; i < Twin.MOST_ATTEMPTS; i++) {
      rig.models =
          new FakeHandler() {
            @Override
            public void activate(Artifact artifact, Path directory) throws ArtifactException {
              if (artifact.version().equals("2")) {
                throw new PowerCut();
              }
              super.activate(artifact, directory);
            }
          };
      twin = rig.start();
      try {
        twin.work();
      } catch (PowerCut e) {
        assertThat(rig.models.running).containsExactly(Map.entry("a", "a 1"));
      }
      launch(rig);
    }

    rig.models = new FakeHandler();
    for (int i = 0; i < Proof.MOST_STARTS; i++) {
      twin = rig.start();
      twin.work();
      assertThat(twin.status().state()).isEqualTo(REFUSED);
      assertThat(twin.status().code()).isEqualTo("trial.three_failed_starts");
      assertThat(twin.status().revision()).as("the old one, start " + i).isEqualTo(1);
      assertThat(rig.models.running).containsExactly(Map.entry("a", "a 1"));
      launch(rig);
    }
    rig.nanos.addAndGet(Proof.LASTING.toNanos());
    twin.work();
    assertThat(rig.state("unproven")).doesNotExist();
  }

  /** The launcher counts. */
  private static void launch(Rig rig) throws IOException {
    Path unproven = rig.state("unproven");
    int count = Integer.parseInt(Files.readString(unproven).strip());
    Files.writeString(unproven, count + 1 + "\n");
  }

  @Test
  void aHandlerThatComesLateStillHearsOfWhatIsToBeRetired(@TempDir Path root) throws Exception {
    Rig rig = new Rig(root, hub);
    Map<String, String> installed = new TreeMap<>();
    FakeHandler bundles = new FakeHandler(installed);
    Twin twin = rig.start(a -> a.offer(Artifact.Kind.BUNDLE, bundles));
    twin.offer(hub.deployment(1, bundle("old")), true);
    twin.work();

    // Cut right after the commit, before the old one is retired.
    FakeHandler cutting =
        new FakeHandler(installed) {
          @Override
          public void retire(Artifact artifact) {
            throw new PowerCut();
          }
        };
    twin = rig.start(a -> a.offer(Artifact.Kind.BUNDLE, cutting));
    twin.offer(hub.deployment(2), true);
    try {
      twin.work();
    } catch (PowerCut e) {
      assertThat(installed).containsOnlyKeys("old");
    }

    Activation[] activation = new Activation[1];
    twin = rig.start(a -> activation[0] = a);
    twin.work();
    assertThat(twin.status().revision()).isEqualTo(2);
    assertThat(installed).as("nobody there to retire it").containsOnlyKeys("old");
    assertThat(Files.exists(rig.state("journal.json"))).isTrue();

    activation[0].offer(Artifact.Kind.BUNDLE, new FakeHandler(installed));
    twin.work();
    assertThat(installed).isEmpty();
    assertThat(Files.exists(rig.state("journal.json"))).isFalse();
  }

  private Artifact bundle(String name) {
    return hub.artifact(
        Artifact.Kind.BUNDLE, name, "1", name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
