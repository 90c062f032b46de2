package io.selvedge.api.bus;

/**
 * Words of 16 bits, most significant byte first, each with its check sum behind it: the way of all
 * Sensirion sensors and of some others (polynomial 0x31, first value 0xff).
 */
public final class CheckedWords {

  /** Bytes that one word takes. */
  public static final int SIZE = 3;

  private static final int POLYNOMIAL = 0x31;

  private CheckedWords() {}

  /**
   * The words.
   *
   * @param bytes three for each word
   * @throws BusException {@link BusException.Kind#CRC}: a check sum does not fit
   */
  public static int[] of(byte[] bytes) throws BusException {
    int[] words = new int[bytes.length / SIZE];
    for (int i = 0; i < words.length; i++) {
      byte high = bytes[i * SIZE];
      byte low = bytes[i * SIZE + 1];
      int sum = checkSum(high, low);
      if (sum != (bytes[i * SIZE + 2] & 0xff)) {
        throw new BusException(
            BusException.Kind.CRC,
            String.format(
                "word [%d] is [%02x%02x] with check sum [%02x], which must be [%02x]; look at the"
                    + " cable",
                i, high, low, bytes[i * SIZE + 2], sum));
      }
      words[i] = (high & 0xff) << 8 | (low & 0xff);
    }
    return words;
  }

  /** The check sum of some bytes. */
  public static int checkSum(byte... bytes) {
    int sum = 0xff;
    for (byte one : bytes) {
      sum ^= one & 0xff;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        sum = (sum & 0x80) == 0 ? sum << 1 : sum << 1 ^ POLYNOMIAL;
      }
      sum &= 0xff;
    }
    return sum;
  }
}
