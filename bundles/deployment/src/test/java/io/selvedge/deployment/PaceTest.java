package io.selvedge.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {

  private static final long MILLI = 1_000_000L;

  /** A link with a rate and a delay: what is in the window comes at the rate, never faster. */
  private static Pace after(double bytesPerSecond, long delayMillis, int mostWindow) {
    Pace pace = new Pace(mostWindow, 0, 0);
    pace.roundTrip(delayMillis * MILLI);
    double owed = 0;
    for (long now = 1; now <= 20_000; now++) {
      double byWindow = pace.window() / (delayMillis / 1000.0);
      owed += Math.min(bytesPerSecond, byWindow) / 1000;
      if (owed >= 1000) {
        pace.came((int) owed, now * MILLI);
        owed = 0;
      }
    }
    return pace;
  }

  @Test
  void theWindowGrowsToWhatTheLinkCarries() {
    assertThat(after(10e6, 100, 64 << 20).window()).isBetween(3_000_000, 5_000_000);
    assertThat(after(1e9, 2, 4 << 20).window()).isEqualTo(4 << 20);
    assertThat(after(1e6, 600, 64 << 20).window())
        .as("a satellite")
        .isBetween(1_200_000, 1_600_000);
    assertThat(after(2000, 200, 4 << 20).window()).isEqualTo(Pace.LEAST_WINDOW);
  }

  @Test
  void aLossHalvesIt() {
    Pace pace = after(10e6, 100, 64 << 20);
    int before = pace.window();
    pace.lost(20_000 * MILLI);
    assertThat(pace.window()).isBetween(before / 2 - 1, before / 2 + 1);
  }

  @Test
  void noRequestIsMadeForLessThanHalfAWindow() {
    Pace pace = new Pace(1 << 20, 0, 0);
    assertThat(pace.allowed(0, 0)).isEqualTo(256 << 10);
    assertThat(pace.allowed(200 << 10, 0)).isZero();
    assertThat(pace.allowed(100 << 10, 0)).isEqualTo(156 << 10);
  }

  @Test
  void aBudgetFillsWithTimeAndIsNotSavedUpForLong() {
    Pace pace = new Pace(1 << 20, 1 << 20, 0);
    assertThat(pace.allowed(0, 0)).isEqualTo(64 << 10);
    pace.asked(64 << 10, 0, 0);
    assertThat(pace.allowed(0, 1000)).isZero();
    assertThat(pace.allowed(0, 100 * MILLI)).isBetween(100L << 10, 105L << 10);
    assertThat(pace.allowed(0, 3600_000L * MILLI)).isEqualTo(256 << 10);
  }
}
