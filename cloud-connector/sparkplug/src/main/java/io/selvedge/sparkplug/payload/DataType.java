package io.selvedge.sparkplug.payload;

import java.util.Optional;

/** Types of values by their numbers on the wire: Sparkplug 3.0.0, section 6.4.16. */
public enum DataType {
  UNKNOWN(0),
  INT8(1),
  INT16(2),
  INT32(3),
  INT64(4),
  UINT8(5),
  UINT16(6),
  UINT32(7),
  UINT64(8),
  FLOAT(9),
  DOUBLE(10),
  BOOLEAN(11),
  STRING(12),
  DATE_TIME(13),
  TEXT(14),
  UUID(15),
  DATA_SET(16),
  BYTES(17),
  FILE(18),
  TEMPLATE(19),
  PROPERTY_SET(20),
  PROPERTY_SET_LIST(21),
  INT8_ARRAY(22),
  INT16_ARRAY(23),
  INT32_ARRAY(24),
  INT64_ARRAY(25),
  UINT8_ARRAY(26),
  UINT16_ARRAY(27),
  UINT32_ARRAY(28),
  UINT64_ARRAY(29),
  FLOAT_ARRAY(30),
  DOUBLE_ARRAY(31),
  BOOLEAN_ARRAY(32),
  STRING_ARRAY(33),
  DATE_TIME_ARRAY(34);

  private static final DataType[] BY_NUMBER = values();

  private final int number;

  DataType(int number) {
    this.number = number;
  }

  /** The number that stands for it. */
  public int number() {
    return number;
  }

  /** The type of a number; empty where the specification has none. */
  public static Optional<DataType> of(int number) {
    return number >= 0 && number < BY_NUMBER.length
        ? Optional.of(BY_NUMBER[number])
        : Optional.empty();
  }
}
