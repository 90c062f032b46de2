package io.selvedge.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** With real processes: what the JVM does at its end is not ours. */
class AskedTest {

  /** Says in a shutdown hook whether it was asked. */
  public static final class Child {
    private Child() {}

    /** Ends itself where an argument says so, else waits for a signal. */
    public static void main(String[] arguments) throws Exception {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> System.out.println("asked " + Asked.bySignal())));
      System.out.println("ready");
      if (arguments[0].equals("exit")) {
        Thread other = new Thread(() -> System.exit(143), "SIGTERM handler of a bundle");
        other.start();
      }
      Thread.sleep(120_000);
    }
  }

  @Test
  void aSignalIsAskedFor() throws Exception {
    Process process = child("wait");
    try {
      InputStream out = process.getInputStream();
      assertThat(new String(out.readNBytes(6), StandardCharsets.UTF_8)).isEqualTo("ready\n");
      process.toHandle().destroy(); // SIGTERM, and the output stays open
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("asked true\n");
      assertThat(process.exitValue()).isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void whatEndsItselfIsNot() throws Exception {
    Process process = child("exit");
    try {
      assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("ready\nasked false\n");
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process child(String how) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                how))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
