package io.selvedge.training;

import io.selvedge.protocol.feature.FeatureComputer;
import io.selvedge.protocol.feature.FeatureSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code time_ms,input,value} rows and turns them into labelled features with the code that a
 * gateway uses: all values of one time stamp are taken in, then the features are computed.
 *
 * <p>The label is the value of the reserved input {@code label}: the index of a class. Time stamps
 * without a label, or with a feature that has no value, are left out and counted.
 */
final class RowReader {

  static final String LABEL = "label";
  private static final String HEADER = "time_ms,input,value";
  private static final int NONE = -1;

  private final FeatureComputer computer;
  private final int classes;
  private final float[] row;
  private final List<Long> times = new ArrayList<>();
  private final List<float[]> features = new ArrayList<>();
  private final List<Integer> labels = new ArrayList<>();
  private boolean started;
  private long time;
  private int label = NONE;
  private int read;
  private int withoutLabel;
  private int withoutFeature;

  private RowReader(List<FeatureSpec> specs, int classes) {
    this.computer = new FeatureComputer(specs);
    this.classes = classes;
    this.row = new float[specs.size()];
  }

  /**
   * @param file UTF-8, ordered by time
   * @param specs the features, in the order of the columns
   * @param classes number of classes
   * @throws TrainingException a line is not what it must be; which one is said
   */
  static Samples read(Path file, List<FeatureSpec> specs, int classes) throws TrainingException {
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return new RowReader(specs, classes).read(reader);
    } catch (IOException e) {
      throw new TrainingException(
          "training.malformed_rows",
          "rows file [" + file + "] cannot be read: " + e + "; it must be UTF-8 text",
          e);
    }
  }

  private Samples read(BufferedReader reader) throws IOException, TrainingException {
    String header = reader.readLine();
    if (!HEADER.equals(header)) {
      throw malformed(1, "header", String.valueOf(header), "must be " + HEADER);
    }
    long number = 1;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      take(++number, line);
    }
    finishRow();
    return new Samples(
        times.stream().mapToLong(Long::longValue).toArray(),
        features.toArray(new float[0][]),
        labels.stream().mapToInt(Integer::intValue).toArray(),
        classes,
        read,
        withoutLabel,
        withoutFeature);
  }

  private void take(long number, String line) throws TrainingException {
    String[] fields = line.split(",", -1);
    if (fields.length != 3) {
      throw malformed(number, "row", line, "must have 3 fields: " + HEADER);
    }
    long at = time(number, fields[0]);
    if (started && at < time) {
      throw malformed(number, "time_ms", fields[0], "must not be before [" + time + "]; sort it");
    }
    if (!started || at != time) {
      finishRow();
      started = true;
      time = at;
    }
    double value = value(number, fields[2]);
    if (fields[1].equals(LABEL)) {
      label = label(number, value, fields[2]);
    } else {
      computer.add(fields[1], at, value);
    }
  }

  private void finishRow() {
    if (!started) {
      return;
    }
    read++;
    if (label == NONE) {
      withoutLabel++;
    } else if (computer.compute(time, row)) {
      times.add(time);
      features.add(row.clone());
      labels.add(label);
    } else {
      withoutFeature++;
    }
    label = NONE;
  }

  private static long time(long number, String text) throws TrainingException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw malformed(number, "time_ms", text, "must be whole milliseconds since 1970");
    }
  }

  private static double value(long number, String text) throws TrainingException {
    double value = Double.NaN;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw malformed(number, "value", text, "must be a number; leave out rows without one");
    }
    if (!Double.isFinite(value)) {
      throw malformed(number, "value", text, "must be finite; leave out rows without a value");
    }
    return value;
  }

  private int label(long number, double value, String text) throws TrainingException {
    if (value != Math.rint(value) || value < 0 || value >= classes) {
      throw malformed(number, "label", text, "must be the index of a class, 0 to " + (classes - 1));
    }
    return (int) value;
  }

  private static TrainingException malformed(long line, String what, String value, String rule) {
    return new TrainingException(
        "training.malformed_rows",
        "line " + line + " of the rows file: " + what + " [" + value + "] " + rule);
  }
}
