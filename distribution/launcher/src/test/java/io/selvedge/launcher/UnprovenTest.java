package io.selvedge.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnprovenTest {

  @TempDir Path data;

  @Test
  void countsOnlyWhileSomethingIsUnproved() throws Exception {
    Unproven unproven = new Unproven(data);
    unproven.count();
    assertThat(data).isEmptyDirectory();

    Path file = Files.createDirectories(data.resolve("deployment")).resolve("unproven");
    Files.writeString(file, "0\n");
    unproven.count();
    unproven.count();
    assertThat(file).hasContent("2\n");
    assertThat(file.getParent()).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void aDamagedFileIsCountedFromTheBeginning() throws Exception {
    Path file = Files.createDirectories(data.resolve("deployment")).resolve("unproven");
    Files.write(file, new byte[] {0, 1, (byte) 0xff});
    new Unproven(data).count();
    assertThat(file).hasContent("1\n");
  }
}
