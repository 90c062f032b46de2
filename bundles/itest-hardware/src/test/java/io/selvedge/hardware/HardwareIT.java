package io.selvedge.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test on simulated hardware, as it is run by hand; skipped where it skips itself. */
class HardwareIT {

  private static final int MINUTES = 20;
  private static final Path SOURCE = Path.of(System.getProperty("selvedge.source", ""));

  @TempDir Path directory = Path.of("."); // set before each test

  @Test
  void theShippedGatewayWorksOnSimulatedHardware() throws Exception {
    Path output = directory.resolve("out");
    Path target = SOURCE.resolve("bundles/itest-hardware/target");
    Process test =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-Dselvedge.source=" + SOURCE,
                    "-cp",
                    target.resolve("classes") + ":" + target.resolve("lib") + "/*",
                    "io.selvedge.hardware.HardwareMain",
                    "--json",
                    target.resolve("hardware-test.json").toString()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(test.waitFor(MINUTES, TimeUnit.MINUTES)).as(Files.readString(output)).isTrue();
    } finally {
      test.destroy();
      test.waitFor(10, TimeUnit.SECONDS);
    }

    String told = Files.readString(output);
    System.out.println(told);
    assumeTrue(test.exitValue() != HardwareMain.SKIPPED, told);
    assertThat(test.exitValue()).as(told).isZero();
    assertThat(told).contains("PASS  control: ");
  }
}
