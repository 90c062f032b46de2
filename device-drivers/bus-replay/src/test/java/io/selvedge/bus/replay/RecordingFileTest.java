package io.selvedge.bus.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.recording.RecordingBuses;
import io.selvedge.testkit.recording.ReplayBuses;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingFileTest {

  @TempDir Path folder;

  @Test
  void whatIsWrittenCanBePlayed() throws Exception {
    Path path = folder.resolve("hall.txt");
    FakeBuses machine = new FakeBuses();
    machine.i2c("i2c1").put(0x48, 0, 0xe7, 0x00);

    try (RecordingFile file = new RecordingFile(path, 1024)) {
      new RecordingBuses(machine, file).i2c("i2c1").readRegister(0x48, 0, 2);
    }

    assertThat(ReplayBuses.of(path).i2c("i2c1").readRegister(0x48, 0, 2))
        .containsExactly(0xe7, 0x00);
  }

  @Test
  void fillsNoDisk() throws Exception {
    Path path = folder.resolve("long.txt");
    try (RecordingFile file = new RecordingFile(path, 100)) {
      for (int i = 0; i < 50; i++) {
        file.append("line " + i + "\n");
      }
    }
    assertThat(Files.size(path)).isBetween(80L, 100L);

    try (RecordingFile file = new RecordingFile(path, 100)) {
      file.append("after a restart the rest is what is left, not as much again\n");
    }
    assertThat(Files.size(path)).isLessThanOrEqualTo(100);
  }
}
