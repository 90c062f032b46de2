package io.selvedge.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selvedge.protocol.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recorded office room (Candanedo 2016, UCI 357): learn on some days, judge on others, from
 * temperature and humidity alone. Columns: row number (without a name in the header), date,
 * Temperature, Humidity, Light, CO2, HumidityRatio, Occupancy.
 */
class OfficeTest {

  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  @TempDir Path folder;

  /** As docs/models.md recommends it for the office. */
  private static final String JOB =
      """
      {"model": "occupancy", "version": "1", "outputs": ["empty", "occupied"],
       "inputs": ["temperature", "humidity"], "network": "logistic", "epochs": 60, "seed": %d,
       "rows": "rows.csv",
       "features": [
         {"name": "temperature_delta_20m", "of": "temperature", "op": "delta", "window": "PT20M"},
         {"name": "humidity_slope_10m", "of": "humidity", "op": "slope", "window": "PT10M"},
         {"name": "day_sin", "op": "day_sin"},
         {"name": "day_cos", "op": "day_cos"},
         {"name": "weekend", "op": "weekend"}]}
      """;

  @Test
  void knowsOnOtherDaysWhetherSomebodyIsIn() throws Exception {
    Path data = Path.of(System.getProperty("selvedge.test.data", "")).resolve("occupancy");
    assumeTrue(
        Files.isDirectory(data),
        "folder [" + data + "] with the office recording is absent; set selvedge.test.data");
    Path test = Files.writeString(folder.resolve("test.csv"), rows(data.resolve("datatest.txt")));
    String training = rows(data.resolve("datatraining.txt"));

    for (int seed = 1; seed <= 3; seed++) {
      JobFolder job = new JobFolder(folder).job(JOB.formatted(seed)).rows(training);
      assertThat(job.run()).as(job.err).isZero();

      Job read = Job.read(folder.resolve("job.json"));
      Samples samples = RowReader.read(test, read.features(), 2);
      assertThat(samples.size()).isEqualTo(2665);
      double balancedAccuracy;
      try (OnnxRun run = new OnnxRun(Files.readAllBytes(job.out().resolve("model.onnx")))) {
        balancedAccuracy =
            Confusion.of(samples.labels(), run.predict(samples.features()), 2).balancedAccuracy();
        assertThat(balancedAccuracy).as("seed %d", seed).isGreaterThan(0.95);
      }
      assertThat(
              Json.mapper()
                  .readTree(job.out().resolve("report.json").toFile())
                  .path("balancedAccuracy")
                  .doubleValue())
          .as("what the report promises, seed %d", seed)
          .isCloseTo(balancedAccuracy, within(0.02));
    }
  }

  private static String rows(Path file) throws Exception {
    List<String> lines = Files.readAllLines(file);
    StringBuilder csv = new StringBuilder("time_ms,input,value\n");
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.replace("\"", "").split(",", -1);
      long time = LocalDateTime.parse(fields[1], DATE).toInstant(ZoneOffset.UTC).toEpochMilli();
      csv.append(time).append(",temperature,").append(fields[2]).append('\n');
      csv.append(time).append(",humidity,").append(fields[3]).append('\n');
      csv.append(time).append(",label,").append(fields[7]).append('\n');
    }
    return csv.toString();
  }
}
