package io.selvedge.console.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.console.Bench;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionRoutesTest {

  @TempDir Path data;

  @SuppressWarnings("NullAway.Init") // made anew before each test
  Bench bench;

  @BeforeEach
  void make() throws Exception {
    bench = new Bench(data).signedIn();
  }

  private JsonNode get(String path) throws Exception {
    return Bench.json(bench.get(path));
  }

  @Test
  void tellsWhatWentUpWhatWaitsAndWhatStayed() throws Exception {
    JsonNode answer = get("/api/distribution");

    assertThat(answer.path("flows")).hasSize(4);
    JsonNode office = answer.path("flows").get(0);
    assertThat(office.path("flow").asText()).isEqualTo("office");
    assertThat(office.path("seen").asLong()).isEqualTo(1440);
    assertThat(office.path("stayed").path("budget").asLong()).isEqualTo(80);
    assertThat(office.path("handed").get(0).path("waiting").asLong()).isEqualTo(1);
    assertThat(answer.path("budgets").get(0).path("used").asLong()).isEqualTo(4_200_000);
    JsonNode hub = answer.path("uplinks").get(0);
    assertThat(hub.path("name").asText()).isEqualTo("hub");
    assertThat(hub.path("link").asText()).isEqualTo("metered");
    assertThat(hub.path("sources").get(1).path("dropped").path("expired").asLong()).isEqualTo(10);
    assertThat(hub.path("delivered")).hasSize(3);
  }

  @Test
  void tellsItOfOneFlowOrOfFewerDays() throws Exception {
    JsonNode cellar = get("/api/distribution?flow=cellar");
    assertThat(cellar.path("flows")).hasSize(1);
    assertThat(cellar.path("budgets")).isEmpty();
    assertThat(cellar.path("uplinks").get(0).path("delivered")).isEmpty();
    assertThat(get("/api/distribution?days=1").path("flows")).hasSize(3);
    assertThat(Bench.refusal(bench.get("/api/distribution?days=0")))
        .isEqualTo("400 query.out_of_range");
  }

  @Test
  void namesTheMessagesPageByPage() throws Exception {
    JsonNode first = get("/api/distribution/messages?flow=office&most=150");
    assertThat(first.path("messages")).hasSize(150);
    JsonNode newest = first.path("messages").get(0);
    assertThat(newest.path("source").asText()).isEqualTo("flow/office");
    assertThat(newest.path("record").asLong()).isEqualTo(1252);
    assertThat(newest.path("uplink").asText()).isEqualTo("hub");
    assertThat(newest.path("accepted").asText()).isLessThan(newest.path("sent").asText());
    assertThat(newest.path("sent").asText()).isLessThan(newest.path("delivered").asText());
    JsonNode second =
        get("/api/distribution/messages?flow=office&most=150&after=" + first.path("next").asLong());
    assertThat(second.path("messages").get(0).path("number").asLong())
        .isLessThan(first.path("messages").get(149).path("number").asLong());
    JsonNode last = get("/api/distribution/messages?after=3");
    assertThat(last.path("messages")).hasSize(2);
    JsonNode old = get("/api/distribution/messages?after=101").path("messages").get(0);
    assertThat(old.has("accepted")).isFalse();
    assertThat(old.has("sent")).isFalse();
    assertThat(last.has("next")).isFalse();
  }

  @Test
  void refusesWhatCannotBeAsked() throws Exception {
    assertThat(Bench.refusal(bench.get("/api/distribution/messages?uplink=plant")))
        .isEqualTo("404 uplink.unknown");
    assertThat(Bench.refusal(bench.get("/api/distribution/messages?after=yesterday")))
        .isEqualTo("400 query.out_of_range");
  }

  @Test
  void switchesTheLinkAndWritesItIntoTheDiary() throws Exception {
    JsonNode answer = Bench.json(bench.post("/api/uplinks/hub/link", "{\"link\": \"off\"}"));
    assertThat(answer.path("link").asText()).isEqualTo("off");
    assertThat(get("/api/distribution").path("uplinks").get(0).path("link").asText())
        .isEqualTo("off");
    assertThat(bench.services.diary().get(0).code()).isEqualTo("console.link");
    assertThat(Bench.refusal(bench.post("/api/uplinks/hub/link", "{\"link\": \"often\"}")))
        .isEqualTo("400 link.unknown_state");
    assertThat(Bench.refusal(bench.post("/api/uplinks/plant/link", "{\"link\": \"off\"}")))
        .isEqualTo("404 uplink.unknown");
  }

  @Test
  void saysWhyTheLinkIsWhatItIsAndLetsItGoItsOwnWayAgain() throws Exception {
    JsonNode before = get("/api/distribution").path("uplinks").get(0).path("linkReason");
    assertThat(before.path("cause").asText()).isEqualTo("schedule");
    assertThat(before.path("text").asText()).contains("08:00-18:00");
    bench.post("/api/uplinks/hub/link", "{\"link\": \"off\"}");
    assertThat(get("/api/distribution").at("/uplinks/0/linkReason/cause").asText())
        .isEqualTo("by_hand");

    JsonNode answer = Bench.json(bench.post("/api/uplinks/hub/link", "{\"link\": \"auto\"}"));

    assertThat(answer.path("link").asText()).isEqualTo("metered");
    assertThat(get("/api/distribution").at("/uplinks/0/linkReason/cause").asText())
        .isEqualTo("schedule");
  }

  @Test
  void withoutItsPartsItIsEmpty() throws Exception {
    bench.services.takeAway();

    JsonNode answer = get("/api/distribution");
    assertThat(answer.path("flows")).isEmpty();
    assertThat(answer.path("uplinks")).isEmpty();
  }
}
