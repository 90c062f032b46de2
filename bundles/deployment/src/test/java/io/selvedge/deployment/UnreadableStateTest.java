package io.selvedge.deployment;

import static io.selvedge.api.deployment.DeploymentStatus.State.ACTIVE;
import static io.selvedge.api.deployment.DeploymentStatus.State.FETCHING;
import static io.selvedge.api.deployment.DeploymentStatus.State.TRIAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A block under a file of the gateway's state cannot be read, or the disk takes nothing any more:
 * what is live goes on wherever it is known from anywhere.
 */
class UnreadableStateTest {

  /** The kernel's own input/output error: nothing is mapped at a process's address 0. */
  private static final Path BAD_BLOCK = Path.of("/proc/self/mem");

  private final FakeHub hub = new FakeHub();
  private Rig rig;
  private Twin twin;

  UnreadableStateTest() {}

  /** As after a mount with {@code errors=remount-ro} had to do that. */
  private static final class ReadOnlyDisk extends QuickDisk {

    private final List<String> refused = new ArrayList<>();

    @Override
    void before(String change) throws IOException {
      refused.add(change);
      throw new IOException("Read-only file system");
    }
  }

  @BeforeEach
  void oneIsLive(@TempDir Path root) throws Exception {
    rig = new Rig(root, hub);
    twin = rig.startWithOneLive();
    rig.events.clear();
  }

  @Test
  void whatIsLiveGoesOnByItsCopyAndTheFileStaysUntilItIsWrittenAnew() throws Exception {
    unreadable("current.json");

    restart();

    assertThat(twin.work()).isTrue();
    oneLives();
    assertThat(rig.events.codes()).containsExactly("deployment.state_damaged");
    assertThat(message(0)).contains("current.json]", "cannot be read", "its copy counts");
    assertThat(rig.state("current.json.damaged")).doesNotExist();
    assertThat(rig.state("current.json")).isSymbolicLink();
    live(2, "2");
    assertThat(rig.state("current.json")).hasSameBinaryContentAs(rig.state("current.copy.json"));
  }

