package io.selvedge.hardware.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the machine is made of, in the cache: kernel, modules, root file system.
 *
 * @param home the cache's directory of this kernel
 * @param userland what runs on it
 */
public record Prepared(Path home, Userland userland) {

  /** How {@code prepare.sh} ends where packages cannot be had. */
  private static final int ABSENT = 3;

  /** Where the cache is unless said otherwise. */
  public static Path defaultCache() {
    Map<String, String> environment = System.getenv();
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path root =
        cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    return root.resolve("selvedge").resolve("hardware-test");
  }

  /**
   * Downloads and builds what is missing.
   *
   * @param source the source tree
   * @param userland what is to run on the kernel
   * @param refresh asks whether there is a newer kernel
   * @throws MissingException where packages cannot be had
   */
  public static Prepared prepare(
      Path source, Path cache, Userland userland, boolean refresh, Consumer<String> progress)
      throws IOException, InterruptedException {
    Path module = source.resolve("bundles/itest-hardware/src");
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                module.resolve("vm/prepare.sh").toString(),
                cache.toString(),
                module.resolve("kernel").toString(),
                userland.name()));
    if (refresh) {
      command.add("refresh");
    }
    List<String> last = new ArrayList<>(List.of(""));
    try {
      Processes.run(
          command,
          line -> {
            last.set(0, line);
            if (line.startsWith("step ")) {
              progress.accept(line.substring("step ".length()));
            }
          });
    } catch (Processes.EndedException e) {
      if (e.code() == ABSENT) {
        throw new MissingException("Debian's packages cannot be had: " + reason(e.tail()));
      }
      throw e;
    }
    return new Prepared(Path.of(last.get(0)), userland);
  }

  /** The script's own word is its last line; what apt said comes after it. */
  static String reason(String output) {
    List<String> lines =
        new ArrayList<>(output.lines().filter(line -> !line.startsWith("step ")).toList());
    Collections.rotate(lines, 1);
    return String.join("\n", lines);
  }

  public Path kernel() {
    return home.resolve("vmlinuz");
  }

  /** Its release, for example 6.1.0-56-arm64. */
  public String release() {
    return String.valueOf(home.getFileName());
  }

  public Path base() {
    return home.resolve("base-" + userland + ".img");
  }

  /** The first root: busybox, the modules in their order, {@code init}. */
  public Path initrd(Path source, Path work) throws IOException, InterruptedException {
    Path root = work.resolve("initrd");
    for (String directory : List.of("bin", "proc", "sys", "dev", "root", "modules")) {
      Files.createDirectories(root.resolve(directory));
    }
    Files.copy(home.resolve("busybox-" + userland), root.resolve("bin/busybox"));
    Path init = root.resolve("init");
    Files.copy(source.resolve("bundles/itest-hardware/src/vm/init"), init);
    for (Path program : List.of(init, root.resolve("bin/busybox"))) {
      if (!program.toFile().setExecutable(true, false)) {
        throw new IOException("[" + program + "] cannot be made executable");
      }
    }
    try (var modules = Files.newDirectoryStream(home.resolve("modules"))) {
      for (Path module : modules) {
        Files.copy(module, root.resolve("modules").resolve(module.getFileName()));
      }
    }
    Path image = work.resolve("initrd.cpio");
    Processes.run(
        List.of(
            "sh",
            "-c",
            "cd \"$1\" && find . | cpio -o -H newc --quiet -R 0:0 >\"$2\"",
            "cpio",
            root.toString(),
            image.toString()),
        line -> {});
    return image;
  }
}
