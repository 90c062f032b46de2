package io.selvedge.bench.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.bench.BenchProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hundred kills of the shipped programs, by the bench as it is run by hand. */
class KillIT {

  private static final int KILLS = 100;

  @TempDir Path directory = Path.of("."); // set before each test

  @Test
  void nothingThatWasAcceptedIsLostOrStoredTwice() throws Exception {
    BenchProcess bench =
        BenchProcess.run(
            directory, Duration.ofMinutes(15), "outbox-kill", "--kills", Integer.toString(KILLS));

    assertThat(bench.exitValue()).as(bench.output()).isZero();
    assertThat(bench.sum(": SIGKILL of the gateway")).isGreaterThanOrEqualTo(65);
    assertThat(bench.sum(": SIGKILL of the broker")).isGreaterThanOrEqualTo(4);
    assertThat(bench.sum(": SIGKILL of the hub")).isGreaterThanOrEqualTo(4);
    assertThat(bench.sum(": numbers accepted")).isGreaterThanOrEqualTo(10 * KILLS);
    assertThat(bench.sum(": seen accepting and delivering")).isGreaterThanOrEqualTo(9);
    assertThat(bench.sum(": link reset") + bench.sum(": link half open")).isPositive();
    assertThat(bench.sum("records' bytes flipped")).isPositive();
  }
}
