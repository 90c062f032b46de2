package org.eclipse.paho.mqttv5.common.packet.util;

import java.io.IOException;
import java.io.InputStream;

/**
 * Stands in for Paho's class of this name, which reads a payload byte by byte. Written anew from
 * what Paho's other classes ask of it: an input stream that counts what was read. See
 * docs/decisions/0044.
 */
public class CountingInputStream extends InputStream {

  private final InputStream in;
  private int counter;

  public CountingInputStream(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    int read = in.read();
    counter += read < 0 ? 0 : 1;
    return read;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = in.read(bytes, offset, length);
    counter += Math.max(0, count);
    return count;
  }

  /** Bytes read since the beginning, or since the last reset. */
  public int getCounter() {
    return counter;
  }

  /** Counts from 0 again. */
  public void resetCounter() {
    counter = 0;
  }
}
