package io.selvedge.testkit.recording;

import io.selvedge.api.bus.BusException;
import java.util.HexFormat;

/**
 * One call on a bus and what came of it: a line of a recording, its fields separated by tabs.
 *
 * <pre>
 * i2c   i2c1   44 2400     =             (written, nothing read)
 * i2c   i2c1   44 - 6      =   6667a25eb93c
 * 1w    w1     read 28-..  !   CRC the scratchpad's check sum does not fit
 * gpio  pinctrl-rp1  in 17 UP BOTH 5000us drain  =  rise,81234567,2026-03-01T12:00:00Z,1
 * pwm   pwmchip0     set 0 20000000 1500000      =
 * serial  /dev/serial0  9600 8N1 read            =  2447505247
 * </pre>
 *
 * @param bus kind and name, for example {@code i2c} tab {@code i2c1}
 * @param request what was asked
 * @param failed whether the answer is a failure: its kind, a blank, its message
 * @param answer what came
 */
record Exchange(String bus, String request, boolean failed, String answer) {

  static final String TAB = "\t";
  private static final HexFormat HEX = HexFormat.of();

  /** A call that may fail. */
  interface Call<T> {
    T make() throws BusException, InterruptedException;
  }

  /** Makes a call and writes down what came of it. */
  interface Noting {
    String note(String bus, String request, Call<String> call) throws BusException;
  }

  /** What a recording has for a request of one bus. */
  interface Answering {
    String answer(String request) throws BusException;
  }

  static String hex(byte[] bytes) {
    return HEX.formatHex(bytes);
  }

  static byte[] bytes(String hex) {
    return HEX.parseHex(hex);
  }

  static String key(String kind, String name) {
    return kind + TAB + name;
  }

  String line() {
    String clean = answer.replaceAll("[\\t\\r\\n]+", " ");
    return bus + TAB + request + TAB + (failed ? "!" : "=") + TAB + clean + "\n";
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException it is none of a recording
   */
  static Exchange parse(String line) {
    String[] fields = line.split(TAB, -1);
    if (fields.length != 5 || !(fields[3].equals("=") || fields[3].equals("!"))) {
      throw new IllegalArgumentException(
          "line [" + line + "] must be kind, name, request, = or !, and answer, tabs between");
    }
    return new Exchange(key(fields[0], fields[1]), fields[2], fields[3].equals("!"), fields[4]);
  }

  /** The answer, or the failure that came instead. */
  String result() throws BusException {
    if (!failed) {
      return answer;
    }
    int blank = answer.indexOf(' ');
    try {
      throw new BusException(
          BusException.Kind.valueOf(answer.substring(0, Math.max(blank, 0))),
          answer.substring(blank + 1));
    } catch (IllegalArgumentException e) {
      throw new BusException(BusException.Kind.IO, answer, e);
    }
  }
}
