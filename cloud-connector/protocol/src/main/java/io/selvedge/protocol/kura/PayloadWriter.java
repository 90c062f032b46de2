package io.selvedge.protocol.kura;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.selvedge.protocol.kura.Fields.MetricType;
import io.selvedge.protocol.kura.Fields.OfMetric;
import io.selvedge.protocol.kura.Fields.OfPosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.OptionalDouble;

/** Payload to bytes, fields in the order of their numbers. */
final class PayloadWriter {

  /** What writes into memory; it never fails, but the library's methods say they may. */
  private interface Body {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private PayloadWriter() {}

  static byte[] write(KuraPayload payload) {
    return bytes(
        out -> {
          if (payload.timestamp().isPresent()) {
            out.writeInt64(Fields.TIMESTAMP, payload.timestamp().get().toEpochMilli());
          }
          if (payload.position().isPresent()) {
            Position position = payload.position().get();
            out.writeByteArray(Fields.POSITION, bytes(inner -> writePosition(inner, position)));
          }
          writeMetrics(out, payload.metrics());
          if (payload.body().length > 0) {
            out.writeByteArray(Fields.BODY, payload.body());
          }
        });
  }

  static byte[] writeMetrics(Map<String, Metric> metrics) {
    return bytes(out -> writeMetrics(out, metrics));
  }

  private static void writeMetrics(CodedOutputStream out, Map<String, Metric> metrics)
      throws IOException {
    for (Map.Entry<String, Metric> entry : metrics.entrySet()) {
      out.writeTag(Fields.METRIC, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(size(entry.getKey(), entry.getValue()));
      writeMetric(out, entry.getKey(), entry.getValue());
    }
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

  private static byte[] bytes(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes, 256);
      body.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array never fails
    }
    return bytes.toByteArray();
  }
}
