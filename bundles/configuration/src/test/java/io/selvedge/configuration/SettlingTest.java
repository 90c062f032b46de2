package io.selvedge.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SettlingTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Settling settling = new Settling(now::get);

  @Test
  void aFileWaitsUntilItIsReadOrItsTimeIsOver() {
    settling.begin(List.of("a", "b"));
    assertThat(settling.waits("a")).isTrue();
    settling.settled("a");
    assertThat(settling.waits("a")).isFalse();
    assertThat(settling.waits("b")).isTrue();
    now.addAndGet(Settling.PATIENCE_NANOS);
    assertThat(settling.waits("b")).isFalse();
  }

  @Test
  void whoWaitsGoesOnWhenAllHaveSettled() throws Exception {
    Settling real = new Settling(System::nanoTime);
    real.begin(List.of("a", "b"));
    Thread other =
        new Thread(
            () -> {
              real.settled("a");
              real.settled("b");
            });
    other.start();
    real.await(List.of("a", "b"), 60_000);
    other.join();
    assertThat(real.waits("a") || real.waits("b")).isFalse();
  }
}
