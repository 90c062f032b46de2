package io.selvedge.protocol.kura;

import java.util.Arrays;
import java.util.Objects;

/** A typed value of a payload: the seven types that {@code kurapayload.proto} knows. */
public sealed interface Metric {

  /** DOUBLE, 0 on the wire; may be NaN or infinite there. */
  record Double64(double value) implements Metric {}

  /** FLOAT, 1 on the wire. */
  record Float32(float value) implements Metric {}

  /** INT64, 2 on the wire. */
  record Int64(long value) implements Metric {}

  /** INT32, 3 on the wire. */
  record Int32(int value) implements Metric {}

  /** BOOL, 4 on the wire. */
  record Bool(boolean value) implements Metric {}

  /** STRING, 5 on the wire. */
  record Text(String value) implements Metric {
    public Text {
      Objects.requireNonNull(value, "text must not be null");
    }
  }

  /** BYTES, 6 on the wire. Do not change the array. */
  record Bytes(byte[] value) implements Metric {
    public Bytes {
      Objects.requireNonNull(value, "bytes must not be null");
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "Bytes[" + value.length + "]";
    }
  }

  static Metric of(double value) {
    return new Double64(value);
  }

  static Metric of(long value) {
    return new Int64(value);
  }

  static Metric of(int value) {
    return new Int32(value);
  }

  static Metric of(boolean value) {
    return new Bool(value);
  }

  static Metric of(String value) {
    return new Text(value);
  }

  /** For people and for lenient readers: the number, true or false, or the text. */
  default String display() {
    if (this instanceof Double64 d) {
      return Double.toString(d.value);
    }
    if (this instanceof Float32 f) {
      return Float.toString(f.value);
    }
    if (this instanceof Int64 l) {
      return Long.toString(l.value);
    }
    if (this instanceof Int32 i) {
      return Integer.toString(i.value);
    }
    if (this instanceof Bool b) {
      return Boolean.toString(b.value);
    }
    return this instanceof Text t ? t.value : toString();
  }
}
