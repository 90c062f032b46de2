package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RebirthTimerTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void isDueAtOnceWhereTheLastBirthsAreLongAgo() {
    RebirthTimer timer = new RebirthTimer(Duration.ofSeconds(2), 0);
    assertThat(timer.isDue(10 * SECOND)).isFalse();
    timer.ask();

    assertThat(timer.isDue(10 * SECOND)).isTrue();
  }

  @Test
  void manyRequestsMakeOneBirthAfterThePause() {
    RebirthTimer timer = new RebirthTimer(Duration.ofSeconds(2), 0);
    timer.ask();
    timer.ask();

    assertThat(timer.isDue(SECOND)).isFalse();
    assertThat(timer.isAsked()).isTrue();
    assertThat(timer.isDue(2 * SECOND)).isTrue();
    timer.born(2 * SECOND);
    assertThat(timer.isAsked()).isFalse();
    assertThat(timer.isDue(5 * SECOND)).isFalse();
  }
}
