package io.selvedge.bench.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.outbox.CutDisk;
import io.selvedge.outbox.Outbox;
import io.selvedge.outbox.OutboxOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UndoLogTest {

  private static final Path ROOT = Path.of("/");

  @TempDir Path directory = Path.of("."); // set before each test
  private Path log = Path.of("undo");
  private Path file = Path.of("file");

  @BeforeEach
  void twoSectors() throws IOException {
    log = directory.resolve("undo");
    file = directory.resolve("file");
    Files.write(file, new byte[2 * UndoLog.SECTOR]);
  }

  /** A random source whose power cuts keep nothing that was not forced. */
  private static Random nothingStays() {
    return new Random() {
      private static final long serialVersionUID = 1;

      @Override
      public int nextInt(int bound) {
        return 0;
      }
    };
  }

  private void write(UndoLog undo, int sector, int value) throws IOException {
    int at = sector * UndoLog.SECTOR;
    byte[] before = Arrays.copyOfRange(Files.readAllBytes(file), at, at + UndoLog.SECTOR);
    undo.written(file, sector, before);
    undo.flush();
    byte[] bytes = new byte[UndoLog.SECTOR];
    Arrays.fill(bytes, (byte) value);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), at);
    }
  }

  @Test
  void keepsWhatWasForcedAndTakesBackTheRest() throws IOException {
    UndoLog undo = new UndoLog(log);
    write(undo, 0, 1);
    undo.forced(file);
    write(undo, 1, 2);

    int taken = UndoLog.cut(log, ROOT, nothingStays());

    assertThat(taken).isEqualTo(1);
    assertThat(Files.readAllBytes(file)[0]).isEqualTo((byte) 1);
    assertThat(Files.readAllBytes(file)[UndoLog.SECTOR]).isZero();
    assertThat(log).doesNotExist();
  }

  @Test
  void takesNamesBackWhoseDirectoryWasNotForced() throws IOException {
    UndoLog undo = new UndoLog(log);
    Path safe = Files.createFile(directory.resolve("safe"));
    undo.made(safe);
    undo.namesForced(directory);
    Path unsafe = Files.createFile(directory.resolve("unsafe"));
    undo.made(unsafe);

    UndoLog.cut(log, ROOT, nothingStays());

    assertThat(safe).exists();
    assertThat(unsafe).doesNotExist();
  }

  @Test
  void readsALogWhoseLastEntryWasCutOff() throws IOException {
    UndoLog undo = new UndoLog(log);
    write(undo, 0, 1);
    write(undo, 1, 2);
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 100);
    }

    assertThat(UndoLog.cut(log, ROOT, nothingStays())).isEqualTo(1);
  }

  @Test
  void anOutboxOnSuchADiskLosesNothingThatItAccepted() throws Exception {
    assertThat(acceptedThenCut(true)).isPresent();
  }

  /** Otherwise the test above would prove nothing. */
  @Test
  void anOutboxThatDoesNotSyncLosesWhatItAccepted() throws Exception {
    assertThat(acceptedThenCut(false)).isEmpty();
  }

  /** The first record after a power cut at the moment of acceptance. */
  private Optional<?> acceptedThenCut(boolean syncs) throws Exception {
    Path outbox = directory.resolve("outbox");
    Path copy = directory.resolve("copy");
    OutboxOptions options = OutboxOptions.defaults().withSegmentSize(64 * 1024);
    try (Outbox open = CutDisk.open(outbox, options, log, syncs)) {
      open.append("", 0, Duration.ZERO, new byte[] {1}).toCompletableFuture().join();
      Files.copy(log, copy); // what is written at the closing comes after the cut
    }
    Files.delete(log);
    UndoLog.cut(copy, ROOT, nothingStays());
    try (Outbox open = CutDisk.open(outbox, options, log, true)) {
      return open.poll(Duration.ofMillis(100));
    }
  }
}
