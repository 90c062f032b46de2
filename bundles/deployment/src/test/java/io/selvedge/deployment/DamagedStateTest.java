package io.selvedge.deployment;

import static io.selvedge.api.deployment.DeploymentStatus.State.ACTIVE;
import static io.selvedge.api.deployment.DeploymentStatus.State.FETCHING;
import static io.selvedge.api.deployment.DeploymentStatus.State.REVERTED;
import static io.selvedge.api.deployment.DeploymentStatus.State.SHADOW;
import static io.selvedge.api.deployment.DeploymentStatus.State.TRIAL;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.protocol.deployment.DeploymentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One bit of one file of the gateway's state turns over, or the file is cut off: nothing that was
 * not signed runs, no trial is passed by it, and the hub's next deployment goes through.
 */
class DamagedStateTest {

  /** Coprime to 8, so that each bit has its turn; 1 takes eight minutes and finds no more. */
  private static final int STEP = 17;

  private static final long HALF_A_MINUTE = 31_000_000_000L;

  private final FakeHub hub = new FakeHub();
  private final byte[] first = hub.deployment(1, hub.model("a", "1"));
  private final byte[] next = hub.deployment(3, hub.model("a", "3"));

  @TempDir Path root;

  DamagedStateTest() {}

  /** A state, the way to it, and what the hub desires there. */
  private interface Way {
    byte[] go(Rig rig, Twin twin) throws Exception;
  }

  @Test
  void whereNothingGoesOn() throws Exception {
    damage(ACTIVE, (rig, twin) -> first);
  }

  @Test
  void whileFilesAreFetched() throws Exception {
    damage(
        FETCHING,
        (rig, twin) -> {
          hub.blocksUntilGone = 0;
          byte[] second = hub.deployment(2, hub.model("a", "2"));
          twin.offer(second, false);
          assertThat(twin.work()).isFalse();
          hub.blocksUntilGone = Integer.MAX_VALUE;
          return second;
        });
  }

  @Test
  void inTheShadow() throws Exception {
    damage(SHADOW, this::tried);
  }

  @Test
  void onTrial() throws Exception {
    damage(
        TRIAL,
        (rig, twin) -> {
          byte[] second = tried(rig, twin);
          rig.models.measured.put("a2", TwinTrialTest.figures(100, 0, 1));
          twin.work();
          rig.models.measured.put("a2", TwinTrialTest.figures(10, 0, 1));
          rig.nanos.addAndGet(HALF_A_MINUTE);
          twin.work(); // writes trial.json
          return second;
        });
  }

  @Test
  void afterItWasTakenBack() throws Exception {
    damage(
        REVERTED,
        (rig, twin) -> {
          byte[] second = tried(rig, twin);
          rig.models.measured.put("a2", TwinTrialTest.figures(100, 0, 1));
          twin.work();
          rig.models.measured.put("a2", TwinTrialTest.figures(100, 90, 1));
          twin.work();
          return second;
        });
  }

  private byte[] tried(Rig rig, Twin twin) throws Exception {
    byte[] second = hub.onTrial(TwinTrialTest.BOTH, 2, hub.model("a", "2"));
    twin.offer(second, false);
    twin.work();
    return second;
  }

  private void damage(State state, Way way) throws Exception {
    Rig rig = new Rig(root.resolve("sound"), hub);
    Twin twin = rig.startWithOneLive();
    byte[] desired = way.go(rig, twin);
    assertThat(twin.status().state()).isEqualTo(state);
    List<String> wrong = new ArrayList<>();
    for (Path file : files(rig.root.resolve("data"))) {
      Path name = rig.root.relativize(file);
      List<byte[]> damaged = damaged(Files.readAllBytes(file));
      for (int i = 0; i < damaged.size(); i++) {
        byte[] bytes = damaged.get(i);
        Path copy = root.resolve("damaged");
        copy(rig.root, copy);
        Files.write(copy.resolve(name), bytes);
        if (name.endsWith("current.json") && i % 2 == 0) { // the copy is lost as well
          Files.write(copy.resolve(name).resolveSibling("current.copy.json"), bytes);
        }
        String what = goOn(new Rig(copy, hub), state, desired);
        if (!what.isEmpty()) {
          wrong.add(name + " as [" + new String(bytes, ISO_8859_1) + "]:" + what);
        }
        rig.disk.delete(copy);
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** What is wrong with how it goes on; empty where nothing is. */
  private String goOn(Rig rig, State before, byte[] desired) throws Exception {
    Twin twin = rig.start();
    twin.work();
    String wrong = passed(before, twin);
    if (!Set.of("a 1", "a 2").containsAll(rig.models.running.values())) {
      wrong += " not signed: " + rig.models.running;
    }
    wrong += offered(twin, desired) + passed(before, twin);
    boolean takenBack = twin.status().code().equals("trial.three_failed_starts"); // says why
    if (!takenBack && !rig.models.running.containsKey("a")) {
      wrong += " nothing is live: " + twin.status();
    }
    wrong += offered(twin, next);
    if (twin.status().state() != ACTIVE || !rig.models.running.equals(Map.of("a", "a 3"))) {
      wrong += " the next is " + twin.status() + ", and there runs " + rig.models.running;
    }
    return wrong;
  }

  private static String passed(State before, Twin twin) {
    boolean passes = Set.of(SHADOW, TRIAL, REVERTED).contains(before);
    boolean active = twin.status().state() == ACTIVE && twin.status().revision() == 2;
    return passes && active ? " the trial is passed" : "";
  }

  private static String offered(Twin twin, byte[] envelope) throws Exception {
    try {
      twin.offer(envelope, false);
      twin.work();
      return "";
    } catch (DeploymentException e) {
      return " turned away: " + e.getMessage();
    }
  }

  /** Empty, cut off, and with one bit of some bytes turned over. */
  private static List<byte[]> damaged(byte[] sound) {
    List<byte[]> all = new ArrayList<>();
    all.add(new byte[0]);
    all.add(Arrays.copyOf(sound, sound.length / 2));
    all.add(Arrays.copyOf(sound, Math.max(0, sound.length - 1)));
    for (int i = sound.length % STEP; i < sound.length; i += STEP) {
      byte[] copy = sound.clone();
      copy[i] ^= (byte) (1 << i % 8);
      all.add(copy);
    }
    return all;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path one : walk.toList()) {
        Files.copy(one, to.resolve(from.relativize(one)));
      }
    }
  }
}
