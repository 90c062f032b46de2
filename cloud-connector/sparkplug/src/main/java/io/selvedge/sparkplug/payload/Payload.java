package io.selvedge.sparkplug.payload;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A message of Sparkplug B: {@code org.eclipse.tahu.protobuf.Payload}. Its uuid and body, which the
 * specification gives no meaning, are passed over.
 *
 * @param timestamp when it was sent, milliseconds since 1970, UTC
 * @param seq 0 to 255; deaths of nodes and commands have none
 * @param metrics in the order in which they are sent
 */
public record Payload(OptionalLong timestamp, OptionalInt seq, List<Metric> metrics) {

  /** The highest sequence number; after it comes 0. */
  public static final int LAST_SEQ = 255;

  public Payload {
    metrics = List.copyOf(metrics);
    if (seq.isPresent() && (seq.getAsInt() < 0 || seq.getAsInt() > LAST_SEQ)) {
      throw new IllegalArgumentException(
          "sequence number [" + seq.getAsInt() + "] must be 0 to 255");
    }
  }

  /** As bytes, fields in the order of their numbers. */
  public byte[] bytes() {
    return PayloadWriter.write(this);
  }

  /**
   * From bytes; unknown fields are passed over.
   *
   * @throws PayloadException where they are none
   */
  public static Payload parse(byte[] bytes) throws PayloadException {
    return PayloadReader.read(bytes);
  }
}
