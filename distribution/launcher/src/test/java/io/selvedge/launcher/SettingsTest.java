package io.selvedge.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @TempDir Path directory;

  @Test
  void whatTheFileLeavesOutHasADefault() throws Exception {
    assertThat(read("# nothing set\nhttp.port=\n"))
        .isEqualTo(new Settings("host-7", "selvedge", "", "127.0.0.1", 8080));
  }

  @Test
  void takesWhatTheFileSays() throws Exception {
    assertThat(
            read(
                "gateway.id=Office_1\naccount=acme\ngroups=canary , line-a\nhttp.host=0.0.0.0\nhttp.port= 18080 \n"))
        .isEqualTo(new Settings("Office_1", "acme", "canary,line-a", "0.0.0.0", 18080));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gateway.id=two words",
        "gateway.id=a/b",
        "gateway.id=+",
        "gateway.id=HUB",
        "gateway.id=-x",
        "account=$EDC",
        "groups=two words",
        "http.host=http://here",
        "http.port=0",
        "http.port=65536",
        "http.port=80a",
        "http.port=-1",
        "http.port=99999999999"
      })
  void aBadValueIsRefusedWithWhatValueRuleAndRemedy(String line) {
    String key = line.substring(0, line.indexOf('='));
    String value = line.substring(line.indexOf('=') + 1);
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> read(line))
        .satisfies(problem -> assertThat(problem.exitCode()).isEqualTo(Problem.BAD_INPUT))
        .withMessageContainingAll("[" + key + "]", "[" + value + "]", "must", "for example");
  }

  @Test
  void aMisspeltKeyIsRefusedAndTheKnownOnesAreNamed() {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> read("gatway.id=office"))
        .withMessageContainingAll(
            "[gatway.id]", "[account, gateway.id, groups, http.host, http.port]");
  }

  @Test
  void aBrokenEscapeIsRefused() {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> read("account=\\u00zz"))
        .withMessageContaining("cannot be read");
  }

  @ParameterizedTest
  @CsvSource({
    "Raspberry-Pi.local, raspberry-pi",
    "büro 3, b-ro-3",
    "localhost, gateway",
    "'', gateway",
    "___, gateway",
    "gw-1, gw-1"
  })
  void anIdIsMadeOfTheHostsName(String host, String id) throws Exception {
    assertThat(Settings.idOf(host)).isEqualTo(id);
    assertThat(read("gateway.id=" + id).gatewayId()).isEqualTo(id);
  }

  @Test
  void aLongHostNameStillMakesAnId() throws Exception {
    String id = Settings.idOf("a".repeat(200));
    assertThat(read("gateway.id=" + id).gatewayId()).hasSize(64);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:1/",
    "0.0.0.0, http://127.0.0.1:1/",
    "::1, http://[::1]:1/",
    "gw.local, http://gw.local:1/"
  })
  void theAddressIsOneThatThisMachineCanOpen(String host, String address) {
    assertThat(new Settings("a", "b", "", host, 1).address()).isEqualTo(address);
  }

  private Settings read(String text) throws Problem, IOException {
    Path file = Files.writeString(directory.resolve("gateway.properties"), text);
    return Settings.read(file, "host-7");
  }
}
