package io.selvedge.bench.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.bench.rollout.FleetHub;
import io.selvedge.bench.rollout.HubAndGateway;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of the shipped gateway and the shipped hub in a real browser: each is looked at. */
class PagesIT {

  private static final String FORM = "#/setup/io.selvedge.driver.textfile";

  @TempDir Path work;

  private HubAndGateway both;
  private Browser browser;

  @BeforeEach
  void begin() throws Exception {
    Optional<Path> program = Browser.program();
    assumeTrue(program.isPresent(), Browser.ABSENT);
    both = new HubAndGateway(work);
    browser = new Browser(program.get(), work);
  }

  @AfterEach
  void end() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (both != null) {
      both.end();
    }
  }

  @Test
  void everyPageIsShownWithoutAFault() throws Exception {
    both.await(() -> both.ready().contains("\"ready\":true"));
    browser.open(both.signIn());
    awaitPage("Overview");
    aFormSaysWhatItLacks();
    aFormSetsADeviceUp();
    new Forms(browser, work).everyDriver();
    for (String page :
        new String[] {"Overview", "Devices", "Flows", "Data", "Models", "Deployments", "Events"}) {
      go(page.equals("Overview") ? "#/" : "#/" + page.toLowerCase(Locale.ROOT));
      awaitPage(page);
    }
    go("#/setup");
    awaitPage("Setup");
    browser.await("document.querySelectorAll('a.name[href*=\"io.selvedge.driver\"]').length > 20");
    assertThat(browser.faults()).as("the gateway's pages").isEmpty();

    theHubsPages();
    assertThat(browser.faults()).as("the hub's pages").isEmpty();
  }

  private void aFormSaysWhatItLacks() throws Exception {
    go(FORM);
    awaitPage("New: Number in a file");
    fill("interval.ms", "0");
    press("form.settings button.primary");
    browser.await(
        "[...document.querySelectorAll('.setting.wrong .fault')].map(e => e.textContent).join('|')"
            + " === 'Device [] must be given, for example script"
            + "|File [] must be given, for example /run/script/value"
            + "|Interval [0] must be at least 10 ms'");
    browser.await("document.activeElement.name === 'device.id'");
  }

  private void aFormSetsADeviceUp() throws Exception {
    Path file = Files.writeString(work.resolve("value"), "21.5\n", StandardCharsets.UTF_8);
    fill("device.id", "tank");
    fill("path", file.toString());
    fill("interval.ms", "200");
    press("form.settings button.primary");
    awaitPage("tank");
    browser.await("document.getElementById('page').innerText.includes('21.5')");
    browser.await("document.querySelector('#page svg path') !== null");
  }

  private void theHubsPages() throws Exception {
    FleetHub hub = both.hub;
    hub.register("FLOW", "idle", "1", Map.of("flow.json", "{}".getBytes(StandardCharsets.UTF_8)));
    ObjectNode rollout = FleetHub.object().put("name", "first steps").put("by", "test");
    rollout
        .putArray("artifacts")
        .addObject()
        .put("kind", "FLOW")
        .put("name", "idle")
        .put("version", "1");
    rollout.putObject("fleet");
    rollout.put("start", "manual");
    rollout.putArray("groups").addObject().put("name", "all").put("rest", true);
    long id = hub.post("/api/v1/rollouts", rollout).path("id").asLong();

    browser.open(hub.http());
    browser.await("document.getElementById('token') !== null");
    browser.run("document.getElementById('token').value = '" + hub.token() + "'");
    press("form.door button.primary");
    awaitPage("Fleet");
    browser.await("document.querySelector('table.fleet th[scope=row]').innerText.includes('gw-1')");
    go("#/rollouts");
    awaitPage("Rollouts");
    browser.await("document.getElementById('page').innerText.includes('first steps')");
    go("#/rollouts/" + id);
    awaitPage(id + " · first steps");
    press("#page header button.primary");
    browser.await(
        "document.querySelector('dialog[open] h2').innerText.startsWith('Start rollout')");
  }

  private void go(String hash) throws Exception {
    browser.run("location.hash = '" + hash + "'");
  }

  /** Until the page has its heading, and says of nothing that it does not answer. */
  private void awaitPage(String title) throws Exception {
    browser.await(
        "document.querySelector('main h1').innerText.startsWith('"
            + title
            + "') && document.getElementById('banner').hidden");
  }

  private void fill(String setting, String text) throws Exception {
    browser.await("document.getElementById('f-" + setting + "') !== null");
    browser.run("document.getElementById('f-" + setting + "').value = '" + text + "'");
  }

  private void press(String button) throws Exception {
    browser.await("document.querySelector('" + button + "') !== null");
    browser.run("document.querySelector('" + button + "').click()");
  }
}
