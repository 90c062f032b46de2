package io.selvedge.console.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.bus.BusException;
import io.selvedge.console.Bench;
import io.selvedge.console.FakeSetup;
import io.selvedge.console.http.Answer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetupRoutesTest {

  private static final String HALL = "/api/drivers/io.selvedge.driver.tmp102/devices/hall";

  @TempDir Path data;

  @SuppressWarnings("NullAway.Init") // made anew before each test
  private Bench bench;

  @SuppressWarnings("NullAway.Init") // that of the bench
  private FakeSetup setup;

  @BeforeEach
  void make() throws Exception {
    bench = new Bench(data).signedIn();
    setup = bench.services.setup;
  }

  private Answer put(String path, String values) throws Exception {
    return bench.call(
        "PUT",
        path,
        Map.of("content-type", "application/json"),
        "{\"values\": {" + values.replace('\'', '"') + "}}");
  }

  @Test
  void showsTheFormOfEachDriver() throws Exception {
    JsonNode driver = Bench.json(bench.get("/api/drivers")).path("drivers").path(0);

    assertThat(driver.path("name").asText()).isEqualTo("Thermometer");
    JsonNode interval = driver.path("fields").path(3);
    assertThat(interval.path("type").asText()).isEqualTo("WHOLE");
    assertThat(interval.path("min").asText()).isEqualTo("10");
    assertThat(interval.path("default").asText()).isEqualTo("1000");
    assertThat(driver.path("fields").path(2).path("choices").path(1).path("label").asText())
        .isEqualTo("0x49 (V+)");
    assertThat(driver.path("fields").path(0).path("required").asBoolean()).isTrue();
    assertThat(interval.path("unit").asText()).isEqualTo("ms");
  }

  @Test
  void setsADeviceUpWithWhatIsGivenAsAPersonReadsIt() throws Exception {
    assertThat(put(HALL, "'device.id': 'hall', 'interval.ms': '250'").status()).isEqualTo(200);

    assertThat(Objects.requireNonNull(setup.devices.get(FakeSetup.THERMOMETER + "~hall")).values())
        .isEqualTo(Map.of("device.id", "hall", "interval.ms", "250"));
    JsonNode listed =
        Bench.json(bench.get("/api/drivers/io.selvedge.driver.tmp102/devices")).path("devices");
    assertThat(listed.path(0).path("values").path("interval.ms").asText()).isEqualTo("250");
  }

  @Test
  void neverShowsASecretAndKeepsItWhereItIsNotGivenAnew() throws Exception {
    put(HALL, "'device.id': 'hall', '.password': 'opensesame'");
    put(HALL, "'device.id': 'hall', 'interval.ms': '300'");

    assertThat(Bench.text(bench.get("/api/drivers/io.selvedge.driver.tmp102/devices")))
        .contains("300")
        .doesNotContain("opensesame");
    assertThat(Objects.requireNonNull(setup.devices.get(FakeSetup.THERMOMETER + "~hall")).values())
        .containsEntry(".password", "opensesame");
  }

  @Test
  void keepsWhatWasWrittenByHand() throws Exception {
    setup.save(
        FakeSetup.THERMOMETER,
        "hall",
        Map.of("device.id", "hall", "bus", "i2c1", "buses.target", "(recording=tour)"));

    put(HALL, "'device.id': 'hall', 'interval.ms': '300'");

    assertThat(Objects.requireNonNull(setup.devices.get(FakeSetup.THERMOMETER + "~hall")).values())
        .containsEntry("buses.target", "(recording=tour)")
        .doesNotContainKey("bus");
  }

  @Test
  void takesADeviceAway() throws Exception {
    put(HALL, "'device.id': 'hall'");

    assertThat(bench.call("DELETE", HALL, Map.of(), "").status()).isEqualTo(204);
    assertThat(setup.devices).isEmpty();
    assertThat(Bench.refusal(bench.call("DELETE", HALL, Map.of(), "")))
        .isEqualTo("404 device.unknown");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'bus': 'i2c1' | setting.absent | Device [] | device.id",
        "'device.id': 'Hall 7' | setting.wrong | [Hall 7] | device.id",
        "'device.id': 'hall', 'address': '0x4a' | setting.wrong | [0x48, 0x49] | address",
        "'device.id': 'hall', 'interval.ms': '5' | setting.wrong | at least 10 | interval.ms",
        "'device.id': 'hall', 'interval.ms': '60001' | setting.wrong | at most 60000 | interval.ms",
        "'device.id': 'hall', 'interval.ms': '1.5' | setting.wrong | a whole number | interval.ms",
        "'device.id': 'hall', 'colour': 'red' | setting.unknown | [colour] | ~~",
      })
  void saysWhatIsWrongWithWhichSetting(String values, String code, String message, String setting)
      throws Exception {
    Answer answer = put(HALL, values);

    assertThat(Bench.refusal(answer)).isEqualTo("400 " + code);
    assertThat(Bench.json(answer).path("message").asText()).contains(message);
    assertThat(Bench.json(answer).path("setting").asText()).isEqualTo(setting);
    assertThat(setup.devices).isEmpty();
  }

  @Test
  void refusesAnIdThatAnotherDeviceHasAndANameThatIsNoFile() throws Exception {
    put(HALL, "'device.id': 'hall'");

    Answer taken = put(HALL + "-2", "'device.id': 'hall'");
    assertThat(Bench.refusal(taken)).isEqualTo("409 device.id_taken");
    assertThat(Bench.json(taken).path("setting").asText()).isEqualTo("device.id");
    assertThat(Bench.refusal(put(HALL + "..", "'device.id': 'hall2'"))).isEqualTo("400 name.wrong");
    assertThat(Bench.refusal(put("/api/drivers/no.such/devices/x", "'device.id': 'x'")))
        .isEqualTo("404 driver.unknown");
  }

  @Test
  void findsChipsAtAddressesThatDriversKnowWithoutWritingAnything() throws Exception {
    setup.buses.i2c("i2c1").put(0x48, 0, 0x19, 0).put(0x49, 0, 0x19, 0).put(0x50, 0, 1);
    put(HALL, "'device.id': 'hall', 'address': '0x49'");

    JsonNode found = Bench.json(bench.get("/api/found")).path("found");

    assertThat(found).hasSize(2);
    assertThat(found.path(0).path("what").asText()).isEqualTo("0x48");
    assertThat(found.path(0).path("in_use").asBoolean()).isFalse();
    assertThat(found.path(0).path("drivers").path(0).path("settings").path("address").asText())
        .isEqualTo("0x48");
    assertThat(setup.buses.i2c("i2c1").transfers())
        .as("nothing is written; unknown addresses and those in use are not touched")
        .containsExactly("48 write [] read 1");
    assertThat(found.path(1).path("what").asText()).isEqualTo("0x49");
    assertThat(found.path(1).path("in_use").asBoolean()).isTrue();
  }

  @Test
  void findsThermometersOnOneWireAndSaysWhatABusLacks() throws Exception {
    setup.buses.oneWire("w1").put("28-0000071cb802", 0x91, 0x01).put("10-01", 0, 0);
    setup.buses.gpio("pinctrl-rp1").fail(BusException.Kind.NO_PERMISSION);

    JsonNode found = Bench.json(bench.get("/api/found")).path("found");

    assertThat(found.findValuesAsText("what"))
        .contains("28-0000071cb802", "10-01")
        .anySatisfy(what -> assertThat(what).contains("group"));
    assertThat(found.findValuesAsText("id")).containsExactly("28-0000071cb802");
  }

  @Test
  void saysOfEachBusThatNothingAnswers() throws Exception {
    setup.buses.i2c("i2c1").put(0x50, 0, 1);
    setup.buses.oneWire("w1");

    JsonNode found = Bench.json(bench.get("/api/found")).path("found");

    assertThat(found.findValuesAsText("bus")).containsExactly("i2c1", "w1");
    assertThat(found.path(0).path("what").asText())
        .isEqualTo(
            "nothing answers at the 2 addresses that drivers know; a chip at another one is set up"
                + " by its driver's form");
    assertThat(found.path(1).path("what").asText()).contains("pull-up resistor");
  }

  @Test
  void doesNotWaitForEachAddressOfABusThatIsHeldDown() throws Exception {
    setup.buses.i2c("i2c1").put(0x48, 0, 0x19, 0).fail(BusException.Kind.TIMEOUT);

    JsonNode found = Bench.json(bench.get("/api/found")).path("found");

    assertThat(found).hasSize(1);
    assertThat(found.path(0).path("what").asText()).contains("i2c1");
    assertThat(found.path(0).path("drivers")).isEmpty();
    assertThat(setup.buses.i2c("i2c1").transfers()).hasSizeLessThan(2);
  }

  @Test
  void goesOnWithoutBuses() throws Exception {
    setup.withBuses = false;

    JsonNode answer = Bench.json(bench.get("/api/found"));

    assertThat(answer.path("buses").asBoolean()).isFalse();
    assertThat(answer.path("found")).isEmpty();
  }
}
