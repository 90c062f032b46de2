package io.selvedge.core;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Value;
import java.util.Optional;

/** Makes a value fit a channel's kind where nothing is lost by it. */
final class Fit {

  /** Largest whole number up to which each one has a double of its own. */
  private static final long EXACT = 1L << 53;

  private Fit() {}

  /**
   * The value in the channel's kind: counts and decimals without a fraction stand for each other, 0
   * and 1 for off and on. A missing value fits every kind. Empty where the value does not fit.
   */
  static Optional<Value> to(Channel.Kind kind, Value value) {
    return value.match(
        decimal ->
            switch (kind) {
              case DECIMAL -> Optional.of(decimal);
              case WHOLE -> whole(decimal.value());
              case FLAG -> flag(decimal.value());
              case TEXT -> Optional.empty();
            },
        whole ->
            switch (kind) {
              case DECIMAL -> decimal(whole.value());
              case WHOLE -> Optional.of(whole);
              case FLAG -> flag((double) whole.value());
              case TEXT -> Optional.empty();
            },
        flag -> kind == Channel.Kind.FLAG ? Optional.of(flag) : Optional.empty(),
        text -> kind == Channel.Kind.TEXT ? Optional.of(text) : Optional.empty(),
        Optional::of);
  }

  /** Whether it is of this kind as it is, as nearly all are. */
  static boolean isOf(Channel.Kind kind, Value value) {
    return switch (kind) {
      case DECIMAL -> value instanceof Value.Decimal;
      case WHOLE -> value instanceof Value.Whole;
      case FLAG -> value instanceof Value.Flag;
      case TEXT -> value instanceof Value.Text;
    };
  }

  private static Optional<Value> decimal(long value) {
    return value >= -EXACT && value <= EXACT
        ? Optional.of(Value.of((double) value))
        : Optional.empty();
  }

  private static Optional<Value> whole(double value) {
    return value == Math.rint(value) && Math.abs(value) <= EXACT
        ? Optional.of(Value.of((long) value))
        : Optional.empty();
  }

  private static Optional<Value> flag(double value) {
    return value == 0 || value == 1 ? Optional.of(Value.of(value == 1)) : Optional.empty();
  }
}
