package io.selvedge.driver.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.testkit.Configs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Files as others write them: separators, byte order marks, no header, no times. */
class OtherRecordingsTest {

  @Test
  void aPumpWithSemicolons() throws Exception {
    List<Reading> all =
        play(
            "skab/data/valve1/0.csv",
            Map.of(
                "separator", ";",
                "columns",
                    "Pressure=pressure:bar,Volume Flow RateRMS=flow:L/min,anomaly=anomaly::flag",
                "time.column", "datetime"));

    assertThat(of("flow", all)).hasSizeGreaterThan(1_000).allMatch(Value::present);
    assertThat(of("anomaly", all)).contains(Value.of(true), Value.of(false));
    assertThat(all.get(0).time().orElseThrow()).isEqualTo("2020-03-09T10:14:33Z");
  }

  @Test
  void aTransformerByTheHour() throws Exception {
    List<Reading> all = play("ett/ETTh1.csv", Map.of("columns", "OT=oil:Cel", "time.column", "1"));

    assertThat(of("oil", all)).hasSize(17_420).allMatch(Value::present);
  }

  @Test
  void aMachineWithAByteOrderMarkAndNoTimes() throws Exception {
    List<Reading> all =
        play(
            "ai4i2020/ai4i2020.csv",
            Map.of(
                "columns",
                "UDI=number:1:whole,Type=type::text,Torque [Nm]=torque:N.m,Machine failure=failed::flag",
                "time.step",
                "PT1M"));

    assertThat(of("number", all)).hasSize(8_000).startsWith(Value.of(1L));
    assertThat(of("type", all)).contains(Value.of("L"), Value.of("M"), Value.of("H"));
    assertThat(of("torque", all)).allMatch(Value::present);
  }

  @Test
  void aTurbofanWithoutAHeader() throws Exception {
    List<Reading> all =
        play(
            "cmapss/test_FD001.txt",
            Map.of(
                "header", false, "separator", "space", "columns", "1=unit:1:whole,7=outlet:Rad"));

    assertThat(of("unit", all)).endsWith(Value.of(100L)).allMatch(Value::present);
    assertThat(of("outlet", all)).startsWith(Value.of(643.02));
  }

  private static List<Reading> play(String file, Map<String, Object> settings) throws Exception {
    Path path = Path.of(System.getProperty("selvedge.test.data", "")).resolve(file);
    Assumptions.assumeTrue(Files.isReadable(path), () -> "no data set [" + path + "]");
    Map<String, Object> config = new HashMap<>(settings);
    config.putAll(
        Map.of("device.id", "x", "file", path.toString(), "speed", 0, "rows.per.read", 1_000));
    ReplayDriver driver =
        new ReplayDriver(Configs.of(ReplayConfig.class, config), Path.of(""), System::nanoTime);
    List<Reading> all = new ArrayList<>();
    for (List<Reading> read = driver.read(); !read.isEmpty(); read = driver.read()) {
      all.addAll(read);
    }
    return all;
  }

  private static List<Value> of(String channel, List<Reading> readings) {
    return readings.stream()
        .filter(reading -> reading.channel().equals(channel))
        .map(Reading::value)
        .toList();
  }
}
