package io.selvedge.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PauseTest {

  private static final double MOST = 0.999_999;

  @Test
  void staysShortWhileNobodyAnswers() {
    Pause pause = new Pause(Duration.ofMinutes(1), () -> MOST);
    for (int i = 0; i < 1000; i++) {
      assertThat(pause.afterUnreachable()).isLessThanOrEqualTo(Duration.ofMillis(1200));
    }
    assertThat(new Pause(Duration.ofMinutes(1), () -> 0).afterUnreachable())
        .isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void doublesWhileTheBrokerRefusesUpToTheLongest() {
    Pause pause = new Pause(Duration.ofSeconds(3), () -> MOST);
    assertThat(pause.afterRefusal().toMillis()).isEqualTo(499);
    assertThat(pause.afterRefusal().toMillis()).isEqualTo(999);
    assertThat(pause.afterRefusal().toMillis()).isEqualTo(1999);
    for (int i = 0; i < 100; i++) {
      assertThat(pause.afterRefusal().toMillis()).isEqualTo(2999);
    }
    pause.afterWorking();
    assertThat(pause.afterRefusal().toMillis()).isEqualTo(499);
  }

  @Test
  void drawsFromNothingToTheMost() {
    assertThat(new Pause(Duration.ofSeconds(3), () -> 0).afterRefusal()).isZero();
  }
}
