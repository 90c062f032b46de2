package io.selvedge.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.felix.cm.file.ConfigurationHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void aNewFileHoldsTheValuesWithTheirTypes() throws Exception {
    ConfigurationFiles files = new ConfigurationFiles(conf);
    Map<String, Object> values =
        Map.of("device.id", "hall", "interval.ms", 500, "tags", new String[] {"x", "y,z"});
    String name = files.nameFor("a~hall", "a");
    assertThat(files.save(name, values)).isTrue();
    assertThat(name).isEqualTo("file:" + conf.resolve("a-hall.config"));
    try (var in = Files.newInputStream(conf.resolve("a-hall.config"))) {
      var read = ConfigurationHandler.read(in);
      assertThat(read.size()).isEqualTo(3);
      assertThat(read.get("interval.ms")).isEqualTo(500);
      assertThat((String[]) read.get("tags")).containsExactly("x", "y,z");
    }
    assertThat(files.save(name, values)).as("written again").isFalse();
    assertThat(files.all()).containsExactly(name);
    files.delete(name);
    assertThat(files.all()).isEmpty();
  }

  @Test
  void aFileThatIsThereIsTheOneOfThePid() throws Exception {
    ConfigurationFiles files = new ConfigurationFiles(conf);
    Files.writeString(conf.resolve("a-hall.cfg"), "x=1\n");
    assertThat(files.nameFor("a~hall", "a")).endsWith("/a-hall.cfg");
    assertThat(files.nameFor("a~attic", "a")).endsWith("/a-attic.config");
    Files.writeString(conf.resolve("io.selvedge.mqtt.cfg"), "x=1\n");
    assertThat(files.nameFor("io.selvedge.mqtt", null)).endsWith("/io.selvedge.mqtt.cfg");
  }

  @Test
  void aTextFileKeepsItsComments() throws Exception {
    Path file = Files.writeString(conf.resolve("a.cfg"), "# mine\nx=1\n");
    String name = ConfigurationFiles.nameOf(file);
    assertThat(new ConfigurationFiles(conf).save(name, Map.of("x", 1))).isFalse();
    assertThat(new ConfigurationFiles(conf).save(name, Map.of("x", 2))).isTrue();
    assertThat(file).hasContent("# mine\nx = 2\n");
  }

  @Test
  void aTextFileInAnotherEncodingIsNotDamaged() throws Exception {
    byte[] latin1 = "# B\u00fcro\nx=1\n".getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(conf.resolve("a.cfg"), latin1);
    ConfigurationFiles files = new ConfigurationFiles(conf);
    String name = ConfigurationFiles.nameOf(file);
    assertThat(files.save(name, Map.of("x", 1))).isFalse();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> files.save(name, Map.of("x", 2)))
        .withMessage("the file holds bytes that are not UTF-8; save it in UTF-8");
    assertThat(file).hasBinaryContent(latin1);
  }

  @Test
  void filesElsewhereAreNotItsOwn() throws Exception {
    Path other = Files.createDirectory(conf.resolve("system"));
    Path file = Files.writeString(other.resolve("a.cfg"), "x=1");
    ConfigurationFiles files = new ConfigurationFiles(conf);
    assertThat(files.save(ConfigurationFiles.nameOf(file), Map.of("x", 2))).isFalse();
    files.delete(ConfigurationFiles.nameOf(file));
    assertThat(file).hasContent("x=1");
  }

  @Test
  void otherFilesAreNotConfigurations() throws Exception {
    Files.writeString(conf.resolve("gateway.properties"), "");
    Files.writeString(conf.resolve("b.cfg"), "");
    Files.createDirectory(conf.resolve("flows"));
    assertThat(new ConfigurationFiles(conf).all()).containsExactly("file:" + conf.resolve("b.cfg"));
  }
}
