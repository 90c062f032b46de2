package io.selvedge.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.uplink.Traffic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final long MILLI = 1_000_000L;
  private static final int MESSAGE = 80_000;
  private static final Courtesy FREE = new Courtesy(() -> Traffic.NONE);

  private final Deque<long[]> link = new ArrayDeque<>();

  /**
   * Fetches over a link with a rate and a round trip, message by message, as a transfer does.
   *
   * @return bytes a second in the second half of a while
   */
  private double rate(Pace pace, double bytesPerSecond, long tripMillis) {
    long now = 0;
    link.clear();
    long linkFree = 0;
    long last = 0;
    long underWay = 0;
    int number = 0;
    long came = 0;
    long end = 30_000 * MILLI;
    while (now < end) {
      long allowed = pace.allowed(underWay, now);
      if (allowed > 0) {
        number++;
        long at = Math.max(linkFree, now + tripMillis * MILLI);
        long bytes = Math.max(allowed, 1);
        pace.asked(bytes, underWay, now);
        for (long left = bytes; left > 0; left -= MESSAGE) {
          long size = Math.min(left, MESSAGE);
          at += (long) (size / bytesPerSecond * 1e9);
          link.add(new long[] {at, size, number, now});
        }
        linkFree = at;
        underWay += bytes;
      }
      long more = now + Math.max(MILLI, pace.nanosToMore());
      if (pace.isGentle() && (link.isEmpty() || more < link.element()[0])) {
        now = more; // it holds back, and asks again before something comes
        continue;
      }
      long[] message = link.remove();
      long waited = Math.max(0, message[0] - last);
      now = Math.max(now, message[0]);
      last = now;
      underWay -= message[1];
      pace.roundTrip(now - message[3]);
      pace.came((int) message[1], (int) message[2], waited, now);
      came += now > end / 2 ? message[1] : 0;
    }
    return came / (end / 2e9);
  }

  @Test
  void theWindowGrowsUntilTheLinkIsFull() {
    for (long[] kind :
        new long[][] {{10_000_000, 100}, {100_000_000, 5}, {1_000_000, 600}, {300_000, 50}}) {
      Pace pace = new Pace(64 << 20, 0, FREE, 0);
      double share = rate(pace, (double) kind[0], kind[1]) / kind[0];
      assertThat(share).as("of %d B/s at %d ms", kind[0], kind[1]).isGreaterThan(0.9);
      assertThat(pace.window())
          .as("of %d B/s at %d ms", kind[0], kind[1])
          .isLessThan((int) Math.max(400_000, kind[0] * (0.6 + 2 * kind[1] / 1000.0)));
    }
  }

  /** Messages that never notice the file: their delays stay as they are. */
  @Test
  void theWindowGrowsBesideMessagesTooOrFarLinksWouldStandStill() {
    AtomicLong sent = new AtomicLong();
    Courtesy courtesy =
        new Courtesy(
            () ->
                new Traffic(
                    Duration.ZERO,
                    Traffic.Delays.NONE,
                    new Traffic.Delays(
                        sent.addAndGet(50), Collections.nCopies(50, Duration.ofMillis(2)))));
    Pace pace = new Pace(64 << 20, 0, courtesy, 0);
    assertThat(rate(pace, 12_500_000, 600)).isGreaterThan(4_000_000);
  }

  @Test
  void theWindowIsNeverMoreThanIsConfigured() {
    Pace pace = new Pace(1 << 20, 0, FREE, 0);
    rate(pace, 1e9, 100);
    assertThat(pace.window()).isEqualTo(1 << 20);
  }

  @Test
  void aLossHalvesIt() {
    Pace pace = new Pace(64 << 20, 0, FREE, 0);
    rate(pace, 10e6, 100);
    int before = pace.window();
    pace.lost(30_000 * MILLI);
    assertThat(pace.window()).isBetween(before / 2 - 1, before / 2 + 1);
  }

  @Test
  void afterACutLittleIsUnderWayUnlessTheRoundTripDemandsIt() {
    Pace near = new Pace(64 << 20, 0, FREE, 0);
    rate(near, 100e6, 2);
    int before = near.window();
    near.cut(30_000 * MILLI);
    assertThat(near.window()).isLessThan(before).isLessThan(400_000);

    Pace far = new Pace(64 << 20, 0, FREE, 0);
    rate(far, 10e6, 200);
    far.cut(30_000 * MILLI);
    assertThat(far.window()).isGreaterThan(1 << 20);
  }

  @Test
  void aLinkThatIsCutOftenCarriesNoMoreThanAPartOfWhatCame() {
    Pace pace = new Pace(64 << 20, 0, FREE, 0);
    pace.cut(0);
    assertThat(pace.window()).isEqualTo(Pace.LEAST_WINDOW);
    long now = 0;
    for (int number = 1; number <= 100; number++) { // each request comes too late
      pace.asked(MESSAGE, 0, now);
      now += 10 * MILLI;
      pace.came(MESSAGE, number, 10 * MILLI, now);
    }
    assertThat(pace.window()).isLessThanOrEqualTo(100 * MESSAGE / 32);
  }

  @Test
  void noRequestIsMadeForLessThanHalfAWindow() {
    Pace pace = new Pace(1 << 20, 0, FREE, 0);
    assertThat(pace.allowed(0, 0)).isEqualTo(256 << 10);
    assertThat(pace.allowed(200 << 10, 0)).isZero();
    assertThat(pace.allowed(100 << 10, 0)).isEqualTo(156 << 10);
  }

  @Test
  void aBudgetFillsWithTimeAndIsNotSavedUpForLong() {
    Pace pace = new Pace(1 << 20, 1 << 20, FREE, 0);
    assertThat(pace.allowed(0, 0)).isEqualTo(64 << 10);
    pace.asked(64 << 10, 0, 0);
    assertThat(pace.allowed(0, 1000)).isZero();
    assertThat(pace.allowed(0, 100 * MILLI)).isBetween(100L << 10, 105L << 10);
    assertThat(pace.allowed(0, 3600_000L * MILLI)).isEqualTo(256 << 10);
  }
}
