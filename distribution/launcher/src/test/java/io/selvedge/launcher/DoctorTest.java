package io.selvedge.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {

  @TempDir Path directory;
  private Programs programs;
  private Instance instance;

  @BeforeEach
  void instance() throws IOException {
    programs = new Programs(directory.resolve("programs"));
    Files.createDirectories(programs.config());
    Files.createDirectories(programs.home().resolve("bundles/01"));
    Files.writeString(programs.config().resolve("gateway.properties"), "");
    instance = new Instance(directory.resolve("instance"));
    Files.createDirectories(instance.conf().resolve("trust"));
    Files.createDirectories(instance.run());
    Files.writeString(instance.settings(), "gateway.id=office\n");
  }

  @Test
  void aTakenPortIsBad() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Doctor.Finding finding = find("port", OptionalInt.of(taken.getLocalPort()));
      assertThat(finding.isBad()).isTrue();
      assertThat(finding.text()).contains(":" + taken.getLocalPort() + "]", "--port");
    }
  }

  @Test
  void aMachineWithoutModelsIsWarnedOfAndNotRefused() throws Exception {
    String architecture = System.setProperty("os.arch", "arm");
    try {
      assertThat(find("natives").line())
          .startsWith("warn")
          .contains("no models on [", " arm]", "aarch64");
    } finally {
      System.setProperty("os.arch", architecture);
    }
  }

  @Test
  void brokenSettingsAreBad() throws Exception {
    Files.writeString(instance.settings(), "http.port=none\n");
    assertThat(find("settings").line()).startsWith("bad").contains("[none]");
  }

  @Test
  void aBrokenConfigurationFileIsBad() throws Exception {
    Files.writeString(instance.conf().resolve("a.cfg"), "x=\\uZZZZ\n");
    assertThat(find("config").line()).startsWith("bad").contains("a.cfg");
  }

  @Test
  void anInstanceInAPlaceThatIsAFileIsBad() throws Exception {
    instance = new Instance(Files.writeString(directory.resolve("file"), "").resolve("below"));
    assertThat(find("instance").isBad()).isTrue();
  }

  @Test
  void aHubsKeyIsRead() throws Exception {
    byte[] key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    Path file = instance.conf().resolve("trust/hub.pub");
    Files.writeString(file, Base64.getEncoder().encodeToString(key) + "\n");
    assertThat(find("trust").line()).startsWith("ok").contains("1 key");
    Files.writeString(file, "ssh-ed25519 AAAA");
    assertThat(find("trust").line()).startsWith("bad").contains("hub.pub");
  }

  private Doctor.Finding find(String what) throws Problem {
    return find(what, OptionalInt.empty());
  }

  private Doctor.Finding find(String what, OptionalInt port) throws Problem {
    return new Doctor(programs, instance, port)
        .examine().stream().filter(f -> f.what().equals(what)).findFirst().orElseThrow();
  }
}
