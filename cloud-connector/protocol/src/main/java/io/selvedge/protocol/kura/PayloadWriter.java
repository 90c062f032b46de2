package io.selvedge.protocol.kura;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.selvedge.protocol.kura.Fields.MetricType;
import io.selvedge.protocol.kura.Fields.OfMetric;
import io.selvedge.protocol.kura.Fields.OfPosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;

/** Payload to bytes, fields in the order of their numbers. */
final class PayloadWriter {

  private static final byte[] NOTHING = {};
  private static final int METRIC_TAG_SIZE = CodedOutputStream.computeTagSize(Fields.METRIC);

  private PayloadWriter() {}

  static byte[] write(KuraPayload payload) {
    byte[] position = payload.position().map(PayloadWriter::position).orElse(NOTHING);
    Map<String, Metric> metrics = payload.metrics();
    int size = size(metrics) + size(payload.body());
    if (payload.timestamp().isPresent()) {
      size += timeSize(payload.timestamp().get());
    }
    if (position.length > 0) {
      size += CodedOutputStream.computeByteArraySize(Fields.POSITION, position);
    }
    byte[] bytes = new byte[size];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      if (payload.timestamp().isPresent()) {
        out.writeInt64(Fields.TIMESTAMP, payload.timestamp().get().toEpochMilli());
      }
      if (position.length > 0) {
        out.writeByteArray(Fields.POSITION, position);
      }
      writeMetrics(out, metrics);
      writeBody(out, payload.body());
      return whole(bytes, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array of the right size never fails
    }
  }

  /**
   * The same for a payload of so many metrics that has no position, behind a place that is left
   * free.
   *
   * @param before bytes to be left free
   */
  static byte[] write(
      int before, Instant time, int count, String[] names, Metric[] metrics, byte[] body) {
    int size = timeSize(time) + size(body);
    for (int i = 0; i < count; i++) {
      size += fieldSize(names[i], metrics[i]);
    }
    byte[] bytes = new byte[before + size];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes, before, size);
    try {
      out.writeInt64(Fields.TIMESTAMP, time.toEpochMilli());
      for (int i = 0; i < count; i++) {
        writeField(out, names[i], metrics[i]);
      }
      writeBody(out, body);
      return whole(bytes, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array of the right size never fails
    }
  }

  static byte[] writeMetrics(Map<String, Metric> metrics) {
    byte[] bytes = new byte[size(metrics)];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      writeMetrics(out, metrics);
      return whole(bytes, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array of the right size never fails
    }
  }

  private static byte[] whole(byte[] bytes, CodedOutputStream out) {
    out.checkNoSpaceLeft();
    return bytes;
  }

  private static int timeSize(Instant time) {
    return CodedOutputStream.computeInt64Size(Fields.TIMESTAMP, time.toEpochMilli());
  }

  private static int size(byte[] body) {
    return body.length == 0 ? 0 : CodedOutputStream.computeByteArraySize(Fields.BODY, body);
  }

  private static int size(Map<String, Metric> metrics) {
    int size = 0;
    for (Map.Entry<String, Metric> entry : metrics.entrySet()) {
      size += fieldSize(entry.getKey(), entry.getValue());
    }
    return size;
  }

  private static int fieldSize(String name, Metric metric) {
    int size = size(name, metric);
    return METRIC_TAG_SIZE + CodedOutputStream.computeUInt32SizeNoTag(size) + size;
  }

  private static void writeBody(CodedOutputStream out, byte[] body) throws IOException {
    if (body.length > 0) {
      out.writeByteArray(Fields.BODY, body);
    }
  }

  private static void writeMetrics(CodedOutputStream out, Map<String, Metric> metrics)
      throws IOException {
    for (Map.Entry<String, Metric> entry : metrics.entrySet()) {
      writeField(out, entry.getKey(), entry.getValue());
    }
  }

