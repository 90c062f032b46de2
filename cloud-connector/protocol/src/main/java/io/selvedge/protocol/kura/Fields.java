package io.selvedge.protocol.kura;

/** Field numbers of {@code kurapayload.proto}, package {@code kuradatatypes}. */
final class Fields {

  static final int TIMESTAMP = 1;
  static final int POSITION = 2;
  static final int METRIC = 5000;
  static final int BODY = 5001;

  /** Fields of {@code KuraPosition}. */
  static final class OfPosition {
    static final int LATITUDE = 1;
    static final int LONGITUDE = 2;
    static final int ALTITUDE = 3;
    static final int PRECISION = 4;
    static final int HEADING = 5;
    static final int SPEED = 6;
    static final int TIMESTAMP = 7;
    static final int SATELLITES = 8;
    static final int STATUS = 9;

    private OfPosition() {}
  }

  /** Fields of {@code KuraMetric}; a value's field is its type plus {@link #FIRST_VALUE}. */
  static final class OfMetric {
    static final int NAME = 1;
    static final int TYPE = 2;
    static final int FIRST_VALUE = 3;

    private OfMetric() {}
  }

  /** Values of {@code KuraMetric.ValueType}. */
  static final class MetricType {
    static final int DOUBLE = 0;
    static final int FLOAT = 1;
    static final int INT64 = 2;
    static final int INT32 = 3;
    static final int BOOL = 4;
    static final int STRING = 5;
    static final int BYTES = 6;

    private MetricType() {}
  }

  private Fields() {}
}
