package io.selvedge.hardware.pi;

import io.selvedge.hardware.vm.MissingException;
import io.selvedge.hardware.vm.Processes;
import io.selvedge.hardware.vm.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A QEMU whose Raspberry Pi has I2C.
 *
 * @param home what it lies below; the root where it is this machine's own
 */
record Qemu(Path home) {

  /**
   * This machine's own, or that of Debian's backports.
   *
   * @throws MissingException where there is none
   */
  static Qemu find(Path source, Path cache, Consumer<String> progress) throws InterruptedException {
    List<String> last = new ArrayList<>(List.of(""));
    String script = source.resolve("bundles/itest-hardware/src/vm/qemu.sh").toString();
    try {
      Processes.run(
          List.of("sh", script, cache.toString()),
          line -> {
            last.set(0, line);
            if (line.startsWith("step ")) {
              progress.accept(line.substring("step ".length()));
            }
          });
    } catch (IOException e) {
      throw new MissingException(
          "no QEMU of version 9 or newer, whose Raspberry Pi has I2C, can be had: "
              + last.get(0)
              + "; on Debian 12 it is in bookworm-backports");
    }
    return new Qemu(Path.of(last.get(0)));
  }

  private boolean isOwn() {
    return home.getNameCount() == 0;
  }

  /** The command that starts it, without options for the machine. */
  List<String> command() {
    if (isOwn()) {
      return List.of(Tools.path("qemu-system-aarch64"));
    }
    return List.of(
        home.resolve("usr/bin/qemu-system-aarch64").toString(),
        "-L",
        home.resolve("usr/share/qemu").toString());
  }
}
