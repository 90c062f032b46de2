package io.selvedge.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnprovenTest {

  @TempDir Path data;
  @TempDir Path conf;

  @Test
  void countsOnlyWhileSomethingIsUnproved() throws Exception {
    Unproven unproven = new Unproven(data, conf);
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
  void aStartThatEndsBecauseSomebodyAskedIsNotCounted() throws Exception {
    Path file = Files.createDirectories(data.resolve("deployment")).resolve("unproven");
    Files.writeString(file, "2\n");
    Unproven unproven = new Unproven(data, conf);
    unproven.count();
    unproven.takeBack();
    unproven.takeBack();
    assertThat(file).hasContent("2 1\n");

    unproven.count();
    assertThat(file).hasContent("3 1\n");
    Files.writeString(file, "0\n"); // it has lasted
    unproven.takeBack();
    assertThat(file).hasContent("0\n");

    unproven.count();
    Files.delete(file); // it has proved itself
    unproven.takeBack();
    assertThat(file).doesNotExist();
  }

  @Test
  void whatAsksAgainAndAgainMayBeAWatchdogAndIsCountedThen() throws Exception {
    Path file = Files.createDirectories(data.resolve("deployment")).resolve("unproven");
    Files.writeString(file, "0\n");
    for (int i = 0; i < Unproven.MOST_ASKED; i++) {
      start();
      assertThat(file).hasContent("0 " + (i + 1) + "\n");
    }
    start();
    start();
    assertThat(file).hasContent("2 10\n");

    Files.writeString(file, "0\n"); // one has lasted
    start();
    assertThat(file).hasContent("0 1\n");
  }

  /** One that is asked to end. */
  private void start() throws Exception {
    Unproven unproven = new Unproven(data, conf);
    unproven.count();
    unproven.takeBack();
  }

  @Test
  void aStartThatWasNotCountedIsNotTakenOut() throws Exception {
    Unproven unproven = new Unproven(data, conf);
    unproven.count();
    Path file = Files.createDirectories(data.resolve("deployment")).resolve("unproven");
    Files.writeString(file, "2\n");
    unproven.takeBack();
    assertThat(file).hasContent("2\n");
  }

  @Test
  void aDamagedFileIsCountedFromTheBeginning() throws Exception {
    Path file = Files.createDirectories(data.resolve("deployment")).resolve("unproven");
    Files.write(file, new byte[] {0, 1, (byte) 0xff});
    new Unproven(data, conf).count();
    assertThat(file).hasContent("1\n");
  }

  /** A configuration that ends the process at once would do so at every start. */
  @Test
  void atTheFourthStartConfigurationIsAsItWas() throws Exception {
    Path deployment = Files.createDirectories(data.resolve("deployment"));
    Files.writeString(deployment.resolve("unproven"), "2\n");
    Path images = Files.createDirectories(deployment.resolve("configuration/hall"));
    Files.writeString(images.resolve("a.cfg"), "x = 1\n");
    Files.writeString(images.resolve("b.cfg.absent"), "");
    Files.writeString(images.resolve(".c.cfg.new"), "half a cop");
    Files.writeString(conf.resolve("a.cfg"), "x = 2\n");
    Files.writeString(conf.resolve("b.cfg"), "x = 2\n");
    Files.writeString(images.resolve("gone.cfg"), "password = geheim\n");
    Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rw-------");
    Files.setPosixFilePermissions(conf.resolve("a.cfg"), owner);

    new Unproven(data, conf).count();
    assertThat(conf.resolve("a.cfg")).hasContent("x = 2\n");
    new Unproven(data, conf).count();

    assertThat(conf.resolve("a.cfg")).hasContent("x = 1\n");
    try (var left = Files.list(conf)) {
      assertThat(left).hasSize(2);
    }
    assertThat(Files.getPosixFilePermissions(conf.resolve("a.cfg"))).isEqualTo(owner);
    assertThat(Files.getPosixFilePermissions(conf.resolve("gone.cfg"))).isEqualTo(owner);
  }
}
