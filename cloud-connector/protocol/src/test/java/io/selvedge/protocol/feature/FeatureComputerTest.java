package io.selvedge.protocol.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FeatureComputerTest {

  private static final long T0 = Instant.parse("2015-02-02T14:19:00Z").toEpochMilli();
  private static final Duration MINUTES_10 = Duration.ofMinutes(10);

  private static FeatureComputer of(FeatureSpec... specs) {
    return new FeatureComputer(List.of(specs));
  }

  private static FeatureComputer everyOp() {
    return new FeatureComputer(
        Stream.of("last", "mean", "min", "max", "std", "slope", "delta", "lag")
            .map(op -> FeatureSpec.parse(op, "t", op, op.equals("last") ? null : "PT10M"))
            .toList());
  }

  private static float[] compute(FeatureComputer computer, long time) {
    float[] out = new float[computer.specs().size()];
    assertThat(computer.compute(time, out)).as(() -> computer.missing().orElse("")).isTrue();
    return out;
  }

  private static long minute(double minutes) {
    return T0 + Math.round(minutes * 60_000);
  }

  @Test
  void computesWhatAHandComputes() {
    FeatureComputer computer = everyOp();
    computer.add("t", minute(0), 1);
    computer.add("t", minute(5), 3);
    computer.add("t", minute(10), 8);
    // mean 4; deviations -3 -1 4, population variance 26/3; slope (5*4 + 5*3)/50 = 0.7 a minute
    assertThat(compute(computer, minute(10)))
        .containsExactly(
            new float[] {8, 4, 1, 8, (float) Math.sqrt(26 / 3.0), 0.7f, 7, 1}, within(1e-6f));
  }

  @Test
  void aWindowIncludesBothItsEnds() {
    FeatureComputer computer = of(FeatureSpec.of("mean", "t", FeatureOp.MEAN, MINUTES_10));
    computer.add("t", minute(0), 100);
    computer.add("t", minute(10), 0);
    assertThat(compute(computer, minute(10))).containsExactly(50);
    assertThat(compute(computer, minute(10) + 1)).containsExactly(0);
  }

  @Test
  void aWindowThatIsNotFullTakesWhatIsThere() {
    FeatureComputer computer = everyOp();
    computer.add("t", T0, 21.5);
    assertThat(compute(computer, T0)).containsExactly(21.5f, 21.5f, 21.5f, 21.5f, 0, 0, 0, 21.5f);
  }

  @Test
  void aWindowWithoutAValueTakesTheNewest() {
    FeatureComputer computer = everyOp();
    computer.add("t", minute(0), 1);
    computer.add("t", minute(1), 5);
    assertThat(compute(computer, minute(30))).containsExactly(5, 5, 5, 5, 0, 0, 0, 5);
  }

  @Test
  void aLagIsTheNewestValueThatIsOldEnough() {
    FeatureComputer computer = of(FeatureSpec.of("lag", "t", FeatureOp.LAG, MINUTES_10));
    for (int i = 0; i < 100; i++) {
      computer.add("t", minute(i), i);
    }
    assertThat(compute(computer, minute(99))).containsExactly(89);
    assertThat(compute(computer, minute(99) - 1)).containsExactly(88);
    computer.add("t", minute(200), 200);
    assertThat(compute(computer, minute(200))).containsExactly(99);
  }

  @Test
  void aRowThatComesALittleLateDoesNotSeeWhatCameAfterIt() {
    FeatureComputer computer = everyOp();
    computer.add("t", minute(0), 1);
    computer.add("t", minute(1), 2);
    computer.add("t", minute(2), 1000);
    assertThat(compute(computer, minute(1.5))).startsWith(2, 1.5f, 1, 2);
  }

  @Test
  void saysWhichFeatureIsMissingAndWhy() {
    FeatureComputer computer =
        of(FeatureSpec.of("day_sin", FeatureOp.DAY_SIN), FeatureSpec.last("humidity", "h"));
    float[] out = new float[2];
    assertThat(computer.compute(T0, out)).isFalse();
    assertThat(computer.missing())
        .contains(
            "feature [humidity] has no value: its input [h] has no value yet; check the device");
    computer.add("h", T0, 40);
    assertThat(computer.compute(T0 + FeatureComputer.STALE_MILLIS, out)).isTrue();
    assertThat(computer.missing()).isEmpty();
    assertThat(computer.compute(T0 + FeatureComputer.STALE_MILLIS + 1, out)).isFalse();
    assertThat(computer.missing())
        .contains(
            "feature [humidity] has no value: its input [h] has had none for more than an hour;"
                + " check the device");
  }

  @Test
  void aNumberBeyondAFloatIsMissingNotInfinite() {
    FeatureComputer computer = of(FeatureSpec.last("t", "t"));
    computer.add("t", T0, 1e300);
    assertThat(computer.compute(T0, new float[1])).isFalse();
    assertThat(computer.missing()).hasValueSatisfying(m -> assertThat(m).contains("32-bit float"));
  }

  @Test
  void timeThatRunsBackwardsEmptiesAllWindows() {
    FeatureComputer computer =
        of(
            FeatureSpec.of("t", "t", FeatureOp.MEAN, MINUTES_10),
            FeatureSpec.of("h", "h", FeatureOp.MEAN, MINUTES_10));
    computer.add("t", minute(5), 100);
    computer.add("h", minute(5), 100);
    computer.add("t", minute(0), 1);
    assertThat(computer.compute(minute(5), new float[2])).isFalse();
    computer.add("h", minute(0), 2);
    assertThat(compute(computer, minute(0))).containsExactly(1, 2);
  }

  @Test
  void severalValuesOfOneTimeAreAllInTheWindow() {
    FeatureComputer computer = everyOp();
    computer.add("t", T0, 1);
    computer.add("t", T0, 3);
    assertThat(compute(computer, T0)).containsExactly(3, 2, 1, 3, 1, 0, 2, 1);
  }

  @Test
  void knowsTheTimeOfDayAndTheWeekendInUtc() {
    FeatureComputer computer =
        of(
            FeatureSpec.of("s", FeatureOp.DAY_SIN),
            FeatureSpec.of("c", FeatureOp.DAY_COS),
            FeatureSpec.of("w", FeatureOp.WEEKEND));
    // 2015-02-06 was a Friday.
    long friday = Instant.parse("2015-02-06T23:59:59.999Z").toEpochMilli();
    assertThat(compute(computer, friday)[2]).isEqualTo(0);
    assertThat(compute(computer, friday + 1)).containsExactly(0, 1, 1);
    assertThat(compute(computer, Instant.parse("2015-02-08T06:00:00Z").toEpochMilli()))
        .containsExactly(new float[] {1, 0, 1}, within(1e-6f));
    assertThat(compute(computer, Instant.parse("2015-02-09T18:00:00Z").toEpochMilli()))
        .containsExactly(new float[] {-1, 0, 0}, within(1e-6f));
    // Before 1970 too: 1969-12-28 was a Sunday.
    assertThat(compute(computer, Instant.parse("1969-12-28T12:00:00Z").toEpochMilli()))
        .containsExactly(new float[] {0, -1, 1}, within(1e-6f));
  }

  @Test
  void aSlopeOnALargeOffsetKeepsItsPrecision() {
    FeatureComputer computer = of(FeatureSpec.of("s", "t", FeatureOp.SLOPE, Duration.ofDays(1)));
    for (int i = 0; i < 1440; i++) {
      computer.add("t", minute(i), 1e9 + 0.001 * i);
    }
    assertThat(compute(computer, minute(1439))[0]).isCloseTo(0.001f, within(1e-7f));
  }

  @Test
  void keepsNoMoreThanItsBound() {
    History history = new History(Long.MAX_VALUE / 2, 1000);
    for (int i = 0; i < 5000; i++) {
      history.add(i, i);
    }
    assertThat(history.size()).isEqualTo(1000);
    assertThat(history.time(0)).isEqualTo(4000);
    assertThat(history.value(999)).isEqualTo(4999);
  }

  @Test
  void dropsWhatNoWindowCanReach() {
    History history = new History(10_000, 1_000_000);
    for (int i = 0; i < 100_000; i++) {
      history.add(i * 1000L, i);
    }
    // From newest - 10 s to newest, and the one before that.
    assertThat(history.size()).isEqualTo(12);
  }

  @Test
  void refusesTwoFeaturesOfOneNameAndValuesThatAreNone() {
    FeatureSpec t = FeatureSpec.last("t", "t");
    assertThatThrownBy(() -> of(t, t))
        .hasMessage("feature [t] is defined twice; give each its own name");
    assertThatThrownBy(() -> of(t).add("t", T0, Double.NaN))
        .hasMessageStartingWith("value [NaN] of input [t] must be finite");
  }

  @Test
  void ignoresInputsThatNoFeatureUses() {
    FeatureComputer computer = of(FeatureSpec.last("t", "t"));
    computer.add("t", minute(2), 1);
    computer.add("occupancy", minute(0), 1);
    assertThat(compute(computer, minute(2))).containsExactly(1);
    assertThat(computer.inputs()).containsExactly("t");
  }
}
