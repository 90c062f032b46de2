package io.selvedge.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.apache.felix.cm.file.ConfigurationHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("JdkObsolete") // Config Admin speaks Dictionary
class ConfigurationFilesTest {

  @TempDir Path conf;

  @ParameterizedTest
  @CsvSource({
    "io.selvedge.mqtt, , io.selvedge.mqtt.config",
    "a.b~hall, a.b, a.b-hall.config",
    "a.b.3f2-11, a.b, a.b-3f2-11.config",
    "a.b~../x y, a.b, a.b-.._x_y.config",
    "odd, a.b, a.b-odd.config"
  })
  void theFilesNameTellsThePid(String pid, @Nullable String factory, String file) {
    assertThat(ConfigurationFiles.fileName(pid, factory)).isEqualTo(file);
  }

  @Test
  void aNewFileHoldsTheValuesWithTheirTypesAndNothingElse() throws Exception {
    Dictionary<String, Object> properties =
        new Hashtable<>(
            Map.of("service.pid", "a", "device.id", "hall", "interval.ms", 500, "tags", array()));
    String name = new ConfigurationFiles(conf).create("a~hall", "a", properties);
    Path file = conf.resolve("a-hall.config");
    assertThat(name).isEqualTo(file.toUri().toString());
    try (var in = Files.newInputStream(file)) {
      Dictionary<?, ?> read = ConfigurationHandler.read(in);
      assertThat(read.size()).isEqualTo(3);
      assertThat(read.get("device.id")).isEqualTo("hall");
      assertThat(read.get("interval.ms")).isEqualTo(500);
      assertThat((String[]) read.get("tags")).containsExactly("x", "y,z");
    }
    assertThat(new ConfigurationFiles(conf).all()).containsExactly(name);
  }

  @Test
  void otherFilesAreNotConfigurations() throws Exception {
    Files.writeString(conf.resolve("gateway.properties"), "");
    Files.writeString(conf.resolve("b.cfg"), "");
    Files.createDirectory(conf.resolve("flows"));
    assertThat(new ConfigurationFiles(conf).all())
        .containsExactly(conf.resolve("b.cfg").toUri().toString());
  }

  private static String[] array() {
    return new String[] {"x", "y,z"};
  }
}
