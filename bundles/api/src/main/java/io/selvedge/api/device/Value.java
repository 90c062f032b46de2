package io.selvedge.api.device;

import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * What a channel said at one moment, or why it said nothing. There is no null, no NaN and no magic
 * -1: a value that is not there is a {@link Missing} with its reason.
 */
public sealed interface Value {

  /** A measured number, in the channel's unit. Always finite. */
  record Decimal(double value) implements Value {
    public Decimal {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "decimal value [" + value + "] must be finite; report a Missing(OUT_OF_RANGE) instead");
      }
    }
  }

  /** A count: pulses, bytes, a register as it is. */
  record Whole(long value) implements Value {}

  /** On or off. */
  record Flag(boolean value) implements Value {}

  /** Words, for example a state's name. */
  record Text(String value) implements Value {
    public Text {
      Objects.requireNonNull(value, "text value must not be null");
    }
  }

  /** No value, and why. The detail is for people: what was seen, in brackets. */
  record Missing(Reason reason, String detail) implements Value {
    public Missing {
      Objects.requireNonNull(reason, "reason must not be null");
      Objects.requireNonNull(detail, "detail must not be null; give an empty one");
    }
  }

  /** Why there is no value. Names are stable: they go over the wire and into stores. */
  enum Reason {
    /** The device did not answer, or not in time. */
    NO_ANSWER,
    /** It answered something that fails its check sum or its format. */
    DAMAGED,
    /** It answered a number that its datasheet rules out. */
    OUT_OF_RANGE,
    /** It says itself that it has no value yet. */
    NOT_READY,
    /** The source holds no value at this time, for example an empty CSV cell. */
    ABSENT
  }

  static Value of(double value) {
    return new Decimal(value);
  }

  static Value of(long value) {
    return new Whole(value);
  }

  static Value of(boolean value) {
    return new Flag(value);
  }

  static Value of(String value) {
    return new Text(value);
  }

  static Value missing(Reason reason, String detail) {
    return new Missing(reason, detail);
  }

  /** The one place where the alternatives are told apart; add a case here and everyone must. */
  default <R> R match(
      Function<Decimal, R> decimal,
      Function<Whole, R> whole,
      Function<Flag, R> flag,
      Function<Text, R> text,
      Function<Missing, R> missing) {
    if (this instanceof Decimal d) {
      return decimal.apply(d);
    }
    if (this instanceof Whole w) {
      return whole.apply(w);
    }
    if (this instanceof Flag f) {
      return flag.apply(f);
    }
    if (this instanceof Text t) {
      return text.apply(t);
    }
    return missing.apply((Missing) this);
  }

  /** As a number: decimals and counts as they are, flags as 1 and 0; text and missing have none. */
  default OptionalDouble number() {
    return match(
        d -> OptionalDouble.of(d.value()),
        w -> OptionalDouble.of((double) w.value()),
        f -> OptionalDouble.of(f.value() ? 1 : 0),
        t -> OptionalDouble.empty(),
        m -> OptionalDouble.empty());
  }

  /** True where there is a value. */
  default boolean present() {
    return !(this instanceof Missing);
  }

  /** For people: the number, true or false, the text, or the reason why it is missing. */
  default String display() {
    return match(
        d -> Double.toString(d.value()),
        w -> Long.toString(w.value()),
        f -> Boolean.toString(f.value()),
        Text::value,
        m -> m.detail().isEmpty() ? m.reason().name() : m.reason() + ": " + m.detail());
  }
}
