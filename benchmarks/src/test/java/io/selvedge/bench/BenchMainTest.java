package io.selvedge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchMainTest {

  @Test
  void wrongUseEndsWithTwo() {
    assertThat(BenchMain.run("no-such-bench")).isEqualTo(2);
    assertThat(BenchMain.run("outbox", "--no-such-option")).isEqualTo(2);
    assertThat(BenchMain.run("outbox", "--rounds", "0", "--dir", "target/wrong-use")).isEqualTo(2);
    assertThat(BenchMain.run("outbox", "--json", "no/such/directory/figures.json")).isEqualTo(2);
  }

  @Test
  void eachBenchSaysHowLongItTakes() {
    assertThat(BenchMain.commands()).isNotEmpty();
    for (CommandLine bench : BenchMain.commands()) {
      assertThat(bench.getCommandSpec().usageMessage().description())
          .as(bench.getCommandName())
          .anyMatch(line -> line.matches("(?s).*[0-9]+ (s|seconds?|minutes?|hours?)\\b.*"));
    }
  }
}
