package io.selvedge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Value;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.flow.FlowStatus;
import io.selvedge.api.uplink.Message;
import io.selvedge.flow.FlowRegistry.Origin;
import io.selvedge.flow.definition.FlowDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first case: temperature and humidity watched, a model decides, the fan acts. */
class OfficeTest {

  private final EngineRig rig = new EngineRig();
  private FlowDefinition office;

  @BeforeEach
  void load() throws Exception {
    try (InputStream in = getClass().getResourceAsStream("office.flow.yaml")) {
      office = rig.engine.read("office.flow.yaml", in.readAllBytes());
    }
    rig.engine.registry().put(Origin.FILE, office);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static List<Measurement> row(double minute, double temperature, boolean occupied) {
    return Rows.row(
        "office",
        minute,
        "temperature",
        temperature,
        "humidity",
        40.0,
        "occupancy",
        occupied,
        "light",
        500.0);
  }

  /** Somebody is in where it is warm: enough for a test, never the label. */
  private void warmthModel(String version, double limit) {
    rig.models.swap(version, office.features(), features -> features[0] > limit ? 0.9 : 0.2);
  }

  @Test
  void theFanFollowsTheModelAndAnotherModelChangesTheDecisions() throws Exception {
    Decision alone = rig.decide(row(0, 23, true));
    assertThat(alone.rules()).containsExactly("otherwise");
    assertThat(alone.commands()).extracting(c -> c.value()).containsExactly(Value.of(false));

    warmthModel("1", 22);
    Decision occupied = rig.decide(row(1, 23, true));
    assertThat(occupied.rules()).containsExactly("occupied");
    assertThat(occupied.commands()).extracting(c -> c.value()).containsExactly(Value.of(true));
    assertThat(occupied.features())
        .containsOnlyKeys(
            "temperature",
            "humidity",
            "temperature_slope_10m",
            "humidity_slope_10m",
            "day_sin",
            "day_cos");

    warmthModel("2", 24);
    Decision empty = rig.decide(row(2, 23, true));
    assertThat(empty.model()).map(m -> m.version()).contains("2");
    assertThat(empty.rules()).containsExactly("otherwise");
    rig.decide(row(3, 31, true));
    assertThat(rig.devices.sent())
        .containsExactly(
            "office/fan=false", "office/fan=true", "office/fan=false", "office/fan=true");
    assertThat(rig.events.messages("alarm")).containsExactly("Office is at 31 Cel");
  }

  @Test
  void theLabelGoesUpWithTheRowButNotTheLight() throws Exception {
    rig.decide(row(0, 23, true));
    Message data = rig.uplink.of("DATA-V1").get(0);
    assertThat(data.metrics())
        .containsEntry("occupancy", Value.of(true))
        .containsEntry("unit.humidity", Value.of("Cel"))
        .doesNotContainKey("light");
    assertThat(rig.uplink.of("DECISION-V1")).hasSize(1);
  }

  @Test
  void everyRowOfTheRecordedOfficeIsDecidedUponOnce() throws Exception {
    Path recording =
        Path.of(System.getProperty("selvedge.test.data", ""), "occupancy", "datatest.txt");
    assumeTrue(
        Files.isReadable(recording),
        "recording [" + recording + "] is not here; give -Dselvedge.test.data");
    warmthModel("1", 21.5);
    List<List<Measurement>> rows = rows(recording);
    for (List<Measurement> row : rows) {
      rig.engine.measured(row);
    }
    EngineRig.until(() -> rig.decisions.size() == rows.size());
    FlowStatus status = rig.engine.find("office").orElseThrow();
    assertThat(status.decisions()).isEqualTo(2665);
    assertThat(status.skipped()).isZero();
    assertThat(status.uploaded()).isEqualTo(3 * 2665);
    List<Decision> decisions = new ArrayList<>(rig.decisions);
    // By hand: the first row has no past; the second is 59 seconds and 0.018 degrees later.
    assertThat(decisions.get(0).features())
        .containsEntry("temperature", 23.7)
        .containsEntry("temperature_slope_10m", 0.0);
    assertThat(decisions.get(1).features().get("temperature_slope_10m"))
        .isCloseTo(0.018 * 60 / 59, within(1e-9));
    for (int i = 0; i < decisions.size(); i++) {
      Decision decision = decisions.get(i);
      assertThat(decision.time()).isEqualTo(rows.get(i).get(0).time());
      boolean warm = decision.features().getOrDefault("temperature", 0.0) > 21.5;
      assertThat(decision.rules()).startsWith(warm ? "occupied" : "otherwise");
    }
  }

  private static List<List<Measurement>> rows(Path recording) throws IOException {
    try (Stream<String> lines = Files.lines(recording)) {
      return lines.skip(1).map(OfficeTest::parse).toList();
    }
  }

  private static List<Measurement> parse(String line) {
    String[] cells = line.replace("\"", "").split(",", -1);
    LocalDateTime time = LocalDateTime.parse(cells[1].replace(' ', 'T'));
    double minute =
        (time.toInstant(ZoneOffset.UTC).toEpochMilli() - Rows.START.toEpochMilli()) / 60_000.0;
    return Rows.row(
        "office",
        minute,
        "temperature",
        Double.parseDouble(cells[2]),
        "humidity",
        Double.parseDouble(cells[3]),
        "occupancy",
        cells[7].equals("1"));
  }

  @Test
  void theFlowsThatAreShippedAreFine() throws Exception {
    Path shipped = Path.of("..", "..", "config", "flows");
    assumeTrue(Files.isDirectory(shipped), "no shipped flows at [" + shipped + "]");
    try (Stream<Path> files = Files.list(shipped)) {
      for (Path file : files.toList()) {
        assertThat(rig.engine.read(file.getFileName().toString(), Files.readAllBytes(file)).name())
            .isEqualTo(file.getFileName().toString().replaceFirst("\\.flow\\..*", ""));
      }
    }
  }

  @Test
  void theFlowInTheDocumentationIsFine() throws Exception {
    Path docs = Path.of("..", "..", "docs", "flows.md");
    assumeTrue(Files.isReadable(docs), "no documentation at [" + docs + "]");
    Matcher yaml =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(docs));
    assertThat(yaml.find()).isTrue();
    byte[] flow = yaml.group(1).getBytes(StandardCharsets.UTF_8);
    assertThat(rig.engine.read("office.flow.yaml", flow).rules()).hasSize(3);
  }
}
