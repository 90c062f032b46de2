package io.selvedge.protocol.kura;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How a payload becomes bytes. A reader tells them apart by the first byte, see {@link #of}. */
public enum PayloadEncoding {
  /** Protocol Buffers, {@code kurapayload.proto}. */
  KURA_PROTOBUF("kura-protobuf"),

  /**
   * A JSON object with {@code sentOn}, {@code position}, {@code metrics} and {@code body}. Types
   * are those of JSON: FLOAT becomes DOUBLE, INT32 INT64, BYTES a text in Base64; a number that is
   * not finite is left out.
   */
  SIMPLE_JSON("simple-json");

  private final String setting;

  PayloadEncoding(String setting) {
    this.setting = setting;
  }

  /** As it is written in a configuration: {@code kura-protobuf}. */
  public String setting() {
    return setting;
  }

  /** All that may be written in a configuration. */
  public static List<String> settings() {
    return Arrays.stream(values()).map(PayloadEncoding::setting).toList();
  }

  /** The encoding of that name in a configuration; empty where there is none. */
  public static Optional<PayloadEncoding> named(String setting) {
    return Arrays.stream(values()).filter(one -> one.setting.equals(setting)).findFirst();
  }

  /**
   * The encoding of bytes that are not compressed. An object in braces is JSON: as Protocol Buffers
   * it would begin with a group of the field 15, which no payload has.
   */
  static PayloadEncoding of(byte[] plain) {
    return plain.length > 0 && plain[0] == '{' ? SIMPLE_JSON : KURA_PROTOBUF;
  }
}
