package io.selvedge.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.selvedge.api.uplink.Traffic;
import io.selvedge.api.uplink.Traffic.Delays;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class CourtesyTest {

  private static final long MILLI = 1_000_000L;
  private static final double QUICK_MILLIS = 0.3;

  private final Deque<Duration> delays = new ArrayDeque<>();
  private final Courtesy courtesy = new Courtesy(this::traffic);
  private long now = 1;
  private long count;
  private boolean ofTheDisk;
  private long sentAt = -1;

  private Traffic traffic() {
    Duration since = sentAt < 0 ? Traffic.NEVER : Duration.ofNanos(now - sentAt);
    Delays messages = new Delays(count, List.copyOf(delays));
    return new Traffic(since, ofTheDisk ? messages : Delays.NONE, ofTheDisk ? quick() : messages);
  }

  private Delays quick() {
    return new Delays(count, Collections.nCopies(delays.size(), Duration.ofNanos(1000)));
  }

  private void message(double millis) {
    sentAt = now;
    count++;
    delays.add(Duration.ofNanos((long) (millis * MILLI)));
    if (delays.size() > Delays.MOST) {
      delays.remove();
    }
  }

  private void messages(int count, double millis) {
    for (int i = 0; i < count; i++) {
      message(millis);
    }
  }

  /**
   * Messages flow for a while beside a file that takes what it may.
   *
   * @param millis how long a message takes, by the rate of the file
   * @return the mean rate in the second half
   */
  private double run(int seconds, int everyMillis, DoubleUnaryOperator millis) {
    double bytes = 0;
    for (int i = 1; i <= seconds * 1000; i++) {
      now += MILLI;
      double rate = courtesy.rate(now);
      courtesy.came((int) (rate / 1000));
      bytes += i > seconds * 500 ? rate / 1000 : 0;
      if (i % everyMillis == 0) {
        message(millis.applyAsDouble(rate));
      }
    }
    return bytes * 2 / seconds;
  }

  @Test
  void nothingIsHeldBackWhereNobodyElseSends() {
    assertThat(courtesy.rate(now)).isEqualTo(Courtesy.FREE);
    now += 3_600_000 * MILLI;
    assertThat(courtesy.rate(now)).isEqualTo(Courtesy.FREE);
  }

  @Test
  void aMessageHoldsItBackAtOnceAndForAWhile() {
    assertThat(courtesy.rate(now)).isEqualTo(Courtesy.FREE);
    now += 10 * MILLI;
    message(QUICK_MILLIS);
    assertThat(courtesy.rate(now)).isEqualTo(Courtesy.FIRST);
    now += Courtesy.FLOWING.toNanos() - MILLI;
    assertThat(courtesy.rate(now)).isLessThan(Courtesy.FREE);
    now += 10 * MILLI;
    assertThat(courtesy.rate(now)).isEqualTo(Courtesy.FREE);
  }

  @Test
  void theRateGrowsWhileMessagesDoNotNotice() {
    messages(100, QUICK_MILLIS);
    assertThat(run(10, 5, rate -> QUICK_MILLIS)).isGreaterThan(8 * Courtesy.FIRST);
  }

  @Test
  void theRateFindsWhereMessagesBeginToNotice() {
    messages(100, QUICK_MILLIS);
    double bearable = 20e6;
    double rate = run(60, 5, r -> r > bearable ? 10 : QUICK_MILLIS);
    assertThat(rate).isBetween(0.6 * bearable, 1.05 * bearable);
  }

  @Test
  void theRateFindsWhatTheDiskBears() {
    ofTheDisk = true;
    messages(100, QUICK_MILLIS);
    double rate = run(60, 5, r -> r > 20e6 ? 10 : QUICK_MILLIS);
    assertThat(rate).isBetween(0.6 * 20e6, 1.05 * 20e6);
  }

  @Test
  void whatWasLateAlreadyBeforeIsNotTheFilesDoing() {
    for (int i = 0; i < 25; i++) {
      messages(9, QUICK_MILLIS);
      message(15);
    }
    int[] number = new int[1];
    double rate = run(20, 5, r -> ++number[0] % 10 == 0 ? 15 : QUICK_MILLIS);
    assertThat(rate).isGreaterThan(2 * Courtesy.FIRST);
  }

  @Test
  void oneThatWasVeryLateBeforeSaysNothing() {
    messages(100, QUICK_MILLIS);
    message(5000);
    assertThat(run(60, 5, r -> r > 1e6 ? 100 : QUICK_MILLIS)).isLessThan(1.1e6);
  }

  @Test
  void aSlowLineIsFoundByFewMessages() {
    messages(10, 40);
    double bearable = 100e3;
    double rate = run(600, 1000, r -> r > bearable ? 500 : 40);
    assertThat(rate).isBetween(Courtesy.LEAST, 1.2 * bearable);
  }

  @Test
  void fewMessagesOfManyAreLate() {
    messages(100, QUICK_MILLIS);
    int[] late = new int[1];
    run(
        60,
        5,
        r -> {
          late[0] += r > 20e6 ? 1 : 0;
          return r > 20e6 ? 10 : QUICK_MILLIS;
        });
    assertThat(late[0]).isLessThan(60 * 200 / 100);
  }

  @Test
  void aFileThatAlwaysDisturbsStillComes() {
    messages(100, QUICK_MILLIS);
    assertThat(run(60, 5, r -> 100)).isCloseTo(Courtesy.LEAST, within(1.0));
  }

  @Test
  void aRateThatIsNotUsedDoesNotGrow() {
    messages(100, QUICK_MILLIS);
    for (int i = 0; i < 10_000; i++) {
      now += MILLI;
      courtesy.rate(now);
      message(QUICK_MILLIS);
    }
    assertThat(courtesy.rate(now)).isEqualTo(Courtesy.FIRST);
  }

  @Test
  void whereAllMessagesBecameSlowerThatIsTheUsualInTime() {
    messages(100, QUICK_MILLIS);
    run(10, 5, rate -> QUICK_MILLIS);
    run(240, 5, rate -> 2.5); // below what counts as late: another way to the broker
    assertThat(run(60, 5, rate -> 4.5)).as("late by what was usual before").isGreaterThan(1e6);
  }

  @Test
  void burstsAreShort() {
    messages(100, QUICK_MILLIS);
    courtesy.rate(now);
    assertThat(courtesy.burst()).isEqualTo(64 << 10);
    run(20, 5, rate -> QUICK_MILLIS);
    assertThat(courtesy.burst()).isEqualTo(256 << 10);
  }
}
