package io.selvedge.hardware.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedTest {

  @TempDir Path source = Path.of("."); // set before each test

  /** Stands for the script that prepares. */
  private void script(String text) throws Exception {
    Path vm = Files.createDirectories(source.resolve("bundles/itest-hardware/src/vm"));
    Files.writeString(vm.resolve("prepare.sh"), text);
  }

  @Test
  void eachUserlandHasItsOwnDisk() throws Exception {
    script("echo step packages: $3; echo $1/6.1.0-9-arm64");
    List<String> steps = new ArrayList<>();

    Prepared prepared =
        Prepared.prepare(source, source.resolve("cache"), Userland.armhf, false, steps::add);

    assertThat(steps).containsExactly("packages: armhf");
    assertThat(prepared.release()).isEqualTo("6.1.0-9-arm64");
    assertThat(prepared.base().getFileName()).hasToString("base-armhf.img");
    assertThat(new Prepared(source, Userland.arm64).base().getFileName())
        .hasToString("base-arm64.img");
  }

  @Test
  void packagesThatCannotBeHadAreMissingAndWhyComesFirst() throws Exception {
    script("echo step downloading; echo W: no network; echo package x is not there; exit 3");

    assertThatThrownBy(() -> Prepared.prepare(source, source, Userland.armhf, false, step -> {}))
        .isInstanceOf(MissingException.class)
        .hasMessage("Debian's packages cannot be had: package x is not there\nW: no network");
  }

  @Test
  void whatElseFailsIsNoReasonToSkip() throws Exception {
    script("echo no space left; exit 4");

    assertThatThrownBy(() -> Prepared.prepare(source, source, Userland.arm64, false, step -> {}))
        .isInstanceOf(Processes.EndedException.class)
        .hasMessageContaining("exit code [4]: no space left");
  }
}
