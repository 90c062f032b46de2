package io.selvedge.bench.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The console's form of each driver that a gateway has, as an installer meets it: what it tells,
 * what it says to bad values, what becomes of good ones, and that the device goes again. No
 * hardware is touched: the buses that are named are nowhere.
 */
final class Forms {

  private static final String BUS = "no-such-bus";
  private static final Set<String> UP = Set.of("host", "replay", "simulated", "textfile");

  /** What must be given and has no example that may be tried on any machine. */
  private final Map<String, Map<String, String>> given;

  /** Refused by the driver itself, with the words that must stand in the form. */
  private static final Map<String, String> REFUSED =
      Map.of("pca9685", "outputs [] and servos [] must name an output");

  /** Why a device is down, where that is not its bus. */
  private static final Map<String, String> DOWN = Map.of("hwmon", "no chip [", "iio", "no chip [");

  private static final String SCRIPT =
      """
      window.confirm = () => true;
      window.forms = {
        of: (pid) => forms.drivers.find((d) => d.pid === pid).fields,
        at: (f) => document.querySelector('form.settings').elements[f.id],
        text: (selector) => document.querySelector(selector)?.textContent ?? '',
        lacks: (pid) => forms.of(pid).flatMap((f) => {
          const said = forms.text('#' + CSS.escape('f-' + f.id + '-d'));
          const name = forms.text('label[for="f-' + f.id + '"]');
          const beside = forms.at(f)?.parentElement.textContent ?? '';
          const chosen = f.choices.length > 0 || f.type === 'FLAG';
          const otherwise = chosen ? forms.at(f)?.value === f.default : said.includes('otherwise ' + f.default);
          return [
            !forms.at(f) && 'field', !f.name || !name.startsWith(f.name) && 'label',
            (!f.description || !said.includes(f.description)) && 'description',
            f.required && !name.includes('(needed)') && 'needed', f.default && !otherwise && 'default',
            !chosen && !beside.includes(f.unit) && 'unit',
            [f.min, f.max].some((limit) => limit && !said.includes(limit)) && 'limit',
          ].filter(Boolean).map((what) => f.id + ' has no ' + what);
        }).join(),
        spoil: (pid) => forms.of(pid).forEach((f) => {
          if (f.max || f.min) {
            forms.at(f).value = f.max ? Number(f.max) + 1 : Number(f.min) - 1;
          }
        }),
        untold: (pid) => forms.of(pid).filter((f) => f.required || f.max || f.min).filter((f) =>
          !forms.text('#' + CSS.escape('f-' + f.id + '-e'))
            .startsWith(f.name + ' [' + forms.at(f).value + '] must be ')).map((f) => f.id).join(),
        fill: (pid, values) => forms.of(pid).forEach((f) => {
          const like = forms.at(f).placeholder?.replace('for example ', '');
          if (f.choices.length === 0 && f.type !== 'FLAG') {
            forms.at(f).value = values[f.id] ?? (f.required ? like : '');
          }
        }),
      };
      forms.look = () => forms.asked ??= fetch('/api/devices').then((r) => r.json()).then((all) => {
        forms.left = all.devices.map((d) => d.id).filter((id) => id.startsWith('t-')).join();
        forms.asked = null;
      });
      fetch('/api/drivers').then((r) => r.json()).then((all) => (forms.drivers = all.drivers));
      """;

  private final Browser browser;

  Forms(Browser browser, Path work) throws Exception {
    this.browser = browser;
    Path number = Files.writeString(work.resolve("number"), "21.5\n");
    Path recording = Files.writeString(work.resolve("recording.csv"), "T\n21.5\n");
    this.given =
        Map.of(
            "textfile", Map.of("path", number.toString()),
            "replay", Map.of("file", recording.toString(), "columns", "T=temperature:Cel"),
            "modbus", Map.of("bus", "127.0.0.1:1"),
            "sdm120", Map.of("bus", "127.0.0.1:1"),
            "nmea", Map.of("bus", "/dev/no-such-port"));
  }

  /** Fills in each form, badly and well, and takes all devices away again. */
  void everyDriver() throws Exception {
    browser.run(SCRIPT);
    browser.await("forms.drivers !== undefined");
    JsonNode drivers = browser.ask("forms.drivers").orElseThrow();
    assertThat(drivers.size()).as("drivers in the archive").isGreaterThan(20);
    for (JsonNode driver : drivers) {
      open(driver);
      refusesWhatIsWrong(driver.path("pid").asText());
      setsUp(driver);
    }
    removesAll();
  }

  private void open(JsonNode driver) throws Exception {
    browser.run("location.hash = '#/setup/" + driver.path("pid").asText() + "'");
    browser.await(heading("New: " + driver.path("name").asText()));
  }

  private void refusesWhatIsWrong(String pid) throws Exception {
    assertThat(browser.ask("forms.lacks('" + pid + "')").orElseThrow().asText()).as(pid).isEmpty();
    browser.run("forms.spoil('" + pid + "')");
    send();
    browser.await("forms.untold('" + pid + "') === ''");
  }

  private void setsUp(JsonNode driver) throws Exception {
    String pid = driver.path("pid").asText();
    String name = pid.substring(pid.lastIndexOf('.') + 1);
    Map<String, String> values = new TreeMap<>(given.getOrDefault(name, Map.of()));
    values.put("device.id", "t-" + name);
    for (JsonNode field : driver.path("fields")) {
      if (field.path("id").asText().equals("bus") && !field.path("default").asText().isEmpty()) {
        values.put("bus", BUS);
      }
    }
    fill(pid, values);
    send();
    if (REFUSED.containsKey(name)) {
      browser.await(heading("t-" + name) + " && forms.text('.setting.wrong .fault') !== ''");
      assertThat(browser.ask("forms.text('.setting.wrong .fault')").orElseThrow().asText())
          .startsWith(REFUSED.get(name));
    }
    if (name.equals("pca9685")) {
      values.put("outputs", "0");
      fill(pid, values);
      send();
    }
    browser.await("location.hash === '#/devices/t-" + name + "' && " + heading("t-" + name));
    boolean up = UP.contains(name);
    browser.await("forms.text('#page .pill') === '" + (up ? "up" : "down") + "'");
    if (!up) {
      String why = DOWN.getOrDefault(name, "[" + values.get("bus") + "]");
      browser.await("forms.text('#page .note.bad').includes('" + why + "')");
    }
  }

  private void removesAll() throws Exception {
    browser.run("location.hash = '#/setup'");
    String ours = "document.querySelectorAll('button[data-do=remove][data-name^=t-]')";
    browser.await(heading("Setup") + " && " + ours + ".length === forms.drivers.length");
    browser.run(ours + ".forEach((button) => button.click())");
    browser.await(ours + ".length === 0");
    browser.await("(forms.look(), forms.left) === ''");
  }

  private void fill(String pid, Map<String, String> values) throws Exception {
    browser.run("forms.fill('" + pid + "', " + new ObjectMapper().writeValueAsString(values) + ")");
  }

  private void send() throws Exception {
    browser.run("document.querySelector('form.settings button.primary').click()");
  }

  private static String heading(String text) {
    return "document.querySelector('main h1').innerText === '" + text + "'";
  }
}
