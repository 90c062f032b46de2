package io.selvedge.hardware.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlteredTest {

  @TempDir Path directory = Path.of("."); // set before each test

  /** A driver's arithmetic. */
  public static final class Sensor {
    public double celsius(int count) {
      return count * 0.0625;
    }
  }

  private Path jar = Path.of("."); // set before each test

  @BeforeEach
  void makeAJar() throws IOException {
    jar = directory.resolve("sensor.jar");
    String entry = Sensor.class.getName().replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(Sensor.class.getResourceAsStream("/" + entry).readAllBytes());
      zip.closeEntry();
    }
  }

  @Test
  void theCopyCalculatesOtherwise() throws Exception {
    Path copy = directory.resolve("copy.jar");

    Altered.jar(jar, copy, 0.0625, 0.5);

    try (URLClassLoader loader = new URLClassLoader(new URL[] {copy.toUri().toURL()}, null)) {
      Class<?> altered = loader.loadClass(Sensor.class.getName());
      Object sensor = altered.getConstructor().newInstance();
      assertThat(altered.getMethod("celsius", int.class).invoke(sensor, 100)).isEqualTo(50.0);
    }
    assertThat(new Sensor().celsius(100)).isEqualTo(6.25);
  }

  @Test
  void aConstantThatIsNotThereIsTold() {
    assertThatThrownBy(() -> Altered.jar(jar, directory.resolve("copy.jar"), 0.125, 0.5))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("[0.125]");
  }
}
