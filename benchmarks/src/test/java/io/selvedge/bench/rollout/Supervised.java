package io.selvedge.bench.rollout;

import io.selvedge.bench.Children;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The shipped gateway under a supervisor that does what {@code Restart=always} does. */
final class Supervised {

  private static final Duration STOP = Duration.ofSeconds(20);

  private final ProcessBuilder builder;
  private final AtomicInteger starts = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "test-supervisor");
  private volatile boolean closed;
  private volatile Process process;

  Supervised(Path script, Path instance, int port) throws IOException {
    File output = instance.resolveSibling("gateway.out").toFile();
    builder =
        new ProcessBuilder(
                script.toString(),
                "run",
                "--instance",
                instance.toString(),
                "--port",
                Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    process = start();
    thread.start();
  }

  private Process start() throws IOException {
    starts.incrementAndGet();
    return builder.start();
  }

  private void run() {
    try {
      while (!closed) {
        Thread end = Children.endWithUs(process);
        process.waitFor();
        Runtime.getRuntime().removeShutdownHook(end);
        if (!closed) {
          process = start();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int starts() {
    return starts.get();
  }

  /** As a watchdog does, or a power cut. */
  void kill() {
    process.destroyForcibly();
  }

  void end() throws InterruptedException {
    closed = true;
    process.destroy();
    if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    thread.join();
    process.destroyForcibly().waitFor(); // it may have been started anew just before
  }
}
