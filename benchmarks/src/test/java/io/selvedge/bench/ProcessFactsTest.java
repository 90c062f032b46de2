package io.selvedge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessFactsTest {

  @Test
  void readsWhatTheKernelTellsOfThisProcess() throws IOException {
    ProcessFacts own = ProcessFacts.own();
    assertThat(own.threads()).isGreaterThan(1);
    assertThat(own.residentMiB()).isBetween(5.0, 100_000.0);
    assertThat(own.cpuSeconds()).isPositive();
    assertThat(own.wakeUps()).isPositive();
  }

  @Test
  void aProcessThatHasEndedIsAnError() {
    assertThatThrownBy(() -> new ProcessFacts(Long.MAX_VALUE).cpuSeconds())
        .isInstanceOf(IOException.class);
  }
}
