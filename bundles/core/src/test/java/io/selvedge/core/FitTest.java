package io.selvedge.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Channel.Kind;
import io.selvedge.api.device.Value;
import org.junit.jupiter.api.Test;

class FitTest {

  @Test
  void countsAndDecimalsWithoutAFractionStandForEachOther() {
    assertThat(Fit.to(Kind.DECIMAL, Value.of(3L))).contains(Value.of(3.0));
    assertThat(Fit.to(Kind.WHOLE, Value.of(-3.0))).contains(Value.of(-3L));
    assertThat(Fit.to(Kind.WHOLE, Value.of(3.5))).isEmpty();
  }

  @Test
  void nothingIsRounded() {
    assertThat(Fit.to(Kind.DECIMAL, Value.of(Long.MAX_VALUE))).isEmpty();
    assertThat(Fit.to(Kind.DECIMAL, Value.of(Long.MIN_VALUE))).isEmpty();
    assertThat(Fit.to(Kind.DECIMAL, Value.of((1L << 53) + 1))).isEmpty();
    assertThat(Fit.to(Kind.WHOLE, Value.of(1e300))).isEmpty();
  }

  @Test
  void zeroAndOneAreOffAndOn() {
    assertThat(Fit.to(Kind.FLAG, Value.of(1L))).contains(Value.of(true));
    assertThat(Fit.to(Kind.FLAG, Value.of(0.0))).contains(Value.of(false));
    assertThat(Fit.to(Kind.FLAG, Value.of(2L))).isEmpty();
    assertThat(Fit.to(Kind.FLAG, Value.of("true"))).isEmpty();
  }

  @Test
  void textIsTextOnlyAndFlagsAreFlagsOnly() {
    assertThat(Fit.to(Kind.TEXT, Value.of("open"))).contains(Value.of("open"));
    assertThat(Fit.to(Kind.TEXT, Value.of(1.0))).isEmpty();
    assertThat(Fit.to(Kind.DECIMAL, Value.of(true))).isEmpty();
  }

  @Test
  void whatIsMissingFitsEverywhere() {
    Value missing = Value.missing(Value.Reason.NO_ANSWER, "");

    for (Kind kind : Kind.values()) {
      assertThat(Fit.to(kind, missing)).contains(missing);
    }
  }
}
