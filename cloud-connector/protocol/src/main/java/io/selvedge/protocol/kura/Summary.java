package io.selvedge.protocol.kura;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.selvedge.protocol.kura.Fields.MetricType;
import io.selvedge.protocol.kura.Fields.OfMetric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * What a ledger wants to know of a payload, without decoding the whole of it.
 *
 * @param time the message's own time; 1970 where it has none
 * @param source who sent it; empty: the gateway itself
 * @param measurements how many of its metrics are measurements
 */
public record Summary(Instant time, String source, int measurements) {

  /**
   * Reads bytes that are not compressed.
   *
   * @throws PayloadException where they are damaged
   */
  public static Summary of(String app, byte[] plain) throws PayloadException {
    return of(app, plain, 0);
  }

  /**
   * The same from a place on.
   *
   * @throws PayloadException where they are damaged
   */
  public static Summary of(String app, byte[] bytes, int from) throws PayloadException {
    try {
      return new Scan(bytes, from).summary(app);
    } catch (IOException e) {
      throw new PayloadException(
          "payload of [" + (bytes.length - from) + "] bytes is damaged: " + e.getMessage(), e);
    }
  }

  /**
   * Goes over the bytes. Names are compared as they lie there, since no text has to be made of
   * those that only count.
   */
  private static final class Scan {
    private static final byte[] OWN_SOURCE = ascii(Records.SOURCE);
    private static final byte[] OUTBOX = ascii(Records.OUTBOX_ID);
    private static final byte[] RECORD = ascii(Records.RECORD_ID);
    private static final byte[] UNIT = ascii(Records.UNIT);

    private final byte[] bytes;
    private final CodedInputStream in;
    private final int from;
    private String source = "";

    Scan(byte[] bytes, int from) {
      this.bytes = bytes;
      this.from = from;
      in = CodedInputStream.newInstance(bytes, from, bytes.length - from);
    }

    private static byte[] ascii(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    Summary summary(String app) throws IOException {
      boolean data = Records.isMeasurement(app, "");
      Instant time = Instant.EPOCH;
      int measurements = 0;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == tag(Fields.TIMESTAMP, WireFormat.WIRETYPE_VARINT)) {
          time = Instant.ofEpochMilli(in.readInt64());
        } else if (tag == tag(Fields.METRIC, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
          int outer = in.pushLimit(in.readRawVarint32());
          measurements += isMeasurement() && data ? 1 : 0;
          in.popLimit(outer);
        } else {
          in.skipField(tag);
        }
      }
      return new Summary(time, source, measurements);
    }

    /** Reads a metric; keeps the text of the one that says who sends. */
    private boolean isMeasurement() throws IOException {
      int name = 0;
      int length = 0;
      int text =
          tag(OfMetric.FIRST_VALUE + MetricType.STRING, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == tag(OfMetric.NAME, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
          length = in.readRawVarint32();
          name = from + in.getTotalBytesRead();
          in.skipRawBytes(length);
        } else if (tag == text && is(OWN_SOURCE, name, length)) {
          source = in.readString();
        } else {
          in.skipField(tag);
        }
      }
      return !is(OWN_SOURCE, name, length)
          && !is(OUTBOX, name, length)
          && !is(RECORD, name, length)
          && !(length >= UNIT.length && is(UNIT, name, UNIT.length));
    }

    private boolean is(byte[] what, int at, int length) {
      return length == what.length && Arrays.equals(what, 0, what.length, bytes, at, at + length);
    }
  }

  private static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }
}
