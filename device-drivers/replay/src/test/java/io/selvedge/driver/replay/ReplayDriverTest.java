package io.selvedge.driver.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.FakeClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayDriverTest {

  private static final String OFFICE =
      """
      "date","Temperature","Occupancy"
      "1","2015-02-04 17:51:00",23.18,1
      "2","2015-02-04 17:51:59",23.15,1
      "3","2015-02-04 17:53:00",23.1,0
      """;

  @TempDir Path folder;
  private final FakeClock clock = new FakeClock(Instant.parse("2026-03-01T12:00:00Z"));
  private final Map<String, Object> config =
      new HashMap<>(
          Map.of(
              "device.id",
              "office",
              "file",
              "office.csv",
              "columns",
              "Temperature=temperature:Cel,Occupancy=occupancy::flag",
              "time.column",
              "date",
              "time.format",
              "yyyy-MM-dd HH:mm:ss",
              "speed",
              0));

  @Test
  void playsRowsWithTheirOwnTimesAndFindsTheUnnamedRowNumber() throws Exception {
    ReplayDriver driver = driver(OFFICE);

    List<Reading> readings = driver.read();

    assertThat(of("temperature", readings))
        .containsExactly(Value.of(23.18), Value.of(23.15), Value.of(23.1));
    assertThat(of("occupancy", readings))
        .containsExactly(Value.of(true), Value.of(true), Value.of(false));
    assertThat(readings.get(0).time()).contains(Instant.parse("2015-02-04T17:51:00Z"));
    assertThat(of("row", readings)).containsExactly(Value.of(3L));
    assertThat(of("finished", readings)).containsExactly(Value.of(false), Value.of(true));
    assertThat(of("rows_skipped", readings)).containsExactly(Value.of(0L));
    assertThat(driver.read()).as("after its end").isEmpty();
  }

  @Test
  void playsAsFastAsItsSpeedAsks() throws Exception {
    config.put("speed", 60);
    ReplayDriver driver = driver(OFFICE);

    assertThat(of("temperature", driver.read())).containsExactly(Value.of(23.18));
    assertThat(driver.read()).as("nothing is due yet").isEmpty();

    clock.advance(Duration.ofSeconds(1));
    assertThat(of("temperature", driver.read())).containsExactly(Value.of(23.15));

    clock.advance(Duration.ofMillis(999));
    assertThat(driver.read()).as("the third row is 120 s after the first").isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(of("temperature", driver.read())).containsExactly(Value.of(23.1));
  }

  @Test
  void catchesUpInBoundedBatches() throws Exception {
    config.put("rows.per.read", 2);
    ReplayDriver driver = driver(OFFICE);

    assertThat(of("row", driver.read())).containsExactly(Value.of(2L));
    assertThat(of("row", driver.read())).containsExactly(Value.of(3L));
  }

  @Test
  void saysWhatIsWrongWithACellAndGoesOn() throws Exception {
    ReplayDriver driver =
        driver(
            """
            date,Temperature,Occupancy
            2015-02-04 17:51:00,warm,1
            2015-02-04 17:52:00,,maybe
            2015-02-04 17:53:00,23.1
            2015-02-04 17:54:00,23.2,1,9
            2015-02-04 17:55:00,1e999,0
            2015-02-04 17:56:00,23.4,0
            """);

    List<Reading> readings = driver.read();

    assertThat(of("temperature", readings))
        .containsExactly(
            Value.missing(Value.Reason.DAMAGED, "line 2: [warm] is not DECIMAL"),
            Value.missing(Value.Reason.ABSENT, "line 3: []"),
            Value.missing(Value.Reason.DAMAGED, "line 4: [2] fields instead of 3"),
            Value.missing(Value.Reason.DAMAGED, "line 5: [4] fields instead of 3"),
            Value.missing(Value.Reason.DAMAGED, "line 6: [1e999] is not DECIMAL"),
            Value.of(23.4));
    assertThat(of("occupancy", readings))
        .contains(Value.missing(Value.Reason.DAMAGED, "line 3: [maybe] is not FLAG"));
  }

  @Test
  void countsRowsWithoutAReadableTime() throws Exception {
    ReplayDriver driver =
        driver(
            """
            date,Temperature,Occupancy
            2015-02-04 17:51:00,21,1
            yesterday,22,1
            2015-02-04 17:53:00,23,1
            """);

    List<Reading> readings = driver.read();

    assertThat(of("temperature", readings)).containsExactly(Value.of(21.0), Value.of(23.0));
    assertThat(of("rows_skipped", readings)).containsExactly(Value.of(0L), Value.of(1L));
  }

  @Test
  void aWrongTimeFormatIsSaidAtOnce() throws Exception {
    config.put("time.format", "dd.MM.yyyy HH:mm");
    ReplayDriver driver = driver(OFFICE);

    assertThatThrownBy(driver::read)
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("[2015-02-04 17:51:00]")
        .hasMessageContaining("time.format");
  }

  @Test
  void aFileThatIsNotThereIsWaitedFor() throws Exception {
    ReplayDriver driver = new ReplayDriver(config(), folder, clock::nanos);

    assertThatThrownBy(driver::read)
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[" + folder.resolve("office.csv") + "]");

    Files.writeString(folder.resolve("office.csv"), OFFICE);
    assertThat(of("temperature", driver.read())).hasSize(3);
  }

  @Test
  void aColumnThatIsNotThereIsNamedWithThoseThatAre() throws Exception {
    config.put("columns", "Pressure=pressure:kPa");
    ReplayDriver driver = driver(OFFICE);

    assertThatThrownBy(driver::read)
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[Pressure]")
        .hasMessageContaining("[date, Temperature, Occupancy]");
  }

  @Test
  void textAfterAClosingQuoteEndsTheRecordingWithAReason() throws Exception {
    config.put("rows.per.read", 1);
    ReplayDriver driver =
        driver(
            """
            date,Temperature,Occupancy
            2015-02-04 17:51:00,21,1
            2015-02-04 17:52:00,"22"3,1
            2015-02-04 17:53:00,23,1
            """);

    assertThat(of("temperature", driver.read())).containsExactly(Value.of(21.0));

    assertThatThrownBy(driver::read).hasMessageContaining("cannot be read on");
    assertThatThrownBy(driver::read)
        .as("it does not begin anew by itself")
        .hasMessageContaining("cannot be read on");
  }

  @Test
  void aQuoteThatIsNeverClosedDamagesWhatFollowsIt() throws Exception {
    ReplayDriver driver =
        driver(
            """
            date,Temperature,Occupancy
            2015-02-04 17:51:00,21,1
            2015-02-04 17:52:00,"22,1
            2015-02-04 17:53:00,23,1
            """);

    assertThat(of("temperature", driver.read()))
        .containsExactly(
            Value.of(21.0), Value.missing(Value.Reason.DAMAGED, "line 3: [2] fields instead of 3"));
  }

  @Test
  void beginsAnewWhereItLoops() throws Exception {
    config.put("loop", true);
    ReplayDriver driver = driver(OFFICE);

    assertThat(of("finished", driver.read())).containsExactly(Value.of(false));
    assertThat(of("temperature", driver.read())).hasSize(3);
  }

  @Test
  void timeThatRunsBackwardsBeginsABatchOfItsOwn() throws Exception {
    ReplayDriver driver =
        driver(
            """
            date,Temperature,Occupancy
            2015-02-04 17:52:00,21,1
            2015-02-04 17:51:00,22,1
            """);

    assertThat(of("temperature", driver.read())).containsExactly(Value.of(21.0));
    assertThat(of("temperature", driver.read())).containsExactly(Value.of(22.0));
  }

  @Test
  void aFileWithoutHeaderAndTimesIsPlayedByNumbers() throws Exception {
    config.put("header", false);
    config.put("separator", "space");
    config.put("columns", "1=unit::whole,3=setting:1");
    config.put("time.column", "");
    config.put("time.step", "PT1M");
    config.put("skip", 1);
    ReplayDriver driver = driver("1 1 0.25  \n1 2 -0.5  \n2 1 0.75  \n");

    List<Reading> readings = driver.read();

    assertThat(of("unit", readings)).containsExactly(Value.of(1L), Value.of(2L));
    assertThat(of("setting", readings)).containsExactly(Value.of(-0.5), Value.of(0.75));
    assertThat(readings.get(0).time()).contains(Instant.parse("2000-01-01T00:01:00Z"));
  }

  @Test
  void anEmptyFileIsFinishedAtOnce() throws Exception {
    assertThat(of("finished", driver("date,Temperature,Occupancy\n").read()))
        .containsExactly(Value.of(true));
  }

  @Test
  void bytesThatAreNotUtf8DoNotEndTheRecording() throws Exception {
    config.put("columns", "note=note::text,level=level:m");
    byte[] latin =
        "date,note,level\n2015-02-04 17:51:00,21 \u00b0C,1.5\n2015-02-04 17:52:00,ok,2.5\n"
            .getBytes(StandardCharsets.ISO_8859_1);
    Files.write(folder.resolve("office.csv"), latin);

    List<Reading> readings = new ReplayDriver(config(), folder, clock::nanos).read();

    assertThat(of("level", readings)).containsExactly(Value.of(1.5), Value.of(2.5));
    assertThat(of("note", readings)).contains(Value.of("ok"));
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstName() throws Exception {
    ReplayDriver driver = driver("\uFEFF" + OFFICE);

    assertThat(of("temperature", driver.read())).hasSize(3);
  }

  @Test
  void wrongSettingsAreRefusedWithTheRule() {
    assertRefused("columns", "Temperature", "[Temperature]", "column=channel:unit:kind");
    assertRefused("columns", "Temperature=Air Temp:Cel", "[Air Temp]", "lower_snake_case");
    assertRefused("columns", "Temperature=t:Cel:float", "[float]", "decimal, whole, flag or text");
    assertRefused("columns", "A=t:Cel,B=t:Cel", "[t]", "twice");
    assertRefused("separator", ";;", "[;;]", "one character");
    assertRefused("time.format", "yyyy-bb", "[yyyy-bb]", "epoch-ms");
    assertRefused("time.zone", "Mars/Base", "[Mars/Base]", "Europe/Berlin");
    assertRefused("time.step", "-PT1S", "[-PT1S]", "above zero");
    assertRefused("speed", -1, "[-1.0]", "0 or more");
  }

  @Test
  void readsOtherTimes() {
    assertThat(Times.of("epoch-ms", "UTC").read("1423072260500"))
        .isEqualTo("2015-02-04T17:51:00.500Z");
    assertThat(Times.of("epoch-s", "UTC").read("1423072260.25"))
        .isEqualTo("2015-02-04T17:51:00.250Z");
    assertThat(Times.of("iso", "Europe/Berlin").read("2015-02-04 18:51:00"))
        .isEqualTo("2015-02-04T17:51:00Z");
    assertThat(Times.of("iso", "Europe/Berlin").read("2015-02-04T17:51:00Z"))
        .isEqualTo("2015-02-04T17:51:00Z");
    assertThat(Times.of("dd.MM.yyyy", "UTC").read("04.02.2015")).isEqualTo("2015-02-04T00:00:00Z");
  }

  @Test
  void channelsAreTheColumnsAndItsOwnState() throws Exception {
    assertThat(driver(OFFICE).channels())
        .containsExactly(
            Channel.decimal("temperature", "Cel"),
            Channel.flag("occupancy"),
            Channel.whole("row", "1"),
            Channel.flag("finished"),
            Channel.whole("rows_skipped", "1"));
  }

  private void assertRefused(String key, Object value, String... contained) {
    Map<String, Object> wrong = new HashMap<>(config);
    wrong.put(key, value);
    assertThatThrownBy(
            () -> new ReplayDriver(Configs.of(ReplayConfig.class, wrong), folder, clock::nanos))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(contained);
  }

  private ReplayDriver driver(String file) throws IOException {
    Files.writeString(folder.resolve("office.csv"), file);
    return new ReplayDriver(config(), folder, clock::nanos);
  }

  private ReplayConfig config() {
    return Configs.of(ReplayConfig.class, config);
  }

  private static List<Value> of(String channel, List<Reading> readings) {
    List<Value> values = new ArrayList<>();
    readings.stream().filter(r -> r.channel().equals(channel)).forEach(r -> values.add(r.value()));
    return values;
  }
}
