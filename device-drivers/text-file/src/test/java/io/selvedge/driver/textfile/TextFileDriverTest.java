package io.selvedge.driver.textfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileDriverTest extends DriverContract {

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    write("25062");
  }

  private void write(String text) throws IOException {
    Files.writeString(folder.resolve("value"), text + "\n");
  }

  private Driver driver(String path) {
    return new TextFileDriver(
        Configs.of(
            TextFileConfig.class,
            Map.of("device.id", "script", "path", path, "unit", "Cel", "factor", 0.001)));
  }

  @Override
  protected Driver driver() {
    return driver(folder.resolve("value").toString());
  }

  @Test
  void readsAboveAndBelowZero() throws Exception {
    assertThat(driver().read()).containsExactly(Reading.of("value", 25062 * 0.001));

    write("-10125");
    assertThat(driver().read()).containsExactly(Reading.of("value", -10125 * 0.001));
  }

  @Test
  void whatIsNoNumberIsMissing() throws Exception {
    for (String text : new String[] {"", "warm", "NaN"}) {
      write(text);
      assertThat(driver().read().get(0).value().display()).contains("[" + text + "]");
    }
  }

  @Test
  void saysWhichFileIsNotThere() throws Exception {
    Files.delete(folder.resolve("value"));

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining(folder.resolve("value").toString());
    assertThatThrownBy(() -> driver("value"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[value]");
  }
}
