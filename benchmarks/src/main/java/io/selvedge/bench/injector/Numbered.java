package io.selvedge.bench.injector;

import io.selvedge.api.uplink.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
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
    byte[] body = new byte[MARK + filling];
    Arrays.fill(body, (byte) ('a' + number % 26));
    byte[] mark =
        String.format(Locale.ROOT, "#%0" + DIGITS + "d#", number)
            .getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(mark, 0, body, 0, MARK);
    return body;
  }

  /** The number of a body, or of whatever holds one; empty where there is none. */
  public static OptionalInt find(byte[] bytes) {
    for (int at = 0; at + MARK <= bytes.length; at++) {
      if (bytes[at] == '#' && bytes[at + MARK - 1] == '#') {
        String digits = new String(bytes, at + 1, DIGITS, StandardCharsets.US_ASCII);
        if (digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
          return OptionalInt.of(Integer.parseInt(digits));
        }
      }
    }
    return OptionalInt.empty();
  }
}
