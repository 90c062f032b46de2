package io.selvedge.protocol.kura;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.selvedge.protocol.kura.Fields.MetricType;
import io.selvedge.protocol.kura.Fields.OfMetric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Appends {@link Records#identity} to the stored payloads of one outbox: the same bytes as {@link
 * KuraCodec#append}, of which all but the record's number are made once. Thread-safe.
 */
public final class Identity {

  private final byte[] outbox;
  private final byte[] name;

  public Identity(String outboxId) {
    outbox = PayloadWriter.writeMetrics(Map.of(Records.OUTBOX_ID, Metric.of(outboxId)));
    name = nameAndType();
  }

  private static byte[] nameAndType() {
    byte[] bytes =
        new byte
            [CodedOutputStream.computeStringSize(OfMetric.NAME, Records.RECORD_ID)
                + CodedOutputStream.computeEnumSize(OfMetric.TYPE, MetricType.INT64)];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeString(OfMetric.NAME, Records.RECORD_ID);
      out.writeTag(OfMetric.TYPE, WireFormat.WIRETYPE_VARINT);
      out.writeEnumNoTag(MetricType.INT64);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array of the right size never fails
    }
    return bytes;
  }

  /**
   * A payload that is encoded and not compressed, with the identity behind it.
   *
   * @param stored in which the payload lies, up to its end
   * @param from where it begins there
   */
  public byte[] append(byte[] stored, int from, long recordId) {
    int field = OfMetric.FIRST_VALUE + MetricType.INT64;
    int metric = name.length + CodedOutputStream.computeInt64Size(field, recordId);
    int payload = stored.length - from;
    byte[] joined =
        new byte
            [payload
                + outbox.length
                + CodedOutputStream.computeTagSize(Fields.METRIC)
                + CodedOutputStream.computeUInt32SizeNoTag(metric)
                + metric];
    System.arraycopy(stored, from, joined, 0, payload);
    System.arraycopy(outbox, 0, joined, payload, outbox.length);
    int at = payload + outbox.length;
    CodedOutputStream out = CodedOutputStream.newInstance(joined, at, joined.length - at);
    try {
      out.writeTag(Fields.METRIC, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(metric);
      out.writeRawBytes(name);
      out.writeInt64(field, recordId);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array of the right size never fails
    }
    return joined;
  }
}
