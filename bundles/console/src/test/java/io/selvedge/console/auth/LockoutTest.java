package io.selvedge.console.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.testkit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LockoutTest {

  final FakeClock clock = new FakeClock(Instant.parse("2026-03-01T08:00:00Z"));
  final Lockout lockout = new Lockout(clock);

  @Test
  void fiveWrongCodesLockForAMinute() {
    for (int i = 1; i <= 4; i++) {
      assertThat(lockout.wrong("a")).isFalse();
    }
    assertThat(lockout.wait("a")).isZero();

    assertThat(lockout.wrong("a")).isTrue();
    assertThat(lockout.wait("a")).isEqualTo(Duration.ofMinutes(1));
    clock.advance(Duration.ofSeconds(59));
    assertThat(lockout.wait("a")).isEqualTo(Duration.ofSeconds(1));
    clock.advance(Duration.ofSeconds(1));
    assertThat(lockout.wait("a")).isZero();
    assertThat(lockout.wrong("a")).as("it begins to count anew").isFalse();
  }

  @Test
  void othersMayGoOn() {
    for (int i = 0; i < 9; i++) {
      lockout.wrong("a");
    }

    assertThat(lockout.wait("b")).isZero();
  }

  @Test
  void aRightCodeForgetsTheWrongOnes() {
    for (int i = 0; i < 4; i++) {
      lockout.wrong("a");
    }
    lockout.right("a");

    assertThat(lockout.wrong("a")).isFalse();
    assertThat(lockout.wait("a")).isZero();
  }

  @Test
  void aClockThatIsSetBackLocksNobodyOutForLong() {
    for (int i = 0; i < 5; i++) {
      lockout.wrong("a");
    }
    clock.advance(Duration.ofDays(-300));

    assertThat(lockout.wait("a")).isZero();
  }
}
