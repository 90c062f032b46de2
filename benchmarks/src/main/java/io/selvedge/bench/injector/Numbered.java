package io.selvedge.bench.injector;

import io.selvedge.api.uplink.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Messages that bear a number, so that each can be told from all others wherever its bytes turn up.
 * The number decides size, priority and every byte of the body.
 */
public final class Numbered {

  /** The messages' application: the hub keeps them as they come. */
  public static final String APP = "BENCH-V1";

  private static final int DIGITS = 10;
  private static final int MARK = DIGITS + 2;

  private Numbered() {}

  /** Of every fortieth the body is 8 KiB, else up to 300 bytes. */
  public static Message message(int number) {
    return new Message(
        APP,
        "numbers",
        Instant.now(),
        Map.of(),
        body(number),
        number % 10,
        Duration.ZERO,
        "flow/bench");
  }

  /** {@code #0000000017#} and filling that depends on the number. */
  public static byte[] body(int number) {
    int filling = number % 40 == 0 ? 8 * 1024 : number * 7 % 300;
    byte[] body = Arrays.copyOf(mark(number), MARK + filling);
    Arrays.fill(body, MARK, body.length, (byte) ('a' + number % 26));
    return body;
  }

  /** {@code #0000000017#}. */
  public static byte[] mark(int number) {
    byte[] mark = new byte[MARK];
    int rest = number;
    for (int at = DIGITS; at > 0; at--) {
      mark[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    mark[0] = '#';
    mark[MARK - 1] = '#';
    return mark;
  }

  /** The number of a body, or of whatever holds one; empty where there is none. */
  public static OptionalInt find(byte[] bytes) {
    for (int at = bytes.length - MARK; at >= 0; at--) {
      if (bytes[at] == '#' && bytes[at + MARK - 1] == '#') {
        OptionalInt number = digits(bytes, at + 1);
        if (number.isPresent()) {
          return number;
        }
      }
    }
    return OptionalInt.empty();
  }

  private static OptionalInt digits(byte[] bytes, int from) {
    long number = 0;
    for (int at = from; at < from + DIGITS; at++) {
      if (bytes[at] < '0' || bytes[at] > '9') {
        return OptionalInt.empty();
      }
      number = number * 10 + bytes[at] - '0';
    }
    return number > Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of((int) number);
  }
}
