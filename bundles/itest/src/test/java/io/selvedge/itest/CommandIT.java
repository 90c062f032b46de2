package io.selvedge.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.selvedge.itest.Command.Outcome;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandIT {

  @TempDir Path directory;
  private Command selvedge;

  @BeforeEach
  void command() throws IOException {
    // A symbolic link to the script, and spaces in every path.
    Path home = Files.createSymbolicLink(directory.resolve("the programs"), Distribution.home());
    Path link =
        Files.createSymbolicLink(directory.resolve("sel vedge"), home.resolve("bin/selvedge"));
    selvedge = new Command(link, directory.resolve("an instance"), Distribution.freePort());
  }

  @AfterEach
  void stop() throws Exception {
    if (Files.exists(selvedge.instance().resolve("run/pid"))) {
      selvedge.run("stop");
    }
  }

  @Test
  void startsCleanSaysWhereAndStops() throws Exception {
    Outcome start = selvedge.run("start");
    assertThat(start.output()).contains("ready at " + selvedge.address());
    assertThat(start.code()).isZero();
    Outcome status = selvedge.run("status");
    assertThat(status.output()).contains("ready at " + selvedge.address(), "an instance");
    assertThat(status.code()).isZero();
    assertThat(get("health/ready").body())
        .contains("\"ready\":true", "\"bundles\"", "\"components\"");
    assertThat(get("system/console").statusCode()).as("without sign-in").isEqualTo(401);

    Outcome stop = selvedge.run("stop");
    assertThat(stop.output()).startsWith("stopped");
    assertThat(stop.code()).isZero();
    assertThat(selvedge.run("status").code()).as("status of a stopped gateway").isEqualTo(3);
    assertThat(complaints()).isEmpty();
    assertThat(selvedge.instance().resolve("log/start.log")).content().doesNotContain("ERROR");
  }

  @Test
  void startsAgainAfterItWasKilled() throws Exception {
    selvedge = selvedge.bare();
    assertThat(selvedge.run("start").code()).isZero();
    String pid = Files.readString(selvedge.instance().resolve("run/pid")).strip();
    ProcessHandle gateway = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    gateway.destroyForcibly();
    gateway.onExit().get(60, TimeUnit.SECONDS);
    assertThat(selvedge.run("status").code()).isEqualTo(3);
    Outcome again = selvedge.run("start");
    assertThat(again.output()).contains("ready at");
    assertThat(again.code()).isZero();
  }

  @Test
  void aSecondGatewayOnTheSameInstanceIsRefused() throws Exception {
    selvedge = selvedge.bare();
    assertThat(selvedge.run("start").code()).isZero();
    String pid = Files.readString(selvedge.instance().resolve("run/pid")).strip();
    for (String way : new String[] {"run", "start"}) {
      Outcome second = selvedge.run(way);
      assertThat(second.output()).contains("in use by process [" + pid + "]", "--instance");
      assertThat(second.code()).isEqualTo(1);
    }
    assertThat(selvedge.run("status").code()).as("the first one goes on").isZero();
  }

  @Test
  void anUpgradeKeepsWhatIsConfiguredAndWritesNothingIntoThePrograms() throws Exception {
    selvedge = selvedge.bare();
    Path device = selvedge.instance().resolve("conf/io.selvedge.driver.simulated-hall.cfg");
    Files.writeString(device, "# mine\ndevice.id=hall\n");
    assertThat(selvedge.run("start").code()).isZero();
    String code = selvedge.run("sign-in").output();
    assertThat(selvedge.run("stop").code()).isZero();

    Path newer = directory.resolve("newer");
    copy(Distribution.home(), newer);
    Files.writeString(newer.resolve("VERSION"), "99.0.0\n");
    Map<Path, FileTime> shipped = files(newer);
    selvedge = selvedge.by(newer.resolve("bin/selvedge"));
    Outcome start = selvedge.run("start");
    assertThat(start.code()).as(start.output()).isZero();
    assertThat(get("health/ready").body()).contains("devices up: [hall]");
    assertThat(selvedge.run("sign-in").output()).isEqualTo(code);
    assertThat(selvedge.run("stop").code()).isZero();
    assertThat(device).hasContent("# mine\ndevice.id=hall\n");
    assertThat(files(newer)).isEqualTo(shipped);
  }

  private static Map<Path, FileTime> files(Path directory) throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.toList()) {
        times.put(path, Files.getLastModifiedTime(path));
      }
    }
    return times;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(
            path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  @Test
  void interruptEndsTheOneInTheForeground() throws Exception {
    selvedge = selvedge.bare();
    File output = directory.resolve("out").toFile();
    Process gateway = selvedge.begin(output, "run");
    while (!Files.readString(output.toPath()).contains("ready after")) {
      assertThat(gateway.isAlive()).as(Files.readString(output.toPath())).isTrue();
      Thread.sleep(100); // another process: nothing else tells
    }
    gateway.destroy();
    assertThat(gateway.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(selvedge.instance().resolve("run/address")).doesNotExist();
    assertThat(selvedge.run("status").code()).isEqualTo(3);
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      Path script = Distribution.home().resolve("bin/selvedge");
      Outcome refused = new Command(script, selvedge.instance(), port).run("start");
      assertThat(refused.output()).contains("[127.0.0.1:" + port + "]", "--port");
      assertThat(refused.code()).isEqualTo(1);
    }
  }

  @Test
  void aBadSettingStopsTheStartAndTheDoctorFindsIt() throws Exception {
    Path conf = Files.createDirectories(selvedge.instance().resolve("conf"));
    Files.writeString(conf.resolve("gateway.properties"), "gateway.id=two words\n");
    Outcome start = selvedge.run("start");
    assertThat(start.output()).contains("[gateway.id]", "[two words]", "must", "for example");
    assertThat(start.code()).isEqualTo(2);
    Outcome doctor = selvedge.run("doctor");
    assertThat(doctor.output()).contains("bad   settings", "[two words]");
    assertThat(doctor.code()).isEqualTo(1);
  }

  @Test
  void theDoctorFindsNothingOnAHealthyMachine() throws Exception {
    Outcome doctor = selvedge.run("doctor");
    assertThat(doctor.output()).contains("ok    java", "ok    natives", "ok    port");
    assertThat(doctor.output()).doesNotContain("bad ");
    assertThat(doctor.code()).isZero();
    assertThat(selvedge.instance()).as("looking changes nothing").doesNotExist();
  }

  @Test
  void withoutAJavaOrWithAnOldOneItSaysWhatToInstall() throws Exception {
    Path old = directory.resolve("old");
    Files.createDirectories(old.resolve("bin"));
    Files.writeString(old.resolve("bin/java"), "#!/bin/sh\nexit 9\n");
    assertThat(old.resolve("bin/java").toFile().setExecutable(true)).isTrue();
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
    Outcome outcome = selvedge.with("JAVA_HOME", old.toString()).run("start");
    assertThat(outcome.output()).contains("[1.8.0_402]", "needs 17 or newer", "install");
    assertThat(outcome.code()).isEqualTo(2);
    outcome = selvedge.with("JAVA_HOME", "/nowhere").run("run");
    assertThat(outcome.output()).contains("[/nowhere]", "install");
    assertThat(outcome.code()).isEqualTo(2);
  }

  @Test
  void wordsThatItDoesNotKnowAreRefused() throws Exception {
    assertThat(selvedge.run("dance").output()).contains("[dance] is not known", "--help");
    assertThat(selvedge.run("status", "--verbose").code()).isEqualTo(2);
    assertThat(selvedge.run("run", "stop").output()).contains("one command at a time");
    assertThat(selvedge.run("--help").output()).contains("usage:", "--instance DIR", "doctor");
    assertThat(selvedge.run("version").output()).matches("selvedge gateway \\d+\\.\\d+\\.\\S+\\n");
  }

  @Test
  void runsOnNewerJavasToo() throws Exception {
    assumeThat(Distribution.otherJavas()).as("newer Javas in /usr/lib/jvm").isNotEmpty();
    for (Path java : Distribution.otherJavas()) {
      selvedge.with("JAVA_HOME", java.toString());
      Outcome start = selvedge.run("start");
      assertThat(start.output()).contains("ready at");
      assertThat(start.output()).doesNotContain("WARNING");
      assertThat(selvedge.instance().resolve("log/start.log")).content().doesNotContain("WARNING");
      assertThat(selvedge.run("stop").code()).isZero();
      assertThat(complaints()).isEmpty();
    }
  }

  /** What the log complains of. */
  private List<String> complaints() throws IOException {
    return selvedge
        .log()
        .lines()
        .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
        .toList();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(selvedge.address() + path)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
