package io.selvedge.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.launcher.Doctor.Finding;
import io.selvedge.launcher.Doctor.Mark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceFilesTest {

  private static final Path PROGRAMS = Path.of("/opt/selvedge");

  @TempDir Path root;

  private Path file(String name, String permissions) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private List<Finding> examine(boolean mayOpen) {
    return new DeviceFiles(root, PROGRAMS, file -> mayOpen).examine();
  }

  @Test
  void aMachineWithoutBusesIsWell() {
    assertThat(examine(false)).containsExactly(new Finding(Mark.OK, "buses", "none here"));
  }

  @Test
  void namesTheDevicesThatMayBeOpened() throws IOException {
    file("dev/i2c-1", "rw-rw----");
    file("dev/gpiochip0", "rw-rw----");
    file("dev/tty0", "rw-rw----");

    assertThat(examine(true)).containsExactly(new Finding(Mark.OK, "buses", "[gpiochip0, i2c-1]"));
  }

  @Test
  void givesTheRulesWhereTheDevicesAreRootsAlone() throws IOException {
    file("dev/i2c-1", "rw-------");
    file("dev/spidev0.0", "rw-------");

    List<Finding> findings = examine(false);

    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).mark()).isEqualTo(Mark.WARN);
    assertThat(findings.get(0).text())
        .contains(
            "[i2c-1, spidev0.0]",
            "groupadd -r -f $group",
            "for group in i2c spi;",
            "/opt/selvedge/linux/60-selvedge.rules",
            "usermod -aG i2c,spi " + System.getProperty("user.name"));
  }

  @Test
  void namesTheGroupWhereTheDevicesHaveOne() throws IOException {
    Path chip = file("dev/gpiochip0", "rw-rw----");
    String group = "daemon"; // one that every machine has
    try {
      PosixFileAttributeView view = Files.getFileAttributeView(chip, PosixFileAttributeView.class);
      view.setGroup(
          chip.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group));
    } catch (IOException e) { // not as root: the group is then this user's own
      group =
          Files.readAttributes(chip, java.nio.file.attribute.PosixFileAttributes.class)
              .group()
              .getName();
    }

    assertThat(examine(false).get(0).text())
        .contains("group [" + group + "]", "usermod -aG " + group);
  }

  @Test
  void missesTheModuleForI2c() throws IOException {
    Files.createDirectories(root.resolve("sys/bus/i2c/devices/i2c-1"));

    assertThat(examine(true))
        .extracting(Finding::text)
        .anyMatch(text -> text.contains("modprobe i2c-dev"));
  }
}
