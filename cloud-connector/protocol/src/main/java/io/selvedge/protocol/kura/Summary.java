package io.selvedge.protocol.kura;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.selvedge.protocol.kura.Fields.MetricType;
import io.selvedge.protocol.kura.Fields.OfMetric;
import java.io.IOException;
import java.time.Instant;

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
    CodedInputStream in = CodedInputStream.newInstance(plain);
    Instant time = Instant.EPOCH;
    String source = "";
    int measurements = 0;
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == tag(Fields.TIMESTAMP, WireFormat.WIRETYPE_VARINT)) {
          time = Instant.ofEpochMilli(in.readInt64());
        } else if (tag == tag(Fields.METRIC, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
          int outer = in.pushLimit(in.readRawVarint32());
          String[] metric = metric(in);
          in.popLimit(outer);
          if (metric[0].equals(Records.SOURCE)) {
            source = metric[1];
          } else if (isOwn(metric[0]) && Records.isMeasurement(app, metric[0])) {
            measurements++;
          }
        } else {
          in.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new PayloadException(
          "payload of [" + plain.length + "] bytes is damaged: " + e.getMessage(), e);
    }
    return new Summary(time, source, measurements);
  }

  private static boolean isOwn(String metric) {
    return !metric.equals(Records.OUTBOX_ID) && !metric.equals(Records.RECORD_ID);
  }

  /** Name, and text where it has one. */
  private static String[] metric(CodedInputStream in) throws IOException {
    String[] metric = {"", ""};
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == tag(OfMetric.NAME, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        metric[0] = in.readString();
      } else if (metric[0].equals(Records.SOURCE)
          && tag
              == tag(
                  OfMetric.FIRST_VALUE + MetricType.STRING, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        metric[1] = in.readString();
      } else {
        in.skipField(tag);
      }
    }
    return metric;
  }

  private static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }
}
