package io.selvedge.sparkplug.payload;

import io.selvedge.sparkplug.payload.FieldNumbers.OfDataSet;
import io.selvedge.sparkplug.payload.FieldNumbers.OfMetric;
import java.util.List;

/**
 * A table.
 *
 * @param columns their names
 * @param types theirs, as many
 * @param rows in each a value for each column
 */
public record DataSet(List<String> columns, List<DataType> types, List<List<Content>> rows) {

  public DataSet {
    columns = List.copyOf(columns);
    types = List.copyOf(types);
    rows = List.copyOf(rows);
    int width = columns.size();
    if (types.size() != width || rows.stream().anyMatch(row -> row.size() != width)) {
      throw new IllegalArgumentException(
          "data set of [" + width + "] columns must have as many types, and values in each row");
    }
  }

  /** As the value of a metric. */
  public Content.Nested content() {
    return new Content.Nested(
        OfMetric.DATASET_VALUE,
        PayloadWriter.bytes(
            out -> {
              out.writeUInt64(OfDataSet.COLUMN_COUNT, columns.size());
              for (String column : columns) {
                out.writeString(OfDataSet.COLUMNS, column);
              }
              for (DataType type : types) {
                out.writeUInt32(OfDataSet.TYPES, type.number());
              }
              for (List<Content> row : rows) {
                out.writeByteArray(OfDataSet.ROWS, bytes(row));
              }
            }));
  }

  private static byte[] bytes(List<Content> row) {
    return PayloadWriter.bytes(
        out -> {
          for (Content value : row) {
            out.writeByteArray(
                OfDataSet.ELEMENTS,
                PayloadWriter.bytes(
                    inner -> PayloadWriter.writeContent(inner, OfDataSet.FIRST_VALUE, value)));
          }
        });
  }
}
