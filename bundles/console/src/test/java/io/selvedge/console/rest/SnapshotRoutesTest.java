package io.selvedge.console.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.console.Bench;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotRoutesTest {

  private static final String OFFICE = "io.selvedge.driver.simulated-office.cfg";

  @TempDir Path data;

  @SuppressWarnings("NullAway.Init") // made anew before each test
  Bench bench;

  long first;

  @BeforeEach
  void make() throws Exception {
    bench = new Bench(data).signedIn();
    first = get("/api/snapshots").path("snapshots").get(1).path("id").asLong();
  }

  private JsonNode get(String path) throws Exception {
    return Bench.json(bench.get(path));
  }

  @Test
  void listsThemNewestFirstAndShowsWhatIsInOne() throws Exception {
    JsonNode list = get("/api/snapshots").path("snapshots");
    assertThat(list).hasSize(2);
    assertThat(list.get(0).path("why").asText())
        .isEqualTo("CONF-V1: io.selvedge.driver.simulated~office");
    JsonNode one = get("/api/snapshots/" + first);
    assertThat(one.path("contents").get(0).path("file").asText()).isEqualTo(OFFICE);
    assertThat(one.path("contents").get(1).path("text").asText()).contains("password = ********");
  }

  @Test
  void showsWhatDiffersLineByLine() throws Exception {
    JsonNode files = get("/api/snapshots/" + first + "/diff").path("files");
    assertThat(files).hasSize(2);
    assertThat(files.get(0).path("change").asText()).isEqualTo("NEW");
    assertThat(files.get(1).path("file").asText()).isEqualTo(OFFICE);
    assertThat(files.get(1).path("lines").toString())
        .isEqualTo(
            "[\" # a room\",\" device.id = office\",\"-interval.ms = 1000\",\"+interval.ms ="
                + " 250\",\"+seed = 7\"]");
    assertThat(get("/api/snapshots/" + first + "/diff?to=" + first).path("files")).isEmpty();
  }

  @Test
  void goesBackAndKeepsHowItWas() throws Exception {
    JsonNode now = Bench.json(bench.post("/api/snapshots/" + first + "/rollback", "{}"));
    assertThat(now.path("why").asText())
        .isEqualTo("rolled back to " + first + " by hand from 192.0.2.7");
    assertThat(get("/api/snapshots/" + first + "/diff").path("files")).isEmpty();
    assertThat(get("/api/snapshots").path("snapshots")).hasSize(3);
    assertThat(bench.post("/api/snapshots", "{}").status()).isEqualTo(201);
  }

  @Test
  void aDiskThatIsFullIsNamed() throws Exception {
    bench.services.snapshots.full = true;
    for (String path : new String[] {"/api/snapshots", "/api/snapshots/" + first + "/rollback"}) {
      assertThat(Bench.refusal(bench.post(path, "{}"))).isEqualTo("507 snapshot.disk_failed");
    }
    assertThat(get("/api/snapshots").path("snapshots")).hasSize(2);
  }

  @Test
  void saysWhatIsNotThere() throws Exception {
    for (String path : new String[] {"/api/snapshots/7", "/api/snapshots/7/diff"}) {
      assertThat(Bench.refusal(bench.get(path))).isEqualTo("404 snapshot.unknown");
    }
    assertThat(Bench.refusal(bench.get("/api/snapshots/x"))).isEqualTo("400 snapshot.no_id");
    assertThat(Bench.refusal(bench.get("/api/snapshots/" + first + "/diff?to=x")))
        .isEqualTo("400 snapshot.no_id");
    assertThat(Bench.refusal(bench.post("/api/snapshots/7/rollback", "{}")))
        .isEqualTo("404 snapshot.unknown");
    bench.services.takeAway();
    assertThat(Bench.refusal(bench.get("/api/snapshots"))).startsWith("503");
  }
}
