package io.selvedge.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.protocol.feature.FeatureOp;
import io.selvedge.protocol.feature.FeatureSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowReaderTest {

  private static final List<FeatureSpec> FEATURES =
      List.of(
          FeatureSpec.last("t", "t"),
          FeatureSpec.of("t_2m", "t", FeatureOp.DELTA, Duration.ofMinutes(2)),
          FeatureSpec.last("h", "h"));

  @TempDir Path folder;

  @Test
  void makesOneRowOfEachTimeStampWithItsLabel() throws Exception {
    Samples samples =
        read(
            """
            time_ms,input,value
            0,t,20
            0,h,40
            0,label,1
            60000,label,0
            60000,t,20.5
            60000,h,41
            """);

    assertThat(samples.features()).isEqualTo(new float[][] {{20, 0, 40}, {20.5f, 0.5f, 41}});
    assertThat(samples.labels()).containsExactly(1, 0);
    assertThat(samples.times()).containsExactly(0, 60_000);
    assertThat(samples.perClass()).containsExactly(1, 1);
  }

  @Test
  void takesTheNewestValueOfAnInputThatComesLessOften() throws Exception {
    Samples samples = read("time_ms,input,value\n0,h,40\n0,t,20\n60000,t,21\n60000,label,1\n");

    assertThat(samples.features()).isEqualTo(new float[][] {{21, 1, 40}});
  }

  @Test
  void leavesOutAndCountsWhatLacksALabelOrAFeature() throws Exception {
    Samples samples =
        read(
            """
            time_ms,input,value
            0,t,20
            0,label,1
            60000,t,20
            60000,h,40
            120000,t,20
            120000,label,0
            7200000,t,20
            7200000,label,0
            """);

    assertThat(samples.size()).as("only 120000 has all").isEqualTo(1);
    assertThat(samples.read()).isEqualTo(4);
    assertThat(samples.withoutLabel()).isEqualTo(1);
    assertThat(samples.withoutFeature()).as("h never came, h is old").isEqualTo(2);
  }

  @Test
  void anEmptyRecordingHasNoRows() throws Exception {
    assertThat(read("time_ms,input,value\n").size()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0,t             | row [0,t] must have 3 fields",
        "0,t,1,2         | row [0,t,1,2] must have 3 fields",
        "noon,t,1        | time_ms [noon] must be whole milliseconds",
        "0,t,warm        | value [warm] must be a number",
        "0,t,NaN         | value [NaN] must be finite",
        "0,t,-Infinity   | value [-Infinity] must be finite",
        "0,label,0.5     | label [0.5] must be the index of a class, 0 to 1",
        "0,label,2       | label [2] must be the index of a class, 0 to 1",
        "0,label,-1      | label [-1] must be the index of a class, 0 to 1",
        "-5,t,1          | time_ms [-5] must not be before [-1]; sort it",
      })
  void saysWhichLineIsWrong(String line, String message) {
    assertThatThrownBy(() -> read("time_ms,input,value\n-1,t,20\n" + line + "\n"))
        .isInstanceOfSatisfying(
            TrainingException.class, e -> assertThat(e.code()).isEqualTo("training.malformed_rows"))
        .hasMessageContaining("line 3 of the rows file")
        .hasMessageContaining(message);
  }

  @Test
  void refusesAnotherHeader() {
    assertThatThrownBy(() -> read("time,input,value\n"))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("header [time,input,value] must be time_ms,input,value");
    assertThatThrownBy(() -> read(""))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("line 1");
  }

  @Test
  void refusesWhatIsNotText() throws Exception {
    Path file = Files.write(folder.resolve("rows.csv"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

    assertThatThrownBy(() -> RowReader.read(file, FEATURES, 2))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("it must be UTF-8 text");
  }

  private Samples read(String csv) throws Exception {
    Path file = folder.resolve("rows.csv");
    Files.writeString(file, csv, StandardCharsets.UTF_8);
    return RowReader.read(file, FEATURES, 2);
  }
}
