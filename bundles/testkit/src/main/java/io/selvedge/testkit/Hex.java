package io.selvedge.testkit;

import java.util.ArrayList;
import java.util.List;

/** Bytes as people read them. */
final class Hex {

  private Hex() {}

  static String of(int number) {
    return String.format("0x%02x", number);
  }

  static String of(byte[] bytes) {
    List<String> all = new ArrayList<>();
    for (byte one : bytes) {
      all.add(String.format("%02x", one));
    }
    return all.toString();
  }

  static byte[] bytes(int... numbers) {
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      bytes[i] = (byte) numbers[i];
    }
    return bytes;
  }
}
