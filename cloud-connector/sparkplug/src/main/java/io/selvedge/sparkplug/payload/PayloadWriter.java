package io.selvedge.sparkplug.payload;

import com.google.protobuf.CodedOutputStream;
import io.selvedge.sparkplug.payload.FieldNumbers.OfMetric;
import io.selvedge.sparkplug.payload.FieldNumbers.OfPayload;
import io.selvedge.sparkplug.payload.FieldNumbers.OfPropertySet;
import io.selvedge.sparkplug.payload.FieldNumbers.OfPropertyValue;
import io.selvedge.sparkplug.payload.FieldNumbers.Place;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Payload to bytes, fields in the order of their numbers. */
final class PayloadWriter {

  /** What writes into memory; it never fails, but the library's methods say they may. */
  interface Body {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private PayloadWriter() {}

  static byte[] write(Payload payload) {
    return bytes(
        out -> {
          if (payload.timestamp().isPresent()) {
            out.writeUInt64(OfPayload.TIMESTAMP, payload.timestamp().getAsLong());
          }
          for (Metric metric : payload.metrics()) {
            out.writeByteArray(OfPayload.METRICS, bytes(inner -> writeMetric(inner, metric)));
          }
          if (payload.seq().isPresent()) {
            out.writeUInt64(OfPayload.SEQ, payload.seq().getAsInt());
          }
        });
  }

  static void writeMetric(CodedOutputStream out, Metric metric) throws IOException {
    if (metric.name().isPresent()) {
      out.writeString(OfMetric.NAME, metric.name().get());
    }
    if (metric.alias().isPresent()) {
      out.writeUInt64(OfMetric.ALIAS, metric.alias().getAsLong());
    }
    if (metric.timestamp().isPresent()) {
      out.writeUInt64(OfMetric.TIMESTAMP, metric.timestamp().getAsLong());
    }
    if (metric.type().isPresent()) {
      out.writeUInt32(OfMetric.DATATYPE, metric.type().getAsInt());
    }
    if (metric.historical()) {
      out.writeBool(OfMetric.IS_HISTORICAL, true);
    }
    if (metric.content().isEmpty()) {
      out.writeBool(OfMetric.IS_NULL, true);
    }
    if (!metric.properties().isEmpty()) {
      out.writeByteArray(
          OfMetric.PROPERTIES, bytes(inner -> writeProperties(inner, metric.properties())));
    }
    if (metric.content().isPresent()) {
      writeContent(out, OfMetric.INT_VALUE, metric.content().get());
    }
  }

  private static void writeProperties(CodedOutputStream out, Map<String, Property> properties)
      throws IOException {
    for (String key : properties.keySet()) {
      out.writeString(OfPropertySet.KEYS, key);
    }
    for (Property property : properties.values()) {
      out.writeByteArray(OfPropertySet.VALUES, bytes(inner -> writeProperty(inner, property)));
    }
  }

  private static void writeProperty(CodedOutputStream out, Property property) throws IOException {
    out.writeUInt32(OfPropertyValue.TYPE, property.type());
    if (property.content().isPresent()) {
      writeContent(out, OfPropertyValue.INT_VALUE, property.content().get());
    } else {
      out.writeBool(OfPropertyValue.IS_NULL, true);
    }
  }

  /** The field of a value is the first one's number plus the value's place. */
  static void writeContent(CodedOutputStream out, int first, Content content) throws IOException {
    if (content instanceof Content.Int32 i) {
      out.writeUInt32(first + Place.INT, i.bits());
    } else if (content instanceof Content.Int64 l) {
      out.writeUInt64(first + Place.LONG, l.bits());
    } else if (content instanceof Content.Float32 f) {
      out.writeFloat(first + Place.FLOAT, f.value());
    } else if (content instanceof Content.Double64 d) {
      out.writeDouble(first + Place.DOUBLE, d.value());
    } else if (content instanceof Content.Bool b) {
      out.writeBool(first + Place.BOOLEAN, b.value());
    } else if (content instanceof Content.Text t) {
      out.writeString(first + Place.STRING, t.value());
    } else if (content instanceof Content.Bytes b) {
      out.writeByteArray(OfMetric.BYTES_VALUE, b.value());
    } else if (content instanceof Content.Nested n) {
      out.writeByteArray(n.field(), n.message());
    }
  }

  static byte[] bytes(Body body) {
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
