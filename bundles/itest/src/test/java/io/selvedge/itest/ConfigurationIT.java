package io.selvedge.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is configured in the web console, and what a kill cuts short, over restarts. */
class ConfigurationIT {

  private static final String PID = "io.selvedge.driver.simulated";

  @TempDir Path directory;
  private Command selvedge;
  private Path device;

  @BeforeEach
  void configure() throws Exception {
    selvedge = Command.bare(directory);
    device = selvedge.instance().resolve("conf").resolve(PID + "-hall.cfg");
    Files.writeString(device, "# mine\ndevice.id = hall\ninterval.ms = 900\n");
  }

  @AfterEach
  void stop() throws Exception {
    if (Files.exists(selvedge.instance().resolve("run/pid"))) {
      selvedge.run("stop");
    }
  }

  @Test
  void anEditInTheFormOfTheWebConsoleHoldsAfterARestart() throws Exception {
    assertThat(selvedge.run("start").code()).isZero();
    String token = selvedge.signIn();
    await("a snapshot of the start", () -> snapshots() == 1);
    HttpResponse<String> answer =
        send(
            token,
            "system/console/configMgr/" + PID + "~hall",
            "apply=true&action=ajaxConfigManager&%24location="
                + "&propertylist=device.id%2Cinterval.ms&device.id=hall&interval.ms=350");
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 302);
    await("the file", () -> Files.readString(device).contains("interval.ms = 350"));
    assertThat(device).content().startsWith("# mine\n");
    await("a snapshot of the edit", () -> snapshots() == 2);

    assertThat(selvedge.run("stop").code()).isZero();
    assertThat(selvedge.run("start").code()).isZero();
    String form = send(selvedge.signIn(), "system/console/configMgr/" + PID + "~hall", "").body();
    assertThat(form).contains("350").doesNotContain("900");
    assertThat(device).content().contains("interval.ms = 350");
  }

  @Test
  void aChangeThatWasCutShortIsDoneBeforeTheFilesAreRead() throws Exception {
    assertThat(selvedge.run("start").code()).isZero();
    await("a snapshot of the start", () -> snapshots() == 1);
    kill();
    Path journal = selvedge.instance().resolve("data/configuration/journal.zip");
    journal(journal, "device.id = hall\ninterval.ms = 777\n");
    assertThat(selvedge.run("start").code()).isZero();
    assertThat(device).hasContent("device.id = hall\ninterval.ms = 777\n");
    assertThat(journal).doesNotExist();
    await("a snapshot of what was done", () -> snapshots() == 2);
    assertThat(selvedge.log()).contains("was cut short and is done now: [by test]");
  }

  private void kill() throws Exception {
    String pid = Files.readString(selvedge.instance().resolve("run/pid")).strip();
    ProcessHandle gateway = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    gateway.destroyForcibly();
    gateway.onExit().get(60, TimeUnit.SECONDS);
  }

  /** As the format says, without a class of the gateway's. */
  private static void journal(Path file, String text) throws Exception {
    SortedMap<String, byte[]> entries = new TreeMap<>();
    entries.put("about/format", "1".getBytes(StandardCharsets.UTF_8));
    entries.put("about/why", "by test".getBytes(StandardCharsets.UTF_8));
    entries.put("conf/" + PID + "-hall.cfg", text.getBytes(StandardCharsets.UTF_8));
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Map.Entry<String, byte[]> one : entries.entrySet()) {
      digest.update((one.getKey() + '\0').getBytes(StandardCharsets.UTF_8));
      int length = one.getValue().length;
      digest.update(new byte[] {0, 0, (byte) (length >> 8), (byte) length});
      digest.update(one.getValue());
    }
    entries.put(
        "about/sha256", HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.UTF_8));
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> one : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(one.getKey()));
        zip.write(one.getValue());
      }
    }
  }

  private HttpResponse<String> send(String token, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(selvedge.address() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  private long snapshots() throws IOException {
    Path all = selvedge.instance().resolve("data/configuration/snapshots");
    if (Files.notExists(all)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(all)) {
      return files.filter(file -> file.toString().endsWith(".zip")).count();
    }
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("not in time: " + what).isLessThan(end);
      Thread.sleep(100); // another process: nothing else tells
    }
  }
}