  @Test
  void whereThereIsNoSoundCopyNothingIsBegun() throws Exception {
    unreadable("current.json");
    byte[] sound = Files.readAllBytes(rig.state("current.copy.json"));
    Files.write(rig.state("current.copy.json"), new byte[40]);
    assertThatThrownBy(rig::start).isInstanceOf(IOException.class).hasMessageContaining("no sound");
    assertThat(rig.state("current.copy.json")).doesNotExist();
    assertThatThrownBy(rig::start).isInstanceOf(IOException.class).hasMessageContaining("no sound");
    unreadable("current.copy.json");
    assertThatThrownBy(rig::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("delete both")
        .hasRootCauseInstanceOf(IOException.class);

    Files.delete(rig.state("current.json"));
    Files.write(rig.state("current.json"), sound); // it can be read again
    restart();
    oneLives();
  }

  @Test
  void aCopyThatCannotBeReadIsWrittenAnew() throws Exception {
    unreadable("current.copy.json");

    restart();

    oneLives();
    assertThat(rig.events.codes()).containsExactly("deployment.state_damaged");
    assertThat(rig.state("current.copy.json")).hasSameBinaryContentAs(rig.state("current.json"));
    rig.events.clear();
    restart();
    assertThat(rig.events.codes()).isEmpty();
  }

  @Test
  void onADiskThatTakesNothingWhatIsLiveGoesOnByTheCopy() throws Exception {
    Files.write(rig.state("current.json"), new byte[40]);
    ReadOnlyDisk full = new ReadOnlyDisk();
    rig.disk = full;

    restart();
    assertThat(twin.work()).isTrue();

    oneLives();
    assertThat(full.refused).isNotEmpty();
    assertThat(rig.events.codes())
        .containsExactly("deployment.state_damaged", "deployment.disk_failed");
    assertThat(message(0)).contains("could not be put aside", "Read-only");
    assertThat(rig.state("current.json")).exists();

    rig.disk = new QuickDisk();
    restart();
    live(2, "2");
  }

  @Test
  void onADiskThatTakesNothingACopyThatIsMissingIsToldAndNoMore() throws Exception {
    Files.delete(rig.state("current.copy.json"));

    startsOnADiskThatTakesNothing();
  }

  @Test
  void anOldEnvelopeThatCannotBeDeletedKeepsNothingFromStarting() throws Exception {
    Files.write(rig.state("pending.json"), hub.deployment(1, hub.model("a", "1")));

    startsOnADiskThatTakesNothing();
  }

  private void startsOnADiskThatTakesNothing() throws Exception {
    rig.disk = new ReadOnlyDisk();
    restart();
    assertThat(twin.work()).isTrue();
    oneLives();
    assertThat(rig.events.codes()).containsExactly("deployment.disk_failed");
  }

  @Test
  void theHubsCopyIsTakenOfAnEnvelopeThatCannotBeRead() throws Exception {
    byte[] envelope = hub.deployment(2, hub.model("a", "2"));
    hub.blocksUntilGone = 0;
    twin.offer(envelope, false);
    assertThat(twin.work()).isFalse();
    unreadable("pending.json");
    rig.events.clear();

    restart();
    twin.work();

    oneLives();
    assertThat(twin.status().state()).isEqualTo(FETCHING);
    assertThat(rig.events.codes()).containsExactly("deployment.state_damaged");
    hub.blocksUntilGone = Integer.MAX_VALUE;
    twin.offer(envelope, false);
    assertThat(twin.work()).isTrue();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(rig.models.running).containsExactly(Map.entry("a", "a 2"));
    assertThat(rig.state("pending.json")).doesNotExist();
  }

  @Test
  void aTrialOfWhichNothingCanBeReadBeginsAnew() throws Exception {
    twin.offer(hub.onTrial(TwinTrialTest.LIVE, 2, hub.model("a", "2")), true);
    twin.work();
    rig.models.measured.put("a2", TwinTrialTest.figures(60, 0, 1));
    rig.nanos.addAndGet(31_000_000_000L);
    twin.work(); // writes trial.json
    unreadable("trial.json");
    unreadable("unproven");
    rig.events.clear();

    restart();
    rig.models.measured.put("a2", TwinTrialTest.figures(60, 0, 1));
    twin.work();

    assertThat(twin.status().state()).as("60 and 60 are not 100 of one count").isEqualTo(TRIAL);
    assertThat(rig.events.codes())
        .containsExactly("deployment.state_damaged", "deployment.state_damaged");
    rig.models.measured.put("a2", TwinTrialTest.figures(100, 0, 1));
    twin.work();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    for (String file : List.of("trial.json", "unproven")) {
      assertThat(Files.isSymbolicLink(rig.state(file))).as(file).isFalse();
    }
  }

  /** What a switch that was cut short left active stands there only. */
  @Test
  void withoutAJournalThatIsThereNothingIsBegun() throws Exception {
    unreadable("journal.json");
    assertThatThrownBy(rig::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("journal.json")
        .hasMessageContaining("delete it");
    assertThat(rig.state("journal.json")).isSymbolicLink();
  }

  /** A version before wrote neither a sum nor a copy. */
  @Test
  void afterAnUpgradeTheCopyIsThereFromTheFirstStartOn() throws Exception {
    byte[] before = Sum.checked(Files.readAllBytes(rig.state("current.json")));
    Files.write(rig.state("current.json"), before);
    Files.delete(rig.state("current.copy.json"));

    restart();

    assertThat(rig.state("current.json")).hasBinaryContent(Sum.added(before));
    assertThat(rig.state("current.copy.json")).hasBinaryContent(Sum.added(before));
    assertThat(rig.events.codes()).isEmpty();
  }

  /** A version before ran for a while, or a backup was unpacked: the copy is an old one. */
  @Test
  void anOldCopyNeverComesBackAsWhatIsLive() throws Exception {
    byte[] old = Files.readAllBytes(rig.state("current.copy.json"));
    live(2, "2");
    Files.write(rig.state("current.copy.json"), old);
    restart();

    Files.write(rig.state("current.json"), new byte[40]);
    restart();
    twin.work();

    assertThat(twin.status().revision()).isEqualTo(2);
    assertThat(rig.models.running).containsExactly(Map.entry("a", "a 2"));
  }

  @Test
  void whoeverDeletesOneOfTheTwoIsToldOfTheOther() throws Exception {
    Files.delete(rig.state("current.json"));

    restart();
    twin.work();

    oneLives();
    assertThat(rig.events.codes()).containsExactly("deployment.state_missing");
    Event event = rig.events.recent(9).get(0);
    assertThat(event.severity()).isEqualTo(Event.Severity.WARNING);
    assertThat(event.message()).contains("current.copy.json").contains("both");
    rig.events.clear();
    restart();
    assertThat(rig.events.codes()).isEmpty();
  }

  private void unreadable(String name) throws IOException {
    Path file = rig.state(name);
    Files.deleteIfExists(file);
    Files.createSymbolicLink(file, BAD_BLOCK);
    assertThatThrownBy(() -> Files.readAllBytes(file)).isInstanceOf(IOException.class);
  }

  private void restart() throws IOException {
    rig.models = new FakeHandler();
    twin = rig.start();
  }

  private void oneLives() throws Exception {
    twin.work();
    assertThat(twin.status().revision()).isEqualTo(1);
    assertThat(rig.models.running).containsExactly(Map.entry("a", "a 1"));
  }

  private void live(long revision, String version) throws Exception {
    twin.offer(hub.deployment(revision, hub.model("a", version)), true);
    assertThat(twin.work()).isTrue();
    assertThat(twin.status().state()).isEqualTo(ACTIVE);
    assertThat(twin.status().revision()).isEqualTo(revision);
  }

  private String message(int index) {
    return rig.events.recent(9).get(index).message();
  }
}
