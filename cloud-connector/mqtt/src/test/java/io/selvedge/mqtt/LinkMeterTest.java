package io.selvedge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LinkMeterTest {

  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final FakeClock clock = new FakeClock(Instant.parse("2026-11-27T08:00:00Z"));
  private LinkMeter meter = meter(true);

  private LinkMeter meter(boolean measured) {
    return new LinkMeter(new LinkMeter.Limits(measured, LIMIT, 2000), clock::nanos);
  }

  private void span(int messages, Duration took, int bytes, Duration waited, Duration silence) {
    for (int i = 0; i < messages; i++) {
      meter.acknowledged(took.toNanos(), bytes);
    }
    clock.plus(LinkMeter.SPAN);
    meter.look(waited.toNanos(), silence.toNanos());
  }

  private void late() {
    span(5, Duration.ofSeconds(3), 100, Duration.ZERO, Duration.ZERO);
  }

  private void quick() {
    span(5, Duration.ofMillis(300), 100, Duration.ZERO, Duration.ZERO);
  }

  private void between() {
    span(5, Duration.ofMillis(1500), 100, Duration.ZERO, Duration.ZERO);
  }

  private void idle() {
    span(0, Duration.ZERO, 0, Duration.ZERO, Duration.ZERO);
  }

  @Test
  void oneBadMomentDoesNotMakeItSlow() {
    late();
    late();
    quick();
    late();
    late();
    between();
    late();
    assertThat(meter.isSlow()).isFalse();
    late();
    idle();
    late();
    assertThat(meter.isSlow()).isTrue();
    assertThat(meter.why()).contains("[3000] ms");
  }

  @Test
  void goesByTheMedianAndNotByASingleOne() {
    for (int i = 0; i < 10; i++) {
      meter.acknowledged(Duration.ofSeconds(20).toNanos(), 100);
      quick();
    }
    assertThat(meter.isSlow()).isFalse();
  }

  /** The first of a span are as quick as an empty network makes them. */
  @Test
  void goesByTheNewestWhereThereAreMoreThanItKeeps() {
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3 * LinkMeter.SAMPLES + 1; j++) {
        meter.acknowledged(Duration.ofMillis(1).toNanos(), 100);
      }
      span(LinkMeter.SAMPLES, Duration.ofSeconds(3), 100, Duration.ZERO, Duration.ZERO);
    }
    assertThat(meter.isSlow()).isTrue();
    assertThat(meter.why()).contains("[3000] ms");
  }

  @Test
  void isNormalOnlyAfterAMinuteThatIsClearlyBetter() {
    for (int i = 0; i < 3; i++) {
      late();
    }
    for (int i = 0; i < 20; i++) {
      between();
    }
    assertThat(meter.isSlow()).isTrue();
    for (int i = 0; i < 5; i++) {
      quick();
    }
    between();
    for (int i = 0; i < 5; i++) {
      quick();
    }
    assertThat(meter.isSlow()).isTrue();
    quick();
    assertThat(meter.isSlow()).isFalse();
    late();
    assertThat(meter.isSlow()).isFalse();
  }

  /** What waits because the link is slow cannot show that it is not any more. */
  @Test
  void triesASlowLinkOutWhereNothingCanBeMeasured() {
    for (int i = 0; i < 3; i++) {
      late();
    }
    for (int i = 0; i < 6; i++) {
      assertThat(meter.isSlow()).isTrue();
      idle();
    }
    assertThat(meter.isSlow()).isFalse();
  }

  @Test
  void littleIsSlowOnlyWhereMoreWaits() {
    Duration took = Duration.ofMillis(900);
    for (int i = 0; i < 5; i++) {
      span(10, took, 100, Duration.ofSeconds(3), Duration.ZERO);
    }
    assertThat(meter.isSlow()).isFalse();
    for (int i = 0; i < 3; i++) {
      span(100, took, 150, Duration.ofSeconds(9), Duration.ZERO);
    }
    assertThat(meter.isSlow()).isTrue();
    assertThat(meter.why()).contains("[1500] bytes/s");
    for (int i = 0; i < 7; i++) {
      span(100, took, 300, Duration.ofSeconds(9), Duration.ZERO); // better, but not twice
    }
    assertThat(meter.isSlow()).isTrue();
    for (int i = 0; i < 6; i++) {
      span(100, took, 400, Duration.ofSeconds(9), Duration.ZERO);
    }
    assertThat(meter.isSlow()).isFalse();
  }

  @Test
  void silenceWhileSomethingIsUnderWayIsBad() {
    for (int i = 0; i < 3; i++) {
      span(0, Duration.ZERO, 0, Duration.ZERO, Duration.ofSeconds(9));
    }
    assertThat(meter.isSlow()).isTrue();
    assertThat(meter.why()).contains("nothing was acknowledged for [9000] ms");
  }

  @Test
  void whatABrokenConnectionShowedDoesNotCount() {
    for (int i = 0; i < 10; i++) {
      meter.acknowledged(Duration.ofSeconds(9).toNanos(), 100);
      clock.plus(LinkMeter.SPAN);
      meter.connected();
      meter.look(0, 0);
    }
    assertThat(meter.isSlow()).isFalse();
  }

  @Test
  void measuresNothingWhereItIsNotToBe() {
    meter = meter(false);
    for (int i = 0; i < 10; i++) {
      late();
    }
    assertThat(meter.isSlow()).isFalse();
  }
}
