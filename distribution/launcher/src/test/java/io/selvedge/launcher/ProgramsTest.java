package io.selvedge.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {

  @TempDir Path home;
  private Programs programs;

  @BeforeEach
  void programs() throws IOException {
    programs = new Programs(home);
    Files.writeString(home.resolve("VERSION"), "1.2.3\n");
    for (String jar : new String[] {"10/late.jar", "01/b.jar", "01/a.jar", "01/readme.txt"}) {
      Files.createDirectories(home.resolve("bundles").resolve(jar).getParent());
      write(jar, "content of " + jar);
    }
  }

  @Test
  void bundlesComeByStartLevelAndName() throws Exception {
    assertThat(programs.jars())
        .extracting(jar -> jar.startLevel() + " " + jar.jar().getFileName())
        .containsExactly("1 a.jar", "1 b.jar", "10 late.jar");
  }

  @Test
  void otherContentOfTheSameSizeAndTimeIsNoticed() throws Exception {
    String before = programs.fingerprint();
    assertThat(programs.fingerprint()).isEqualTo(before);
    write("01/a.jar", "content of 01/A.jar");
    assertThat(programs.fingerprint()).isNotEqualTo(before);
  }

  @Test
  void aDirectoryThatIsNoStartLevelIsSaid() throws Exception {
    Files.createDirectories(home.resolve("bundles/late"));
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> programs.jars())
        .withMessageContainingAll("[" + home + "]", "unpack");
  }

  private void write(String jar, String content) throws IOException {
    Path file = Files.writeString(home.resolve("bundles").resolve(jar), content);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
  }
}
