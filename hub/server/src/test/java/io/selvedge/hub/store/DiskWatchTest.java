package io.selvedge.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskWatchTest {

  @Test
  void itTellsHowMuchIsLeftAndHowMuchMustBe(@TempDir Path folder) {
    assertThat(new DiskWatch(folder, 200L << 20, () -> 7L << 20).obstacle())
        .get()
        .asString()
        .contains(folder.toString(), "[7] MB", "200", "--keep-days");
    assertThat(new DiskWatch(folder, 200L << 20, () -> 200L << 20).obstacle()).isEmpty();
  }

  @Test
  void itAsksTheRealDisk(@TempDir Path folder) {
    assertThat(new DiskWatch(folder, 1).obstacle()).isEmpty();
    assertThat(new DiskWatch(folder, Long.MAX_VALUE).obstacle()).isPresent();
  }
}
