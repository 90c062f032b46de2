package io.selvedge.sparkplug.payload;

/** Field numbers of {@code sparkplug_b.proto}, package {@code org.eclipse.tahu.protobuf}. */
final class FieldNumbers {

  /** Fields of {@code Payload}. */
  static final class OfPayload {
    static final int TIMESTAMP = 1;
    static final int METRICS = 2;
    static final int SEQ = 3;

    private OfPayload() {}
  }

  /** Fields of {@code Payload.Metric}. */
  static final class OfMetric {
    static final int NAME = 1;
    static final int ALIAS = 2;
    static final int TIMESTAMP = 3;
    static final int DATATYPE = 4;
    static final int IS_HISTORICAL = 5;
    static final int IS_NULL = 7;
    static final int PROPERTIES = 9;
    static final int INT_VALUE = 10;
    static final int BYTES_VALUE = 16;
    static final int DATASET_VALUE = 17;
    static final int TEMPLATE_VALUE = 18;
    static final int LAST_VALUE = 19;

    private OfMetric() {}
  }

  /** Fields of {@code Payload.PropertySet}. */
  static final class OfPropertySet {
    static final int KEYS = 1;
    static final int VALUES = 2;

    private OfPropertySet() {}
  }

  /** Fields of {@code Payload.PropertyValue}. */
  static final class OfPropertyValue {
    static final int TYPE = 1;
    static final int IS_NULL = 2;
    static final int INT_VALUE = 3;
    static final int LAST_VALUE = 11;

    private OfPropertyValue() {}
  }

  /** Fields of {@code Payload.DataSet}, {@code DataSet.Row} and {@code DataSet.DataSetValue}. */
  static final class OfDataSet {
    static final int COLUMN_COUNT = 1;
    static final int COLUMNS = 2;
    static final int TYPES = 3;
    static final int ROWS = 4;
    static final int ELEMENTS = 1;
    static final int FIRST_VALUE = 1;

    private OfDataSet() {}
  }

  /** Fields of {@code Payload.Template}. */
  static final class OfTemplate {
    static final int VERSION = 1;
    static final int METRICS = 2;
    static final int PARAMETERS = 3;
    static final int REFERENCE = 4;
    static final int IS_DEFINITION = 5;

    private OfTemplate() {}
  }

  /** Fields of {@code Template.Parameter}. */
  static final class OfParameter {
    static final int NAME = 1;
    static final int TYPE = 2;
    static final int FIRST_VALUE = 3;

    private OfParameter() {}
  }

  /** All have int, long, float, double, boolean and string at these places after the first. */
  static final class Place {
    static final int INT = 0;
    static final int LONG = 1;
    static final int FLOAT = 2;
    static final int DOUBLE = 3;
    static final int BOOLEAN = 4;
    static final int STRING = 5;

    private Place() {}
  }

  private FieldNumbers() {}
}
