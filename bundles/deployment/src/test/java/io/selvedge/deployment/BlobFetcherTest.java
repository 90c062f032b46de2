package io.selvedge.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.protocol.deployment.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobFetcherTest {

  /** Ten blocks and a bit. */
  private static final int SIZE = 10 * OffsetTransfer.PIECE + 77;

  private static final Clock CLOCK = Clock.fixed(FakeHub.NOW, ZoneOffset.UTC);

  @TempDir Path directory;

  private final FakeHub hub = new FakeHub();
  private final byte[] content = new byte[SIZE];
  private final Artifact.File file;

  BlobFetcherTest() {
    new Random(1).nextBytes(content);
    file = hub.artifact(Artifact.Kind.MODEL, "m", "1", content).files().get(0);
  }

  private BlobStore blobs() {
    return new BlobStore(directory, new Disk(), 0, CLOCK);
  }

  private BlobFetcher fetcher() {
    return fetcher(Optional.of(hub));
  }

  private BlobFetcher fetcher(Optional<Uplink> uplink) {
    return new BlobFetcher(
        () -> uplink, blobs(), FakeHub.RULES, new Meter(() -> {}), new FakeEvents(), CLOCK);
  }

  private Path part() {
    return directory.resolve(file.sha256() + ".part");
  }

  @BeforeEach
  void online() {
    hub.blocksUntilGone = Integer.MAX_VALUE;
  }

  @Test
  void fetchesInBlocksAndVerifies() throws Exception {
    fetcher().fetch(file, Source.PLAIN, () -> false);

    assertThat(Files.readAllBytes(directory.resolve(file.sha256()))).isEqualTo(content);
    assertThat(hub.offsets).hasSize(11).startsWith(0L, 65_536L).endsWith(655_360L);
    assertThat(Files.exists(part())).isFalse();
  }

  @Test
  void whatIsHereIsNotFetched() throws Exception {
    fetcher().fetch(file, Source.PLAIN, () -> false);
    hub.offsets.clear();
    fetcher().fetch(file, Source.PLAIN, () -> false);
    assertThat(hub.offsets).isEmpty();
  }

  @Test
  void anEmptyFileIsAFile() throws Exception {
    Artifact.File empty = hub.artifact(Artifact.Kind.MODEL, "m", "1", new byte[0]).files().get(0);
    fetcher().fetch(empty, Source.PLAIN, () -> false);
    assertThat(directory.resolve(empty.sha256())).isEmptyFile();
  }

  @Test
  void goesOnWhereItStopped() throws Exception {
    hub.blocksUntilGone = 7;
    assertThatThrownBy(() -> fetcher().fetch(file, Source.PLAIN, () -> false))
        .isInstanceOf(TransferException.class);
    long kept = Files.size(part());
    assertThat(kept).isGreaterThanOrEqualTo(3L * OffsetTransfer.PIECE);

    hub.blocksUntilGone = Integer.MAX_VALUE;
    hub.offsets.clear();
    fetcher().fetch(file, Source.PLAIN, () -> false);

    assertThat(hub.offsets.get(0)).isEqualTo(kept);
    assertThat(Files.readAllBytes(directory.resolve(file.sha256()))).isEqualTo(content);
  }

  @Test
  void aPartOfAnyLengthIsGoneOnFrom() throws Exception {
    Files.write(part(), Arrays.copyOf(content, 12_345));
    fetcher().fetch(file, Source.PLAIN, () -> false);
    assertThat(hub.offsets.get(0)).isEqualTo(12_345);
    assertThat(Files.readAllBytes(directory.resolve(file.sha256()))).isEqualTo(content);
  }

  /** What a power cut may leave: a length that was written, bytes that were not. */
  @Test
  void aDamagedPartIsFetchedAnew() throws Exception {
    Files.write(part(), new byte[200_000]);
    fetcher().fetch(file, Source.PLAIN, () -> false);
    assertThat(Files.readAllBytes(directory.resolve(file.sha256()))).isEqualTo(content);
    assertThat(hub.offsets).contains(200_000L, 0L);
  }

  @Test
  void aPartThatIsTooLongIsFetchedAnew() throws Exception {
    Files.write(part(), new byte[SIZE + 1]);
    fetcher().fetch(file, Source.PLAIN, () -> false);
    assertThat(Files.readAllBytes(directory.resolve(file.sha256()))).isEqualTo(content);
  }

  @Test
  void anAlteredByteIsRefusedAndNothingIsKept() throws Exception {
    byte[] altered = content.clone();
    altered[400_000] ^= 1;
    hub.blobs.put(file.sha256(), altered);
    refused("artifact.digest_mismatch", () -> fetcher().fetch(file, Source.PLAIN, () -> false));
    assertThat(hub.offsets).as("three times").hasSize(33);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aFileThatTheHubDoesNotHaveIsRefused() {
    hub.blobs.clear();
    refused("artifact.not_found", () -> fetcher().fetch(file, Source.PLAIN, () -> false));
  }

  @Test
  void anotherSizeAtTheHubIsRefusedAtTheFirstBlock() {
    hub.meddle = reply -> new Reply(200, "", Map.of("size", Value.of(5L)), reply.body());
    refused("artifact.wrong_size", () -> fetcher().fetch(file, Source.PLAIN, () -> false));
  }

  @Test
  void aBlockThatIsTooShortIsNotWritten() throws Exception {
    hub.meddle = reply -> new Reply(200, "", reply.metrics(), Arrays.copyOf(reply.body(), 100));
    assertThatThrownBy(() -> fetcher().fetch(file, Source.PLAIN, () -> false))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("[100]");
    assertThat(part()).isEmptyFile();
  }

  @Test
  void anErrorAtTheHubIsTriedAgainLater() {
    hub.meddle = reply -> Reply.error(500, "store is busy");
    assertThatThrownBy(() -> fetcher().fetch(file, Source.PLAIN, () -> false))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("store is busy");
  }

  @Test
  void withoutAWayToTheHubItWaits() {
    BlobFetcher offline = fetcher(Optional.empty());
    assertThatThrownBy(() -> offline.fetch(file, Source.PLAIN, () -> false))
        .isInstanceOf(TransferException.class);
  }

  @Test
  void stopsBetweenBlocks() throws Exception {
    int[] asked = new int[1];
    assertThatThrownBy(() -> fetcher().fetch(file, Source.PLAIN, () -> ++asked[0] > 3))
        .isInstanceOf(TransferException.class);
    assertThat(Files.size(part())).isEqualTo(3L * OffsetTransfer.PIECE);
  }

  @Test
  void whatDoesNotFitOnTheDiskIsRefusedBeforeTheFirstBlock() throws IOException {
    Artifact.File huge = new Artifact.File("model.onnx", "ab".repeat(32), 1L << 60);
    refused("artifact.no_room", () -> fetcher().fetch(huge, Source.PLAIN, () -> false));
    assertThat(hub.offsets).isEmpty();
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
