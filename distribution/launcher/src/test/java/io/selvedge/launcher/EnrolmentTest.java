package io.selvedge.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolmentTest {

  @TempDir Path directory = Path.of("."); // set before each test

  private Instance instance = new Instance(Path.of("."));

  private static String key() throws Exception {
    return Base64.getEncoder()
        .encodeToString(
            KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded());
  }

  private static String answer(String key) {
    return "{\"id\":\"gw-1\",\"account\":\"acme\",\"password\":\"s3cret_-x\","
        + "\"broker\":\"ssl://hub.example:8883\",\"publicKey\":\""
        + key
        + "\"}";
  }

  @BeforeEach
  void instance() throws IOException {
    instance = new Instance(directory);
    Files.createDirectories(instance.conf());
    Files.writeString(
        instance.settings(), "# of this gateway\n#gateway.id=\n#account=selvedge\nhttp.port=1\n");
  }

  @Test
  void allIsWhereTheGatewayLooksForIt() throws Exception {
    String key = key();
    Enrolment.parse(answer(key)).write(instance);

    assertThat(instance.conf().resolve("trust/hub.pub")).hasContent(key);
    Path password = instance.conf().resolve("trust/hub.password");
    assertThat(password).hasContent("s3cret_-x");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
        .isEqualTo("rw-------");
    assertThat(instance.settings())
        .hasContent("# of this gateway\ngateway.id=gw-1\naccount=acme\nhttp.port=1");
    assertThat(instance.conf().resolve("io.selvedge.mqtt.cfg"))
        .hasContent("broker=ssl://hub.example:8883\nuser=gw-1\npassword.file=trust/hub.password");
    Settings.read(instance.settings(), "other"); // it can be read
  }

  @Test
  void enrolledAnewTheRestOfTheConnectionStays() throws Exception {
    Path settings = instance.conf().resolve("io.selvedge.mqtt.cfg");
    Files.writeString(settings, "broker = tcp://old:1883\nwindow = 50");
    String key = key();
    Enrolment.parse(answer(key)).write(instance);
    Enrolment.parse(answer(key)).write(instance);
    assertThat(settings)
        .hasContent(
            "broker=ssl://hub.example:8883\nwindow = 50\nuser=gw-1\n"
                + "password.file=trust/hub.password");
  }

  @Test
  void itIsToldItsGroupsAndForgetsThemWhereItIsOfNone() throws Exception {
    String key = key();
    String told = answer(key).replace("\"}", "\",\"groups\":[\"line-a\", \"north\"]}");
    Enrolment.parse(told).write(instance);
    assertThat(instance.settings()).content().contains("groups=line-a, north\n");
    assertThat(Settings.read(instance.settings(), "x").groups()).isEqualTo("line-a,north");
    Enrolment.parse(answer(key)).write(instance);
    assertThat(instance.settings()).content().as("nothing was said").contains("line-a, north");
    Enrolment.parse(told.replace("\"line-a\", \"north\"", "")).write(instance);
    assertThat(Settings.read(instance.settings(), "x").groups()).isEmpty();
    refused(told.replace("north", "no rth"), "group [no rth] must be a group's name");
  }

  @Test
  void anotherKeyIsNotTakenSilently() throws Exception {
    Enrolment.parse(answer(key())).write(instance);
    Enrolment other = Enrolment.parse(answer(key()));
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> other.write(instance))
        .withMessageContaining("hub.pub")
        .withMessageContaining(other.keyId());
    Files.delete(instance.conf().resolve("trust/hub.pub"));
    other.write(instance);
  }

  @Test
  void whatIsNoAnswerOfAHubIsRefusedAndThePasswordIsNotShown() throws Exception {
    String key = key();
    refused("", "id is missing");
    refused("{\"code\":\"unauthorized\"}", "id is missing");
    refused(answer(key).replace("gw-1", "gw 1"), "id [gw 1]");
    refused(answer(key).replace("ssl:", "file:"), "broker [file://");
    refused(answer("AAAA"), "publicKey must be an Ed25519 key");
    refused(answer(key).replace("acme", "$EDC"), "account [$EDC]");
    String spaced = answer(key).replace("s3cret_-x", "s3cret x");
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> Enrolment.parse(spaced))
        .satisfies(e -> assertThat(e.getMessage()).contains("password").doesNotContain("s3cret"));
  }

  private static void refused(String json, String says) {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> Enrolment.parse(json))
        .satisfies(problem -> assertThat(problem.exitCode()).isEqualTo(Problem.BAD_INPUT))
        .withMessageContaining(says);
  }
}
