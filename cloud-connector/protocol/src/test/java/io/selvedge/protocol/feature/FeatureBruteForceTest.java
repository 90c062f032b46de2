package io.selvedge.protocol.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The rings against the definitions of docs/models.md, written down as plainly as can be. */
class FeatureBruteForceTest {

  private record Point(long time, double value) {}

  private static final List<FeatureOp> OPS =
      List.of(
          FeatureOp.MEAN,
          FeatureOp.MIN,
          FeatureOp.MAX,
          FeatureOp.STD,
          FeatureOp.SLOPE,
          FeatureOp.DELTA,
          FeatureOp.LAG);

  private static List<FeatureSpec> specs() {
    List<FeatureSpec> specs = new ArrayList<>();
    for (Duration window :
        List.of(Duration.ofSeconds(1), Duration.ofSeconds(90), Duration.ofMinutes(10))) {
      for (FeatureOp op : OPS) {
        String name = op.json() + "_" + window.toSeconds();
        specs.add(FeatureSpec.of(name, "t", op, window));
      }
    }
    return specs;
  }

  @Test
  void agreesWithThePlainFormulas() {
    for (int seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      FeatureComputer computer = new FeatureComputer(specs());
      float[] out = new float[specs().size()];
      List<Point> all = new ArrayList<>();
      long time = 1_422_886_740_000L;
      for (int i = 0; i < 300; i++) {
        time += random.nextInt(10) == 0 ? 700_000 : random.nextInt(20_000);
        Point point = new Point(time, 20 + random.nextGaussian());
        all.add(point);
        computer.add("t", point.time, point.value);
        // At the row's time, after it, and a little before it.
        for (long at : new long[] {time, time + random.nextInt(5_000), time - 10_000}) {
          if (computer.compute(at, out)) {
            check(all, at, out, seed);
          }
        }
      }
    }
  }

  private static void check(List<Point> all, long at, float[] out, int seed) {
    List<FeatureSpec> specs = specs();
    for (int i = 0; i < out.length; i++) {
      double plain = plain(specs.get(i), all, at);
      if (Math.abs(out[i] - plain) > 1e-4 * Math.max(1, Math.abs(plain))) {
        fail("seed %d, %s at %d is %f, but must be %f", seed, specs.get(i), at, out[i], plain);
      }
    }
  }

  private static double plain(FeatureSpec spec, List<Point> all, long at) {
    long from = at - spec.window().orElseThrow().toMillis();
    List<Point> upTo = all.stream().filter(p -> p.time <= at).toList();
    List<Point> window = upTo.stream().filter(p -> p.time >= from).toList();
    Point newest = upTo.get(upTo.size() - 1);
    if (window.isEmpty()) {
      window = List.of(newest);
    }
    double n = window.size();
    double mean = window.stream().mapToDouble(Point::value).sum() / n;
    return switch (spec.op()) {
      case MEAN -> mean;
      case MIN -> window.stream().mapToDouble(Point::value).min().orElseThrow();
      case MAX -> window.stream().mapToDouble(Point::value).max().orElseThrow();
      case STD ->
          Math.sqrt(window.stream().mapToDouble(p -> Math.pow(p.value - mean, 2)).sum() / n);
      case DELTA -> newest.value - window.get(0).value;
      case LAG ->
          upTo.stream().filter(p -> p.time <= from).reduce((a, b) -> b).orElse(all.get(0)).value;
      case SLOPE -> slope(window, at);
      default -> throw new AssertionError(spec);
    };
  }

  /** The textbook's (nΣxy - ΣxΣy) / (nΣx² - (Σx)²). */
  private static double slope(List<Point> window, long at) {
    double n = window.size();
    double x = 0;
    double y = 0;
    double xy = 0;
    double xx = 0;
    for (Point p : window) {
      double minutes = (p.time - at) / 60_000.0;
      x += minutes;
      y += p.value - 20;
      xy += minutes * (p.value - 20);
      xx += minutes * minutes;
    }
    double below = n * xx - x * x;
    return window.stream().map(Point::time).distinct().count() == 1 ? 0 : (n * xy - x * y) / below;
  }

  @Test
  void itDoesNotMatterHowOftenOneLooks() {
    FeatureComputer often = new FeatureComputer(specs());
    FeatureComputer seldom = new FeatureComputer(specs());
    float[] a = new float[specs().size()];
    float[] b = new float[specs().size()];
    Random random = new Random(7);
    long time = 0;
    for (int i = 0; i < 5_000; i++) {
      time += 1 + random.nextInt(3_000);
      double value = random.nextDouble();
      often.add("t", time, value);
      seldom.add("t", time, value);
      assertThat(often.compute(time, a)).isTrue();
      if (i % 617 == 0) {
        assertThat(seldom.compute(time, b)).isTrue();
        assertThat(b).isEqualTo(a);
      }
    }
  }
}
