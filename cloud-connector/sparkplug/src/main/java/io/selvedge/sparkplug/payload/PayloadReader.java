package io.selvedge.sparkplug.payload;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.selvedge.sparkplug.payload.FieldNumbers.OfMetric;
import io.selvedge.sparkplug.payload.FieldNumbers.OfPayload;
import io.selvedge.sparkplug.payload.FieldNumbers.OfPropertySet;
import io.selvedge.sparkplug.payload.FieldNumbers.OfPropertyValue;
import io.selvedge.sparkplug.payload.FieldNumbers.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Bytes to payload. A field with a wire type that is not its own is skipped, as unknown ones. */
final class PayloadReader {

  private final CodedInputStream in;
  private OptionalLong timestamp = OptionalLong.empty();
  private OptionalInt seq = OptionalInt.empty();
  private final List<Metric> metrics = new ArrayList<>();

  private PayloadReader(byte[] bytes) {
    in = CodedInputStream.newInstance(bytes);
  }

  static Payload read(byte[] bytes) throws PayloadException {
    PayloadReader reader = new PayloadReader(bytes);
    try {
      reader.read();
    } catch (IOException e) {
      throw new PayloadException(
          "payload of ["
              + bytes.length
              + "] bytes is damaged at byte ["
              + reader.in.getTotalBytesRead()
              + "]: "
              + e.getMessage(),
          e);
    }
    return new Payload(reader.timestamp, reader.seq, reader.metrics);
  }

  private void read() throws IOException, PayloadException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (is(tag, OfPayload.TIMESTAMP, WireFormat.WIRETYPE_VARINT)) {
        timestamp = OptionalLong.of(in.readUInt64());
      } else if (is(tag, OfPayload.METRICS, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        int outer = in.pushLimit(in.readRawVarint32());
        metrics.add(readMetric());
        in.popLimit(outer);
      } else if (is(tag, OfPayload.SEQ, WireFormat.WIRETYPE_VARINT)) {
        seq = OptionalInt.of(seq(in.readUInt64()));
      } else {
        in.skipField(tag);
      }
    }
  }

  private static int seq(long number) throws PayloadException {
    if (number < 0 || number > Payload.LAST_SEQ) {
      throw new PayloadException(
          "sequence number [" + Long.toUnsignedString(number) + "] must be 0 to 255");
    }
    return (int) number;
  }

  private Metric readMetric() throws IOException, PayloadException {
    Optional<String> name = Optional.empty();
    OptionalLong alias = OptionalLong.empty();
    OptionalLong time = OptionalLong.empty();
    OptionalInt type = OptionalInt.empty();
    boolean historical = false;
    boolean isNull = false;
    Map<String, Property> properties = Map.of();
    Optional<Content> content = Optional.empty();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (is(tag, OfMetric.NAME, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        name = Optional.of(in.readStringRequireUtf8());
      } else if (is(tag, OfMetric.ALIAS, WireFormat.WIRETYPE_VARINT)) {
        alias = OptionalLong.of(in.readUInt64());
      } else if (is(tag, OfMetric.TIMESTAMP, WireFormat.WIRETYPE_VARINT)) {
        time = OptionalLong.of(in.readUInt64());
      } else if (is(tag, OfMetric.DATATYPE, WireFormat.WIRETYPE_VARINT)) {
        type = OptionalInt.of(in.readUInt32());
      } else if (is(tag, OfMetric.IS_HISTORICAL, WireFormat.WIRETYPE_VARINT)) {
        historical = in.readBool();
      } else if (is(tag, OfMetric.IS_NULL, WireFormat.WIRETYPE_VARINT)) {
        isNull = in.readBool();
      } else if (is(tag, OfMetric.PROPERTIES, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        int outer = in.pushLimit(in.readRawVarint32());
        properties = readProperties();
        in.popLimit(outer);
      } else {
        Optional<Content> found = readContent(tag, OfMetric.INT_VALUE, OfMetric.LAST_VALUE);
        content = found.isPresent() ? found : content;
      }
    }
    return new Metric(
        name, alias, time, type, historical, properties, isNull ? Optional.empty() : content);
  }

  private Map<String, Property> readProperties() throws IOException, PayloadException {
    List<String> keys = new ArrayList<>();
    List<Property> values = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (is(tag, OfPropertySet.KEYS, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        keys.add(in.readStringRequireUtf8());
      } else if (is(tag, OfPropertySet.VALUES, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        int outer = in.pushLimit(in.readRawVarint32());
        values.add(readProperty());
        in.popLimit(outer);
      } else {
        in.skipField(tag);
      }
    }
    if (keys.size() != values.size()) {
      throw new PayloadException(
          "property set has ["
              + keys.size()
              + "] keys and ["
              + values.size()
              + "] values; it must have as many of both");
    }
    Map<String, Property> properties = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      properties.put(keys.get(i), values.get(i));
    }
    return properties;
  }

  private Property readProperty() throws IOException {
    int type = DataType.UNKNOWN.number();
    boolean isNull = false;
    Optional<Content> content = Optional.empty();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (is(tag, OfPropertyValue.TYPE, WireFormat.WIRETYPE_VARINT)) {
        type = in.readUInt32();
      } else if (is(tag, OfPropertyValue.IS_NULL, WireFormat.WIRETYPE_VARINT)) {
        isNull = in.readBool();
      } else {
        Optional<Content> found =
            readContent(tag, OfPropertyValue.INT_VALUE, OfPropertyValue.LAST_VALUE);
        content = found.isPresent() ? found : content;
      }
    }
    return new Property(type, isNull ? Optional.empty() : content);
  }

  /** A value where the field is one; else the field is skipped. */
  private Optional<Content> readContent(int tag, int first, int last) throws IOException {
    int field = WireFormat.getTagFieldNumber(tag);
    int wire = WireFormat.getTagWireType(tag);
    int place = field - first;
    if (place == Place.INT && wire == WireFormat.WIRETYPE_VARINT) {
      return Optional.of(new Content.Int32(in.readUInt32()));
    }
    if (place == Place.LONG && wire == WireFormat.WIRETYPE_VARINT) {
      return Optional.of(new Content.Int64(in.readUInt64()));
    }
    if (place == Place.FLOAT && wire == WireFormat.WIRETYPE_FIXED32) {
      return Optional.of(new Content.Float32(in.readFloat()));
    }
    if (place == Place.DOUBLE && wire == WireFormat.WIRETYPE_FIXED64) {
      return Optional.of(new Content.Double64(in.readDouble()));
    }
    if (place == Place.BOOLEAN && wire == WireFormat.WIRETYPE_VARINT) {
      return Optional.of(new Content.Bool(in.readBool()));
    }
    if (place == Place.STRING && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      return Optional.of(new Content.Text(in.readStringRequireUtf8()));
    }
    if (field == OfMetric.BYTES_VALUE && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      return Optional.of(new Content.Bytes(in.readByteArray()));
    }
    if (place > Place.STRING && field <= last && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      return Optional.of(new Content.Nested(field, in.readByteArray()));
    }
    in.skipField(tag);
    return Optional.empty();
  }

  private static boolean is(int tag, int field, int wire) {
    return WireFormat.getTagFieldNumber(tag) == field && WireFormat.getTagWireType(tag) == wire;
  }
}
