package io.selvedge.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.StoreFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept within the budget, and what goes first. */
class BlobStoreTest {

  private static final int SIZE = 1000;

  @TempDir Path directory = Path.of("."); // set before each test

  private Instant now = FakeHub.NOW;

  private BlobStore store(long budget) {
    return new BlobStore(directory, new QuickDisk(), budget, Clock.fixed(now, ZoneOffset.UTC));
  }

  /** Puts an artifact there. */
  private Artifact here(int number) throws IOException {
    byte[] content = new byte[SIZE];
    Arrays.fill(content, (byte) number);
    String digest = Digests.sha256(content);
    Files.write(directory.resolve(digest), content);
    return new Artifact(
        Artifact.Kind.MODEL,
        "m" + number,
        "1",
        List.of(new Artifact.File("model.onnx", digest, SIZE)));
  }

  private boolean isHere(Artifact artifact) {
    return Files.exists(directory.resolve(artifact.files().get(0).sha256()));
  }

  /** Needed at that hour, and not since. */
  private void needed(int hour, Artifact... artifacts) throws IOException {
    now = FakeHub.NOW.plusSeconds(3600L * hour);
    store(1 << 20).retain(List.of(artifacts));
  }

  @Test
  void withinTheBudgetNothingGoes() throws Exception {
    Artifact old = here(1);
    Artifact live = here(2);
    BlobStore store = store(2 * SIZE);
    store.retain(List.of(live));
    assertThat(isHere(old)).isTrue();
    assertThat(store.figures()).isEqualTo(new StoreFigures(2 * SIZE, SIZE, 2, 2 * SIZE));
  }

  @Test
  void beyondItWhatWasNotNeededForTheLongestGoesFirst() throws Exception {
    Artifact first = here(1);
    Artifact second = here(2);
    Artifact third = here(3);
    Artifact live = here(4);
    needed(1, second);
    needed(2, first);
    needed(3, third);
    now = FakeHub.NOW.plusSeconds(3600L * 4);

    BlobStore store = store(3 * SIZE);
    store.retain(List.of(live));

    assertThat(isHere(second)).isFalse();
    assertThat(isHere(first)).isTrue();
    assertThat(isHere(third)).isTrue();
    assertThat(isHere(live)).isTrue();
    assertThat(store.figures().unneededBytes()).isEqualTo(2 * SIZE);
  }

  @Test
  void whatIsNeededStaysHoweverSmallTheBudget() throws Exception {
    Artifact live = here(1);
    Artifact previous = here(2);
    Artifact gone = here(3);
    BlobStore store = store(1);
    store.retain(List.of(live, previous));
    assertThat(List.of(isHere(live), isHere(previous), isHere(gone)))
        .containsExactly(true, true, false);
    assertThat(store.figures().bytes()).isEqualTo(2 * SIZE);
  }

  @Test
  void roomIsMadeOfWhatIsNotNeededAndNotOfWhatIsBeingFetched() throws Exception {
    Artifact live = here(1);
    Artifact old = here(2);
    Artifact coming = here(3);
    BlobStore store = store(1 << 20);
    store.retain(List.of(live));
    store.need(List.of(coming));

    long room = store.makeRoom(Long.MAX_VALUE);

    assertThat(room).isPositive();
    assertThat(List.of(isHere(live), isHere(old), isHere(coming)))
        .containsExactly(true, false, true);
  }

  @Test
  void unfinishedFilesCountAndGoLikeAllOthers() throws Exception {
    Artifact live = here(1);
    Path left = directory.resolve("ab".repeat(32) + ".sparse");
    Files.write(left, new byte[SIZE]);
    BlobStore store = store(SIZE);
    store.retain(List.of(live));
    assertThat(left).doesNotExist();
    assertThat(isHere(live)).isTrue();
  }

  @Test
  void aListThatTheDiskHasAlteredIsDroppedAndItsFileStays() throws Exception {
    Artifact live = here(1);
    String digest = live.files().get(0).sha256();
    Files.write(directory.resolve(digest + ".blocks"), new byte[9]);
    assertThat(store(1).lists()).isEmpty();
    assertThat(directory.resolve(digest + ".blocks")).doesNotExist();
    assertThat(isHere(live)).isTrue();
  }

  @Test
  void wrongSettingsAreToldAndTheDefaultsCount() {
    for (String wrong : new String[] {"22:00", "22-05", "22:00-22:00", "a-b", "1:00-2:00-3:00"}) {
      List<String> problems = new ArrayList<>();
      assertThat(TransferRules.timeOfDay(wrong, problems)).as(wrong).isEmpty();
      assertThat(problems).as(wrong).hasSize(1);
      assertThat(problems.get(0)).contains("[" + wrong + "]", "[22:00-05:00]");
    }
    List<String> problems = new ArrayList<>();
    assertThat(TransferRules.timeOfDay("22:00 - 05:00", problems)).isPresent();
    assertThat(problems).isEmpty();
    assertThat(TransferRules.hosts(" Files.example, b.example:8443 "))
        .containsExactlyInAnyOrder("files.example", "b.example:8443");
    assertThat(TransferRules.hosts(" ")).isEmpty();
  }
}
