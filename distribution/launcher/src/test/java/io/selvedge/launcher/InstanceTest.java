package io.selvedge.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceTest {

  @TempDir Path directory;
  private Programs programs;
  private Instance instance;

  @BeforeEach
  void programs() throws IOException {
    Path home = directory.resolve("programs");
    Files.createDirectories(home.resolve("config/flows"));
    Files.writeString(home.resolve("VERSION"), "1.2.3\n");
    Files.writeString(home.resolve("config/gateway.properties"), "# id\n#gateway.id=\n");
    Files.writeString(home.resolve("config/a.cfg"), "shipped");
    Files.writeString(home.resolve("config/flows/f.flow.yaml"), "shipped");
    programs = new Programs(home);
    instance = new Instance(directory.resolve("an instance"));
  }

  @Test
  void aNewInstanceGetsTheShippedConfigurationAndItsId() throws Exception {
    assertThat(instance.create(programs, "office")).isTrue();
    assertThat(instance.conf().resolve("a.cfg")).hasContent("shipped");
    assertThat(instance.conf().resolve("flows/f.flow.yaml")).hasContent("shipped");
    assertThat(Settings.read(instance.settings(), "other").gatewayId()).isEqualTo("office");
  }

  @Test
  void theConfigurationCanBeWrittenWhereTheProgramsCannot() throws Exception {
    Path shipped = programs.config().resolve("a.cfg");
    Files.setPosixFilePermissions(shipped, PosixFilePermissions.fromString("r--r--r--"));
    instance.create(programs, "office");
    assertThat(Files.getPosixFilePermissions(instance.conf().resolve("a.cfg")))
        .contains(PosixFilePermission.OWNER_WRITE);
  }

  @Test
  void dataIsForItsOwnerOnly() throws Exception {
    instance.create(programs, "office");
    for (Path secret : new Path[] {instance.data(), instance.data().resolve("auth")}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void anInstanceThatIsThereKeepsItsConfiguration() throws Exception {
    instance.create(programs, "office");
    Files.writeString(instance.conf().resolve("a.cfg"), "mine");
    Files.delete(instance.conf().resolve("flows/f.flow.yaml"));
    assertThat(instance.create(programs, "other")).isFalse();
    assertThat(instance.conf().resolve("a.cfg")).hasContent("mine");
    assertThat(instance.conf().resolve("flows/f.flow.yaml")).doesNotExist();
    assertThat(Settings.read(instance.settings(), "other").gatewayId()).isEqualTo("office");
  }

  @Test
  void aCopyThatWasInterruptedIsFinishedAtTheNextStart() throws Exception {
    instance.create(programs, "office");
    Files.delete(instance.settings()); // the last file of a copy
    Files.delete(instance.conf().resolve("a.cfg"));
    assertThat(instance.create(programs, "office")).isTrue();
    assertThat(instance.conf().resolve("a.cfg")).hasContent("shipped");
  }

  @Test
  void anInstanceThatCannotBeMadeSaysWhere() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "in the way");
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> new Instance(file.resolve("instance")).create(programs, "office"))
        .withMessageContainingAll("[" + file.resolve("instance") + "]", "--instance");
  }

  @Test
  void aRunBeginsWithTheProgramsOwnConfigurationAndNothingOfTheLast() throws Exception {
    instance.create(programs, "office");
    Path old = Files.createDirectories(instance.run().resolve("configuration/a/b"));
    Files.writeString(old.resolve("c.config"), "of the last run");
    Files.createDirectories(programs.home().resolve("system"));
    Files.writeString(programs.home().resolve("system/http.cfg"), "first");
    instance.prepare(programs);
    Files.writeString(programs.home().resolve("system/http.cfg"), "upgraded");
    instance.prepare(programs);
    assertThat(instance.run().resolve("system/http.cfg")).hasContent("upgraded");
    assertThat(instance.run().resolve("configuration")).doesNotExist();
  }

  @Test
  void onlyOneMayHoldIt() throws Exception {
    instance.create(programs, "office");
    assertThat(instance.holder()).isEmpty();
    try (FileChannel held = instance.lock()) {
      assertThat(held.isOpen()).isTrue();
      assertThatExceptionOfType(Problem.class)
          .isThrownBy(instance::lock)
          .withMessageContaining("is in use by process");
    }
    instance.lock().close();
  }
}
