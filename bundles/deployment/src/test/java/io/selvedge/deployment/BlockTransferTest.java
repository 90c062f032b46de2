package io.selvedge.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.deployment.FakeBlockHub.Fate;
import io.selvedge.protocol.deployment.Source;
import io.selvedge.protocol.deployment.Window;
import io.selvedge.protocol.transfer.Chunker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockTransferTest {

  private static final int SIZE = 4 << 20;
  private static final Clock NOON = Clock.fixed(FakeHub.NOW.plusSeconds(12 * 3600), ZoneOffset.UTC);

  @TempDir Path directory;

  private final FakeBlockHub hub = new FakeBlockHub();
  private final FakeEvents events = new FakeEvents();
  private final Meter meter = new Meter(() -> {});
  private final byte[] content = random(SIZE, 1);
  private TransferRules rules = FakeHub.RULES;
  private Artifact.File file;
  private Source source = Source.PLAIN;

  BlockTransferTest() {
    file = hub.add(content);
  }

  @BeforeEach
  void list() throws IOException {
    source = hub.source(file);
    meter.begin(List.of(artifact(file)));
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private static byte[] random(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static Artifact artifact(Artifact.File one) {
    return new Artifact(Artifact.Kind.MODEL, "m", "1", List.of(one));
  }

  private BlobStore blobs() {
    return new BlobStore(directory, new QuickDisk(), 1 << 30, NOON);
  }

  private BlobFetcher fetcher() {
    return new BlobFetcher(() -> Optional.of(hub), blobs(), rules, meter, events, NOON);
  }

  private void fetch() throws Exception {
    fetcher().fetch(file, source, () -> false);
    assertThat(Files.readAllBytes(directory.resolve(file.sha256())))
        .isEqualTo(hub.files.get(file.sha256()));
  }

  @Test
  void allBlocksComeOnce() throws Exception {
    fetch();

    assertThat(hub.bytesSent.get()).isEqualTo(SIZE);
    assertThat(hub.sessions.get()).isEqualTo(1);
    assertThat(hub.requests.get()).as("each names many blocks").isLessThan(40);
    assertThat(meter.progress().done()).isEqualTo(SIZE);
    assertThat(meter.progress().refetched()).isZero();
    assertThat(directory.resolve(file.sha256() + ".sparse")).doesNotExist();
  }

  @Test
  void whatIsLostIsAskedForAgainAndNothingElse() throws Exception {
    hub.fate = number -> number % 20 == 4 ? Fate.IS_LOST : Fate.ARRIVES;
    fetch();
    assertThat(meter.progress().refetched()).isZero();
    assertThat(hub.bytesSent.get()).isGreaterThan(SIZE).isLessThan(2L * SIZE);
  }

  @Test
  void aBadBlockCostsOneBlock() throws Exception {
    hub.fate = number -> number == 7 ? Fate.IS_ALTERED : Fate.ARRIVES;
    fetch();
    assertThat(meter.progress().refetched()).isBetween(1L, (long) Chunker.MOST);
    assertThat(hub.bytesSent.get() - SIZE).isEqualTo(meter.progress().refetched());
  }

  @Test
  void aBlockThatIsAlwaysBadIsRefused() {
    hub.fate = number -> Fate.IS_ALTERED;
    assertThatThrownBy(() -> fetcher().fetch(file, source, () -> false))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.code()).isEqualTo("artifact.digest_mismatch"));
  }

  @Test
  void whatComesTwiceIsCountedAndDoesNoHarm() throws Exception {
    hub.fate = number -> number == 3 ? Fate.COMES_TWICE : Fate.ARRIVES;
    fetch();
    assertThat(meter.progress().refetched()).isPositive();
  }

  @Test
  void aCutCostsNothingThatHasCome() throws Exception {
    hub.fate = number -> number % 9 == 0 ? Fate.CUTS_THE_CONNECTION : Fate.ARRIVES;
    fetch();
    assertThat(hub.sessions.get()).isGreaterThan(3);
    assertThat(meter.progress().refetched()).isZero();
  }

  @Test
  void anotherProcessGoesOnAndWhatTheDiskHasAlteredComesAgain() throws Exception {
    int[] asked = new int[1];
    assertThatThrownBy(() -> fetcher().fetch(file, source, () -> ++asked[0] > 15))
        .isInstanceOf(TransferException.class);
    long before = hub.bytesSent.get();
    assertThat(before).isLessThan(SIZE);
    Path sparse = directory.resolve(file.sha256() + ".sparse");
    byte[] half = Files.readAllBytes(sparse);
    half[10] ^= 1;
    Files.write(sparse, half);

    fetch();

    assertThat(hub.bytesSent.get()).isLessThan(SIZE + 20L * Chunker.MOST);
  }

  @Test
  void blocksOfTheVersionBeforeDoNotCome() throws Exception {
    fetch();
    hub.bytesSent.set(0);
    byte[] next = content.clone();
    System.arraycopy(random(SIZE / 20, 2), 0, next, SIZE / 2, SIZE / 20);
    byte[] longer = Arrays.copyOf(next, SIZE + 100);
    System.arraycopy(next, 1000, longer, 1100, SIZE - 1000);
    file = hub.add(longer);
    source = hub.source(file);

    fetch();

    assertThat(hub.bytesSent.get()).isBetween(SIZE / 20L, SIZE * 15L / 100);
  }

  @Test
  void aFileThatRepeatsItselfComesOnce() throws Exception {
    byte[] twice = Arrays.copyOf(new byte[0], 2 << 20);
    file = hub.add(twice);
    source = hub.source(file);
    fetch();
    assertThat(hub.bytesSent.get()).isEqualTo(Chunker.MOST);
  }

  @Test
  void whereTheBrokerAdmitsNoSecondConnectionItComesWithTheMessages() throws Exception {
    hub.refusesSessions = true;
    fetch();
    assertThat(hub.bytesSent.get()).isZero();
    assertThat(events.codes()).containsExactly("deployment.files_shared");
  }

  @Test
  void aListThatIsNotTheFilesIsRefused() throws Exception {
    Source other = hub.source(hub.add(random(100_000, 3)));
    refused("artifact.wrong_blocks", other);
    hub.files.put(source.blocks().orElseThrow().listSha256(), new byte[80]);
    refused("artifact.digest_mismatch", source);
    hub.files.remove(source.blocks().orElseThrow().listSha256());
    refused("artifact.not_found", source);
  }

  @Test
  void aFileThatTheHubDoesNotHaveIsRefused() {
    hub.files.remove(file.sha256());
    refused("artifact.not_found", source);
  }

  private void refused(String code, Source wrong) {
    assertThatThrownBy(() -> fetcher().fetch(file, wrong, () -> false))
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void aFileThatIsNotWhatItsBlocksMakeIsNeverStagedAndRefusedInTheEnd() throws Exception {
    Artifact.File lie = new Artifact.File("model.onnx", "ab".repeat(32), SIZE);
    hub.files.put(lie.sha256(), content);
    BlobStore blobs = blobs();
    BlobFetcher fetcher =
        new BlobFetcher(() -> Optional.of(hub), blobs, rules, meter, events, NOON);
    Staging staging = new Staging(directory.resolve("staged"), blobs, new QuickDisk());
    for (int round = 0; round < 2; round++) { // the hub may send it again
      for (int i = 0; i < 3; i++) {
        fetcher.fetch(lie, source, () -> false);
        assertThat(staging.stage(artifact(lie))).isFalse();
        assertThat(staging.directory(artifact(lie))).doesNotExist();
      }
      assertThatThrownBy(() -> fetcher.fetch(lie, source, () -> false))
          .isInstanceOfSatisfying(
              Refusal.class, e -> assertThat(e.code()).isEqualTo("artifact.digest_mismatch"));
      assertThat(directory.resolve(lie.sha256())).doesNotExist();
    }
    assertThat(meter.progress().refetched()).isGreaterThanOrEqualTo(3L * SIZE);
  }

  @Test
  void whatTheDiskAltersBeforeItIsStagedComesAgain() throws Exception {
    BlobStore blobs = blobs();
    BlobFetcher fetcher =
        new BlobFetcher(() -> Optional.of(hub), blobs, rules, meter, events, NOON);
    Staging staging = new Staging(directory.resolve("staged"), blobs, new QuickDisk());
    fetcher.fetch(file, source, () -> false);
    byte[] altered = content.clone();
    altered[SIZE / 2] ^= 1;
    Files.write(directory.resolve(file.sha256()), altered);
    assertThat(staging.stage(artifact(file))).isFalse();

    fetcher.fetch(file, source, () -> false);

    assertThat(staging.stage(artifact(file))).isTrue();
    assertThat(staging.directory(artifact(file)).resolve(file.path())).hasBinaryContent(content);
  }

  @Test
  void withoutAConnectionItWaits() {
    hub.online = false;
    assertThatThrownBy(() -> fetcher().fetch(file, source, () -> false))
        .isInstanceOf(TransferException.class);
  }

  @Test
  void outsideTheTimeOfTheDayNothingComes() throws Exception {
    rules =
        new TransferRules(
            1 << 30,
            0,
            1 << 20,
            Optional.of(new Window(LocalTime.of(22, 0), LocalTime.of(5, 0))),
            Set.of(),
            List.of());
    BlobFetcher waiting = fetcher();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> waiting.fetch(file, source, () -> false))
          .isInstanceOf(TransferException.class);
    }
    assertThat(hub.requests.get()).isZero();
    assertThat(events.codes()).as("said once").containsExactly("deployment.waits");
  }

  @Test
  void aBudgetIsKept() throws Exception {
    rules = new TransferRules(1 << 30, 4 << 20, 1 << 20, Optional.empty(), Set.of(), List.of());
    long from = System.nanoTime();
    fetch();
    // 4 MiB at 4 MiB/s, but for a quarter of a second that may be saved up.
    assertThat((System.nanoTime() - from) / 1_000_000).isGreaterThan(700);
  }
}
