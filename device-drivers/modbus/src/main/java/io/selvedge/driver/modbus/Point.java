package io.selvedge.driver.modbus;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Value;
import io.selvedge.api.device.Value.Reason;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * A channel and where it lies.
 *
 * @param bit the one bit of a register that is meant
 * @param order of the bytes: {@code abcd}, {@code cdab}, {@code badc}, {@code dcba}
 */
record Point(
    Channel channel,
    Table table,
    int address,
    Encoding encoding,
    OptionalInt bit,
    String order,
    double scale,
    double offset) {

  /** Places that it takes in its table. */
  int size() {
    return table.bits() ? 1 : encoding.words;
  }

  int end() {
    return address + size();
  }

  /**
   * Its value.
   *
   * @param places what a request brought
   * @param first address of the first of them
   */
  Value value(int[] places, int first) {
    int at = address - first;
    if (table.bits()) {
      return Value.of(places[at] != 0);
    }
    if (bit.isPresent()) {
      return Value.of((places[at] >> bit.getAsInt() & 1) != 0);
    }
    ByteBuffer bytes = ByteBuffer.allocate(encoding.words * 2);
    for (int i = 0; i < encoding.words; i++) {
      bytes.putShort((short) places[at + i]);
    }
    bytes = ordered(bytes.flip());
    if (channel.kind() == Channel.Kind.WHOLE) {
      return Value.of(encoding.whole(bytes));
    }
    double value = encoding.decimal(bytes) * scale + offset;
    return Double.isFinite(value)
        ? Value.of(value)
        : Value.missing(Reason.OUT_OF_RANGE, table + " [" + address + "] holds [" + value + "]");
  }

  /** What is written to its registers. */
  int[] words(Value value) throws DeviceException {
    double raw = (value.number().orElseThrow() - offset) / scale;
    if (!encoding.fraction()
        && (Math.rint(raw) < encoding.least || Math.rint(raw) > encoding.most)) {
      throw new DeviceException(
          "channel ["
              + channel.id()
              + "] cannot be ["
              + value.display()
              + "]: its register takes "
              + (encoding.least * scale + offset)
              + " to "
              + (encoding.most * scale + offset));
    }
    if (encoding == Encoding.FLOAT32 && !Float.isFinite((float) raw)) {
      throw new DeviceException(
          "channel ["
              + channel.id()
              + "] cannot be ["
              + value.display()
              + "]: its registers take no number that large");
    }
    ByteBuffer bytes = ordered(encoding.bytes(raw));
    int[] words = new int[encoding.words];
    for (int i = 0; i < words.length; i++) {
      words[i] = bytes.getShort() & 0xffff;
    }
    return words;
  }

  /** From the wire's order to most significant first, and back: each order is its own inverse. */
  private ByteBuffer ordered(ByteBuffer bytes) {
    int size = bytes.remaining();
    boolean wordsSwapped = order.equals("cdab") || order.equals("dcba");
    int bytesSwapped = order.equals("badc") || order.equals("dcba") ? 1 : 0;
    ByteBuffer ordered = ByteBuffer.allocate(size);
    for (int i = 0; i < size; i++) {
      int word = wordsSwapped ? size / 2 - 1 - i / 2 : i / 2;
      ordered.put(bytes.get(word * 2 + ((i & 1) ^ bytesSwapped)));
    }
    return ordered.flip();
  }
}
