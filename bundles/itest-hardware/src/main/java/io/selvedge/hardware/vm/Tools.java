package io.selvedge.hardware.vm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of this machine. */
public final class Tools {

  /** Program and the Debian package that has it. */
  private static final Map<String, String> NEEDED = new LinkedHashMap<>();

  static {
    NEEDED.put("qemu-system-aarch64", "qemu-system-arm");
    NEEDED.put("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu");
    NEEDED.put("make", "make");
    NEEDED.put("cpio", "cpio");
    NEEDED.put("xz", "xz-utils");
    NEEDED.put("mke2fs", "e2fsprogs");
    NEEDED.put("flock", "util-linux");
    NEEDED.put("mosquitto", "mosquitto");
    NEEDED.put("apt-get", "apt");
    NEEDED.put("dpkg-deb", "dpkg");
  }

  private Tools() {}

  /**
   * Looks for all that the test needs.
   *
   * @throws MissingException where something is not there; says what to install
   */
  public static void require() {
    List<String> packages = new ArrayList<>();
    List<String> programs = new ArrayList<>();
    NEEDED.forEach(
        (program, name) -> {
          if (find(program).isEmpty()) {
            programs.add(program);
            packages.add(name);
          }
        });
    if (!programs.isEmpty()) {
      throw new MissingException(
          "programs "
              + programs
              + " are not installed; the test needs a Debian machine with them (apt-get install "
              + String.join(" ", packages)
              + ")");
    }
  }

  /** Where a program is. */
  public static Optional<Path> find(String program) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin:/sbin";
    return Stream.of(path.split(":", -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The same, where it has to be there. */
  public static String path(String program) {
    return find(program)
        .orElseThrow(() -> new MissingException("program [" + program + "] is not installed"))
        .toString();
  }
}
