package io.selvedge.sparkplug.payload;

import java.util.Objects;

/** What stands in the value of a metric or a property, by the field that carries it. */
public sealed interface Content {

  /** Field {@code int_value}: 32 bits; what they mean, signed or not, the data type says. */
  record Int32(int bits) implements Content {}

  /** Field {@code long_value}: 64 bits; what they mean, signed or not, the data type says. */
  record Int64(long bits) implements Content {}

  /** Field {@code float_value}. */
  record Float32(float value) implements Content {}

  /** Field {@code double_value}. */
  record Double64(double value) implements Content {}

  /** Field {@code boolean_value}. */
  record Bool(boolean value) implements Content {}

  /** Field {@code string_value}. */
  record Text(String value) implements Content {
    public Text {
      Objects.requireNonNull(value, "text must not be null");
    }
  }

  /** Field {@code bytes_value}. */
  record Bytes(byte[] value) implements Content {
    public Bytes {
      Objects.requireNonNull(value, "bytes must not be null");
    }
  }

  /**
   * A message within the message, as its bytes: a data set, a template, a property set or an
   * extension. Passed over by whoever does not know it.
   *
   * @param field the number of the field that carries it
   */
  record Nested(int field, byte[] message) implements Content {
    public Nested {
      Objects.requireNonNull(message, "message must not be null");
    }
  }
}