  private static void writeField(CodedOutputStream out, String name, Metric metric)
      throws IOException {
    out.writeTag(Fields.METRIC, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(size(name, metric));
    writeMetric(out, name, metric);
  }

  /** What {@link #writeMetric} writes, so that its length can stand before it without a copy. */
  private static int size(String name, Metric metric) {
    return CodedOutputStream.computeStringSize(OfMetric.NAME, name)
        + CodedOutputStream.computeEnumSize(OfMetric.TYPE, MetricType.DOUBLE)
        + size(metric);
  }

  private static int size(Metric metric) {
    if (metric instanceof Metric.Double64 d) {
      return CodedOutputStream.computeDoubleSize(value(MetricType.DOUBLE), d.value());
    }
    if (metric instanceof Metric.Float32 f) {
      return CodedOutputStream.computeFloatSize(value(MetricType.FLOAT), f.value());
    }
    if (metric instanceof Metric.Int64 l) {
      return CodedOutputStream.computeInt64Size(value(MetricType.INT64), l.value());
    }
    if (metric instanceof Metric.Int32 i) {
      return CodedOutputStream.computeInt32Size(value(MetricType.INT32), i.value());
    }
    if (metric instanceof Metric.Bool b) {
      return CodedOutputStream.computeBoolSize(value(MetricType.BOOL), b.value());
    }
    if (metric instanceof Metric.Text t) {
      return CodedOutputStream.computeStringSize(value(MetricType.STRING), t.value());
    }
    byte[] bytes = ((Metric.Bytes) metric).value();
    return CodedOutputStream.computeByteArraySize(value(MetricType.BYTES), bytes);
  }

  private static byte[] position(Position position) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      writePosition(out, position);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array never fails
    }
    return bytes.toByteArray();
  }

  private static void writePosition(CodedOutputStream out, Position position) throws IOException {
    out.writeDouble(OfPosition.LATITUDE, position.latitude());
    out.writeDouble(OfPosition.LONGITUDE, position.longitude());
    writeDouble(out, OfPosition.ALTITUDE, position.altitude());
    writeDouble(out, OfPosition.PRECISION, position.precision());
    writeDouble(out, OfPosition.HEADING, position.heading());
    writeDouble(out, OfPosition.SPEED, position.speed());
    if (position.timestamp().isPresent()) {
      out.writeInt64(OfPosition.TIMESTAMP, position.timestamp().get().toEpochMilli());
    }
    if (position.satellites().isPresent()) {
      out.writeInt32(OfPosition.SATELLITES, position.satellites().getAsInt());
    }
    if (position.status().isPresent()) {
      out.writeInt32(OfPosition.STATUS, position.status().getAsInt());
    }
  }

  private static void writeDouble(CodedOutputStream out, int field, OptionalDouble value)
      throws IOException {
    if (value.isPresent()) {
      out.writeDouble(field, value.getAsDouble());
    }
  }

  private static void writeMetric(CodedOutputStream out, String name, Metric metric)
      throws IOException {
    out.writeString(OfMetric.NAME, name);
    if (metric instanceof Metric.Double64 d) {
      out.writeDouble(type(out, MetricType.DOUBLE), d.value());
    } else if (metric instanceof Metric.Float32 f) {
      out.writeFloat(type(out, MetricType.FLOAT), f.value());
    } else if (metric instanceof Metric.Int64 l) {
      out.writeInt64(type(out, MetricType.INT64), l.value());
    } else if (metric instanceof Metric.Int32 i) {
      out.writeInt32(type(out, MetricType.INT32), i.value());
    } else if (metric instanceof Metric.Bool b) {
      out.writeBool(type(out, MetricType.BOOL), b.value());
    } else if (metric instanceof Metric.Text t) {
      out.writeString(type(out, MetricType.STRING), t.value());
    } else if (metric instanceof Metric.Bytes bytes) {
      out.writeByteArray(type(out, MetricType.BYTES), bytes.value());
    }
  }

  /** Writes the type; returns the field that holds values of this type. */
  private static int type(CodedOutputStream out, int type) throws IOException {
    out.writeTag(OfMetric.TYPE, WireFormat.WIRETYPE_VARINT);
    out.writeEnumNoTag(type);
    return value(type);
  }

  /** The field that holds values of this type. */
  private static int value(int type) {
    return OfMetric.FIRST_VALUE + type;
  }
}
