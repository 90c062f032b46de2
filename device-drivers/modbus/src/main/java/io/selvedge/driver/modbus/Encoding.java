package io.selvedge.driver.modbus;

import java.nio.ByteBuffer;

/** What the bits of one or more registers mean. */
enum Encoding {
  INT16(1, Short.MIN_VALUE, Short.MAX_VALUE),
  UINT16(1, 0, 0xffff),
  INT32(2, Integer.MIN_VALUE, Integer.MAX_VALUE),
  UINT32(2, 0, 0xffff_ffffL),
  INT64(4, Long.MIN_VALUE, Long.MAX_VALUE),
  FLOAT32(2, 0, 0),
  FLOAT64(4, 0, 0);

  final int words;
  final long least;
  final long most;

  Encoding(int words, long least, long most) {
    this.words = words;
    this.least = least;
    this.most = most;
  }

  boolean fraction() {
    return this == FLOAT32 || this == FLOAT64;
  }

  /** A whole number of these bytes, most significant first. */
  long whole(ByteBuffer bytes) {
    return switch (this) {
      case INT16 -> bytes.getShort();
      case UINT16 -> bytes.getShort() & 0xffff;
      case INT32 -> bytes.getInt();
      case UINT32 -> bytes.getInt() & 0xffff_ffffL;
      case INT64 -> bytes.getLong();
      case FLOAT32, FLOAT64 -> throw new IllegalStateException(name());
    };
  }

  double decimal(ByteBuffer bytes) {
    return switch (this) {
      case FLOAT32 -> bytes.getFloat();
      case FLOAT64 -> bytes.getDouble();
      default -> whole(bytes);
    };
  }

  ByteBuffer bytes(double value) {
    ByteBuffer bytes = ByteBuffer.allocate(words * 2);
    switch (this) {
      case INT16, UINT16 -> bytes.putShort((short) Math.round(value));
      case INT32, UINT32 -> bytes.putInt((int) Math.round(value));
      case INT64 -> bytes.putLong(Math.round(value));
      case FLOAT32 -> bytes.putFloat((float) value);
      case FLOAT64 -> bytes.putDouble(value);
    }
    return bytes.flip();
  }
}
