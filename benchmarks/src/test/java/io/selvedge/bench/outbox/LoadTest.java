package io.selvedge.bench.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.SegmentOutbox;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTest {

  @TempDir Path directory;

  @Test
  void appendsExactlyAsManyRecordsAsItIsAskedToAndTakesAllOfThemOut() throws Exception {
    OutboxOptions options =
        OutboxOptions.defaults().withSegmentSize(256 * 1024).withBudget(8L * 1024 * 1024);
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options)) {
      Load load = new Load(outbox);
      assertThat(load.append(10_001, 100, 3)).isPositive();
      assertThat(outbox.status().pending()).isEqualTo(10_001);
      assertThat(load.appendEach(2, 100)).isPositive();
      assertThat(load.drain()).isPositive();
      assertThat(outbox.status().pending()).isZero();
      assertThat(outbox.status().delivered()).isEqualTo(10_003);
    }
  }

  @Test
  void theBareDiskBeginsAgainAtItsFilesStart() throws Exception {
    try (BareDisk disk = new BareDisk(directory.resolve("bare"), 1024 * 1024)) {
      assertThat(disk.groupCommit(4L * 1024 * 1024, 64 * 1024)).isPositive();
      assertThat(disk.commitEach(3, 100)).isPositive();
    }
    assertThat(directory.resolve("bare")).hasSize(1024 * 1024);
  }
}
