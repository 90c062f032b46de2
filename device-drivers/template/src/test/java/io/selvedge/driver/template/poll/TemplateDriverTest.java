package io.selvedge.driver.template.poll;

import static org.assertj.core.api.Assertions.assertThat;

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

/** What the kernel writes, as its documentation says. */
class TemplateDriverTest extends DriverContract {

  @TempDir Path folder;

  @BeforeEach
  void plug() throws IOException {
    Files.writeString(folder.resolve("temp"), "25062\n");
  }

  @Override
  protected Driver driver() {
    Map<String, Object> settings = Map.of("device.id", "cpu", "path", folder.resolve("temp"));
    return new TemplateDriver(Configs.of(TemplateConfig.class, settings));
  }

  @Override
  protected boolean unplug() throws IOException {
    Files.delete(folder.resolve("temp"));
    return true;
  }

  @Test
  void readsAboveAndBelowZero() throws Exception {
    assertThat(driver().read()).containsExactly(Reading.of("temperature", 25.062));

    Files.writeString(folder.resolve("temp"), "-10125\n");
    assertThat(driver().read()).containsExactly(Reading.of("temperature", -10.125));
  }
}
