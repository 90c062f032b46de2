package io.selvedge.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that changes three files as one, again and again, is killed at any point. */
class KillTest {

  private static final int KILLS = 15;

  @TempDir Path directory;

  /** The process: prints the number of each change once it is done. */
  static final class Writer {
    public static void main(String[] arguments) throws Exception {
      Changes changes = new Bench(Path.of(arguments[0])).open(new Durable(), 5, 1 << 20);
      changes.recover();
      for (int i = Integer.parseInt(arguments[1]); ; i++) {
        byte[] content = ("n = " + i + "\n").getBytes(StandardCharsets.UTF_8);
        Map<String, byte[]> put = Map.of("a.cfg", content, "b.cfg", content, "c.cfg", content);
        changes.write(put, Set.of(i % 2 == 0 ? "even.cfg" : "odd.cfg"), "change " + i);
        System.out.println(i);
      }
    }
  }

  @Test
  void itsFilesAreAllOfOneChangeAfterwards() throws Exception {
    Random random = new Random(11);
    int next = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Process writer =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "-Xmx64m",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  directory.toString(),
                  Integer.toString(next))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      int told;
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
        told = Integer.parseInt(lines.readLine());
        TimeUnit.MICROSECONDS.sleep(random.nextInt(60_000)); // any point
        writer.toHandle().destroyForcibly(); // the process would close what it wrote
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          told = line.isEmpty() ? told : Integer.parseInt(line);
        }
      }
      writer.waitFor();
      next = check(told);
    }
  }

  /** The number of the change that is there. */
  private int check(int told) throws Exception {
    Bench bench = new Bench(directory);
    Changes changes = bench.open(new Durable(), 5, 1 << 20);
    changes.recover();
    assertThat(bench.events.codes()).doesNotContain("damaged", "configuration.journal_damaged");
    String a = bench.text("a.cfg");
    assertThat(bench.text("b.cfg") + bench.text("c.cfg")).as("all of one change").isEqualTo(a + a);
    int now = Integer.parseInt(a.strip().replace("n = ", ""));
    assertThat(now).as("what was told as done stays").isBetween(told, told + 1);
    assertThat(changes.list()).isNotEmpty();
    assertThat(changes.texts(changes.list().get(0).id()).orElseThrow()).containsEntry("a.cfg", a);
    return now + 1;
  }
}
