package io.selvedge.driver.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.testkit.Configs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The recorded office room, row for row. */
class OfficeRoomTest {

  @Test
  void playsTheWholeRoomWithoutLosingARow() throws Exception {
    Path file = Path.of(System.getProperty("selvedge.test.data", ""), "occupancy/datatest.txt");
    Assumptions.assumeTrue(
        Files.isReadable(file), () -> "the office room is not there: [" + file + "]");
    ReplayDriver driver =
        new ReplayDriver(
            Configs.of(
                ReplayConfig.class,
                Map.of(
                    "device.id",
                    "office",
                    "file",
                    file.toString(),
                    "columns",
                    "Temperature=temperature:Cel,Humidity=humidity:%,Occupancy=occupancy::flag",
                    "time.column",
                    "date",
                    "time.format",
                    "yyyy-MM-dd HH:mm:ss",
                    "speed",
                    0)),
            Path.of(""),
            System::nanoTime);

    List<Reading> all = new ArrayList<>();
    for (List<Reading> read = driver.read(); !read.isEmpty(); read = driver.read()) {
      all.addAll(read);
    }

    assertThat(all).filteredOn(r -> r.channel().equals("temperature")).hasSize(2665);
    assertThat(all).allMatch(reading -> reading.value().present());
    assertThat(all)
        .filteredOn(r -> r.channel().equals("occupancy") && r.value().equals(Value.of(true)))
        .as("rows with somebody in the room")
        .hasSize(972);
    assertThat(all.get(all.size() - 1).time().orElseThrow()).isEqualTo("2015-02-04T10:43:00Z");
  }
}
