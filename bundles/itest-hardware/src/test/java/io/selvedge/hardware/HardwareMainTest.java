package io.selvedge.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardwareMainTest {

  @TempDir Path directory = Path.of("."); // set before each test

  @Test
  void wrongUseIsTold() {
    assertThat(HardwareMain.run("--swaps", "0")).isEqualTo(2);
    assertThat(HardwareMain.run("--json", directory.toString())).isEqualTo(2);
    assertThat(HardwareMain.run("--unheard-of")).isEqualTo(2);
    assertThat(HardwareMain.run("--board", "abacus")).isEqualTo(2);
    assertThat(HardwareMain.run("--userland", "m68k")).isEqualTo(2);
    assertThat(HardwareMain.run("--board", "raspi3b", "--userland", "armhf")).isEqualTo(2);
  }
}
