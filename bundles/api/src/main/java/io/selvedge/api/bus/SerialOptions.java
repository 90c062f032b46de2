package io.selvedge.api.bus;

import java.util.Objects;

/**
 * How a serial port is set.
 *
 * @param baud bits per second, one that the port knows, for example 9600
 * @param dataBits 5 to 8
 * @param parity the parity bit
 * @param stopBits 1 or 2
 */
public record SerialOptions(int baud, int dataBits, Parity parity, int stopBits) {

  /** The parity bit. */
  public enum Parity {
    NONE,
    EVEN,
    ODD
  }

  public SerialOptions {
    Objects.requireNonNull(parity, "parity must not be null; give NONE");
    if (baud < 50) {
      throw new IllegalArgumentException(
          "baud [" + baud + "] must be a rate in bits per second, for example 9600");
    }
    if (dataBits < 5 || dataBits > 8) {
      throw new IllegalArgumentException("data bits [" + dataBits + "] must be 5 to 8");
    }
    if (stopBits < 1 || stopBits > 2) {
      throw new IllegalArgumentException("stop bits [" + stopBits + "] must be 1 or 2");
    }
  }

  /** Eight bits, no parity, one stop bit. */
  public static SerialOptions of(int baud) {
    return new SerialOptions(baud, 8, Parity.NONE, 1);
  }
}
