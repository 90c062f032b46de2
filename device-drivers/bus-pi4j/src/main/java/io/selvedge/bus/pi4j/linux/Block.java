package io.selvedge.bus.pi4j.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory that the kernel can see, at an address that stays. */
class Block {

  /** Its bytes, in the order of this machine. */
  final ByteBuffer bytes;

  /** Where it lies, for structures that point to it. */
  final long address;

  Block(ByteBuffer bytes, long address) {
    this.bytes = bytes.order(ByteOrder.nativeOrder());
    this.address = address;
  }

  /** Text up to the first zero within a field. */
  String text(int offset, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length && bytes.get(offset + i) != 0; i++) {
      text.append((char) (bytes.get(offset + i) & 0xff));
    }
    return text.toString();
  }

  /** All zeros again. */
  void clear() {
    for (int i = 0; i < bytes.capacity(); i++) {
      bytes.put(i, (byte) 0);
    }
  }
}
