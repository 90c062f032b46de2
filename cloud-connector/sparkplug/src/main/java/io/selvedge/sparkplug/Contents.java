package io.selvedge.sparkplug;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Value;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.DataType;
import java.util.Optional;

/** From the gateway's values to those of Sparkplug and back. */
final class Contents {

  private static final double LARGEST_EXACT = 0x1p53;

  private Contents() {}

  /** The type of a channel's metric. */
  static DataType type(Channel.Kind kind) {
    return switch (kind) {
      case DECIMAL -> DataType.DOUBLE;
      case WHOLE -> DataType.INT64;
      case FLAG -> DataType.BOOLEAN;
      case TEXT -> DataType.STRING;
    };
  }

  /**
   * The type of a metric for a value. It only ever grows, so that values of several kinds under one
   * name settle after two births: whole numbers, then decimals, then texts.
   *
   * @param before the type until now; empty: there is none
   */
  static DataType typeFor(Value value, Optional<DataType> before) {
    Optional<DataType> own =
        value.match(
            d -> Optional.of(DataType.DOUBLE),
            w -> Optional.of(DataType.INT64),
            f -> Optional.of(DataType.BOOLEAN),
            t -> Optional.of(DataType.STRING),
            m -> Optional.empty());
    if (own.isEmpty() || before.isEmpty()) {
      return before.or(() -> own).orElse(DataType.DOUBLE);
    }
    if (of(value, before.get()).isPresent()) {
      return before.get();
    }
    return before.get() == DataType.INT64 && own.get() == DataType.DOUBLE
        ? DataType.DOUBLE
        : DataType.STRING;
  }

  /** A value in a metric of this type; empty where it is missing, or cannot be one. */
  static Optional<Content> of(Value value, DataType type) {
    if (!value.present()) {
      return Optional.empty();
    }
    return switch (type) {
      case DOUBLE -> decimal(value);
      case INT64 -> whole(value);
      case BOOLEAN ->
          value instanceof Value.Flag flag
              ? Optional.of(new Content.Bool(flag.value()))
              : Optional.empty();
      case STRING -> Optional.of(new Content.Text(value.display()));
      default -> Optional.empty();
    };
  }

  private static Optional<Content> decimal(Value value) {
    if (value instanceof Value.Whole whole) {
      return Optional.of(new Content.Double64((double) whole.value()));
    }
    return value instanceof Value.Decimal d
        ? Optional.of(new Content.Double64(d.value()))
        : Optional.empty();
  }

  private static Optional<Content> whole(Value value) {
    if (value instanceof Value.Decimal d
        && d.value() == Math.rint(d.value())
        && Math.abs(d.value()) <= LARGEST_EXACT) {
      return Optional.of(new Content.Int64((long) d.value()));
    }
    return value instanceof Value.Whole whole
        ? Optional.of(new Content.Int64(whole.value()))
        : Optional.empty();
  }

  /**
   * What a command asks for.
   *
   * @throws IllegalArgumentException where the type is none that a channel can have, or the value
   *     is not in the field that belongs to the type
   */
  static Value value(Content content, DataType type) {
    return switch (type) {
      case INT8 -> Value.of((long) (byte) bits32(content, type));
      case INT16 -> Value.of((long) (short) bits32(content, type));
      case INT32 -> Value.of((long) bits32(content, type));
      case UINT8, UINT16, UINT32 -> Value.of(Integer.toUnsignedLong(bits32(content, type)));
      case INT64 -> Value.of(bits64(content, type));
      case UINT64, DATE_TIME -> Value.of(unsigned(bits64(content, type), type));
      case FLOAT, DOUBLE -> Value.of(finite(content, type));
      case BOOLEAN -> Value.of(flag(content, type));
      case STRING, TEXT, UUID -> Value.of(text(content, type));
      default ->
          throw new IllegalArgumentException(
              "type [" + type + "] must be a number, BOOLEAN or a text; channels have no others");
    };
  }

  private static int bits32(Content content, DataType type) {
    if (content instanceof Content.Int32 i) {
      return i.bits();
    }
    throw wrongField(content, type, "int_value");
  }

  /** Some hosts put a number that fits in the smaller field. */
  private static long bits64(Content content, DataType type) {
    if (content instanceof Content.Int64 l) {
      return l.bits();
    }
    if (content instanceof Content.Int32 i) {
      return type == DataType.INT64 ? i.bits() : Integer.toUnsignedLong(i.bits());
    }
    throw wrongField(content, type, "long_value");
  }

  private static long unsigned(long bits, DataType type) {
    if (bits < 0) {
      throw new IllegalArgumentException(
          "value ["
              + Long.toUnsignedString(bits)
              + "] of type ["
              + type
              + "] must be at most [9223372036854775807]");
    }
    return bits;
  }

  private static double finite(Content content, DataType type) {
    double value;
    if (content instanceof Content.Double64 d) {
      value = d.value();
    } else if (content instanceof Content.Float32 f) {
      value = f.value();
    } else {
      throw wrongField(content, type, type == DataType.FLOAT ? "float_value" : "double_value");
    }
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value [" + value + "] must be a finite number");
    }
    return value;
  }

  private static boolean flag(Content content, DataType type) {
    if (content instanceof Content.Bool b) {
      return b.value();
    }
    throw wrongField(content, type, "boolean_value");
  }

  private static String text(Content content, DataType type) {
    if (content instanceof Content.Text t) {
      return t.value();
    }
    throw wrongField(content, type, "string_value");
  }

  private static IllegalArgumentException wrongField(Content content, DataType type, String field) {
    return new IllegalArgumentException(
        "value of type ["
            + type
            + "] must be in the field ["
            + field
            + "], and it is a ["
            + content.getClass().getSimpleName()
            + "]");
  }
}
