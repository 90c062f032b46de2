package io.selvedge.protocol.kura;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.selvedge.protocol.kura.Fields.MetricType;
import io.selvedge.protocol.kura.Fields.OfMetric;
import io.selvedge.protocol.kura.Fields.OfPosition;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Bytes to payload. A field with a wire type that is not its own is skipped, as unknown ones. */
final class PayloadReader {

  private static final int NO_TYPE = Integer.MIN_VALUE;

  private final CodedInputStream in;
  private Optional<Instant> timestamp = Optional.empty();
  private Optional<Position> position = Optional.empty();
  private final Map<String, Metric> metrics = new LinkedHashMap<>();
  private byte[] body = new byte[0];

  private PayloadReader(byte[] plain) {
    in = CodedInputStream.newInstance(plain);
  }

  static KuraPayload read(byte[] plain) throws PayloadException {
    PayloadReader reader = new PayloadReader(plain);
    try {
      reader.read();
    } catch (IOException e) {
      throw new PayloadException(
          "payload of ["
              + plain.length
              + "] bytes is damaged at byte ["
              + reader.in.getTotalBytesRead()
              + "]: "
              + e.getMessage(),
          e);
    }
    return new KuraPayload(reader.timestamp, reader.position, reader.metrics, reader.body);
  }

  private void read() throws IOException, PayloadException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (is(tag, Fields.TIMESTAMP, WireFormat.WIRETYPE_VARINT)) {
        timestamp = Optional.of(Instant.ofEpochMilli(in.readInt64()));
      } else if (is(tag, Fields.POSITION, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        int outer = in.pushLimit(in.readRawVarint32());
        position = readPosition();
        in.popLimit(outer);
      } else if (is(tag, Fields.METRIC, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        int outer = in.pushLimit(in.readRawVarint32());
        readMetric();
        in.popLimit(outer);
      } else if (is(tag, Fields.BODY, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        body = in.readByteArray();
      } else {
        in.skipField(tag);
      }
    }
  }

  /** Without both coordinates, which the format requires, there is no position. */
  private Optional<Position> readPosition() throws IOException {
    double[] numbers = new double[OfPosition.SPEED + 1];
    boolean[] present = new boolean[numbers.length];
    Optional<Instant> time = Optional.empty();
    OptionalInt satellites = OptionalInt.empty();
    OptionalInt status = OptionalInt.empty();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (field <= OfPosition.SPEED && is(tag, field, WireFormat.WIRETYPE_FIXED64)) {
        numbers[field] = in.readDouble();
        present[field] = true;
      } else if (is(tag, OfPosition.TIMESTAMP, WireFormat.WIRETYPE_VARINT)) {
        time = Optional.of(Instant.ofEpochMilli(in.readInt64()));
      } else if (is(tag, OfPosition.SATELLITES, WireFormat.WIRETYPE_VARINT)) {
        satellites = OptionalInt.of(in.readInt32());
      } else if (is(tag, OfPosition.STATUS, WireFormat.WIRETYPE_VARINT)) {
        status = OptionalInt.of(in.readInt32());
      } else {
        in.skipField(tag);
      }
    }
    if (!present[OfPosition.LATITUDE] || !present[OfPosition.LONGITUDE]) {
      return Optional.empty();
    }
    return Optional.of(
        new Position(
            numbers[OfPosition.LATITUDE],
            numbers[OfPosition.LONGITUDE],
            optional(numbers, present, OfPosition.ALTITUDE),
            optional(numbers, present, OfPosition.PRECISION),
            optional(numbers, present, OfPosition.HEADING),
            optional(numbers, present, OfPosition.SPEED),
            time,
            satellites,
            status));
  }

  private static OptionalDouble optional(double[] numbers, boolean[] present, int field) {
    return present[field] ? OptionalDouble.of(numbers[field]) : OptionalDouble.empty();
  }

  private void readMetric() throws IOException, PayloadException {
    int start = in.getTotalBytesRead();
    Optional<String> name = Optional.empty();
    int type = NO_TYPE;
    Map<Integer, Metric> values = new LinkedHashMap<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (is(tag, OfMetric.NAME, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        name = Optional.of(in.readStringRequireUtf8());
      } else if (is(tag, OfMetric.TYPE, WireFormat.WIRETYPE_VARINT)) {
        type = in.readEnum();
      } else {
        readValue(tag, values);
      }
    }
    if (name.isEmpty()) {
      throw new PayloadException("metric at byte [" + start + "] has no name; it must have one");
    }
    metrics.put(name.get(), value(name.get(), type, values));
  }

  private void readValue(int tag, Map<Integer, Metric> values) throws IOException {
    int type = WireFormat.getTagFieldNumber(tag) - OfMetric.FIRST_VALUE;
    int wire = WireFormat.getTagWireType(tag);
    if (type == MetricType.DOUBLE && wire == WireFormat.WIRETYPE_FIXED64) {
      values.put(type, new Metric.Double64(in.readDouble()));
    } else if (type == MetricType.FLOAT && wire == WireFormat.WIRETYPE_FIXED32) {
      values.put(type, new Metric.Float32(in.readFloat()));
    } else if (type == MetricType.INT64 && wire == WireFormat.WIRETYPE_VARINT) {
      values.put(type, new Metric.Int64(in.readInt64()));
    } else if (type == MetricType.INT32 && wire == WireFormat.WIRETYPE_VARINT) {
      values.put(type, new Metric.Int32(in.readInt32()));
    } else if (type == MetricType.BOOL && wire == WireFormat.WIRETYPE_VARINT) {
      values.put(type, new Metric.Bool(in.readBool()));
    } else if (type == MetricType.STRING && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      values.put(type, new Metric.Text(in.readStringRequireUtf8()));
    } else if (type == MetricType.BYTES && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      values.put(type, new Metric.Bytes(in.readByteArray()));
    } else {
      in.skipField(tag);
    }
  }

  /** The value of the type that is named; a value that is left out is the type's zero. */
  private static Metric value(String name, int type, Map<Integer, Metric> values)
      throws PayloadException {
    Metric value = values.get(type);
    if (value != null) {
      return value;
    }
    if (type == NO_TYPE) {
      throw new PayloadException("metric [" + name + "] has no type; it must have one, 0 to 6");
    }
    return switch (type) {
      case MetricType.DOUBLE -> Metric.of(0.0);
      case MetricType.FLOAT -> new Metric.Float32(0);
      case MetricType.INT64 -> Metric.of(0L);
      case MetricType.INT32 -> Metric.of(0);
      case MetricType.BOOL -> Metric.of(false);
      case MetricType.STRING -> Metric.of("");
      case MetricType.BYTES -> new Metric.Bytes(new byte[0]);
      default ->
          throw new PayloadException(
              "metric [" + name + "] has the type [" + type + "]; it must be 0 to 6");
    };
  }

  private static boolean is(int tag, int field, int wire) {
    return WireFormat.getTagFieldNumber(tag) == field && WireFormat.getTagWireType(tag) == wire;
  }
}
