package io.selvedge.protocol.kura;

import java.util.Map;

/**
 * Payloads as bytes. Compressed with gzip from 256 bytes on, where that is shorter; a reader tells
 * by the first two bytes ({@code 1f 8b}), with which no payload begins, since they name a wire type
 * that does not exist. By the first byte after that it tells the {@link PayloadEncoding}.
 */
public final class KuraCodec {

  /** The largest payload that is read, in bytes, after decompression: 16 MiB. */
  public static final int MAX_SIZE = 16 * 1024 * 1024;

  /**
   * What was read.
   *
   * @param payload it
   * @param encoding in which it came, and in which its sender wants to be answered
   */
  public record Decoded(KuraPayload payload, PayloadEncoding encoding) {}

  private KuraCodec() {}

  /** For the wire, as {@link PayloadFormat#DEFAULT} says. */
  public static byte[] encode(KuraPayload payload) {
    return PayloadFormat.DEFAULT.encode(payload);
  }

  /** Protocol Buffers, not compressed: for a store that appends metrics later. */
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

  /**
   * Reads what {@link PayloadFormat#encode} or {@link #encodePlain} wrote, or another
   * implementation of the namespace. Unknown fields are skipped; of two metrics with the same name
   * the last one counts, in JSON they are an error.
   *
   * @throws PayloadException where the bytes are damaged, or more than {@link #MAX_SIZE}
   */
  public static KuraPayload decode(byte[] bytes) throws PayloadException {
    return decodeWithEncoding(bytes).payload();
  }

  /**
   * The same, and in which encoding it came.
   *
   * @throws PayloadException where the bytes are damaged, or more than {@link #MAX_SIZE}
   */
  public static Decoded decodeWithEncoding(byte[] bytes) throws PayloadException {
    byte[] plain = Gzip.plain(bytes, MAX_SIZE);
    PayloadEncoding encoding = PayloadEncoding.of(plain);
    KuraPayload payload =
        encoding == PayloadEncoding.SIMPLE_JSON
            ? SimpleJsonReader.read(plain)
            : PayloadReader.read(plain);
    return new Decoded(payload, encoding);
  }
}
