package io.selvedge.protocol.kura;

import java.util.Map;

/**
 * Payloads as bytes. Compressed with gzip from 256 bytes on, where that is shorter; a reader tells
 * by the first two bytes ({@code 1f 8b}), with which no payload begins, since they name a wire type
 * that does not exist.
 */
public final class KuraCodec {

  /** The largest payload that is read, in bytes, after decompression: 16 MiB. */
  public static final int MAX_SIZE = 16 * 1024 * 1024;

  private KuraCodec() {}

  /** For the wire: compressed where that is shorter. */
  public static byte[] encode(KuraPayload payload) {
    return compress(encodePlain(payload));
  }

  /** Not compressed: for a store that appends metrics later. */
  public static byte[] encodePlain(KuraPayload payload) {
    return PayloadWriter.write(payload);
  }

  /**
   * Adds metrics to a payload that is encoded and not compressed; a metric of the same name is
   * replaced for the reader. Nothing is decoded: messages of Protocol Buffers may be joined.
   */
  public static byte[] append(byte[] plain, Map<String, Metric> metrics) {
    byte[] more = PayloadWriter.writeMetrics(metrics);
    byte[] joined = new byte[plain.length + more.length];
    System.arraycopy(plain, 0, joined, 0, plain.length);
    System.arraycopy(more, 0, joined, plain.length, more.length);
    return joined;
  }

  /** With gzip where that is shorter, else as it is. */
  public static byte[] compress(byte[] plain) {
    return Gzip.shorter(plain);
  }

  /**
   * Reads what {@link #encode} or {@link #encodePlain} wrote, or another implementation of the
   * namespace. Unknown fields are skipped; of two metrics with the same name the last one counts.
   *
   * @throws PayloadException where the bytes are damaged, or more than {@link #MAX_SIZE}
   */
  public static KuraPayload decode(byte[] bytes) throws PayloadException {
    return PayloadReader.read(Gzip.plain(bytes, MAX_SIZE));
  }
}
