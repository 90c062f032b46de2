package io.selvedge.hardware;

import io.selvedge.hardware.pi.PiTest;
import io.selvedge.hardware.vm.MissingException;
import io.selvedge.hardware.vm.Prepared;
import io.selvedge.hardware.vm.Tools;
import io.selvedge.hardware.vm.Userland;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point of {@code ./selvedge test-hardware}. */
@Command(
    name = "./selvedge test-hardware",
    mixinStandardHelpOptions = true,
    description = {
      "Test the gateway that was built here on simulated hardware: as it is shipped, on Debian's"
          + " kernel for 64-bit ARM, in QEMU. Needs neither hardware nor root. About two minutes;"
          + " the first time it downloads some 250 MB and builds kernel modules.%n"
    },
    footer = {"", "What is tested and how: docs/hardware-test.md"},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is as it should be",
      "1:something is not, or could not be tested",
      "2:wrong use",
      "77:skipped: this machine lacks something; it says what"
    })
public final class HardwareMain implements Callable<Integer> {

  /** Exit code where this machine lacks something. */
  public static final int SKIPPED = 77;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "Keep downloads, kernel modules and root file system in DIR. Default:"
              + " $${XDG_CACHE_HOME:-~/.cache}/selvedge/hardware-test")
  private @Nullable Path cache;

  @Option(
      names = "--refresh",
      description = "Look for a newer kernel and newer packages; otherwise what is cached is used.")
  private boolean refresh;

  @Option(
      names = "--swaps",
      paramLabel = "N",
      description = "Swap drivers so many times. Default: ${DEFAULT-VALUE}")
  private int swaps = 40;

  /** What is tested on. */
  enum Board {
    /** A machine without a board's parts, with simulated chips of all kinds. */
    virt,
    /** A Raspberry Pi 3B. */
    raspi3b
  }

  @Option(
      names = "--board",
      paramLabel = "BOARD",
      description =
          "virt: every driver on simulated chips; raspi3b: a Raspberry Pi 3B with the kernel's own"
              + " drivers, for which QEMU 9 or newer is needed. Default: ${DEFAULT-VALUE}")
  private Board board = Board.virt;

  @Option(
      names = "--userland",
      paramLabel = "ARCHITECTURE",
      description =
          "What runs on the kernel, the gateway's Java with it: arm64, or armhf, which is of 32 bits."
              + " Default: ${DEFAULT-VALUE}")
  private Userland userland = Userland.arm64;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON to FILE.")
  private @Nullable Path json;

  /** Runs the test and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    return new CommandLine(new HardwareMain()).execute(args);
  }

  @Override
  public Integer call() throws Exception {
    if (swaps < 1) {
      throw wrong("--swaps [" + swaps + "] must be at least 1");
    }
    if (json != null && Files.isDirectory(json)) {
      throw wrong("--json [" + json + "] is a directory; give a file");
    }
    if (board == Board.raspi3b && userland != Userland.arm64) {
      throw wrong("--userland [" + userland + "] is for --board virt; leave one of them out");
    }
    Path source = Path.of(System.getProperty("selvedge.source", ".")).toAbsolutePath();
    Report report = new Report(System.out);
    Path work = null;
    Path kept = Optional.ofNullable(cache).orElseGet(Prepared::defaultCache);
    try {
      Tools.require();
      Prepared prepared = Prepared.prepare(source, kept, userland, refresh, report::step);
      report.figure("preparation", report.seconds(), "s");
      Path root = Files.createDirectories(source.resolve("target/hardware-test"));
      work = Files.createTempDirectory(root, "run-");
      if (board == Board.raspi3b) {
        new PiTest(source, work, report, kept).run(prepared);
      } else {
        new HardwareTest(source, work, report, swaps).run(prepared);
      }
    } catch (MissingException e) {
      System.out.println("SKIPPED: " + e.getMessage());
      return SKIPPED;
    } finally {
      if (work != null) {
        delete(work);
      }
    }
    report.print();
    if (json != null) {
      report.write(json);
    }
    return report.pass() ? 0 : 1;
  }

  private ParameterException wrong(String message) {
    CommandLine line = spec == null ? new CommandLine(this) : spec.commandLine();
    return new ParameterException(line, message);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
