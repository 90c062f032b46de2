package io.selvedge.remote.command;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs one program, without a shell, for so long and with so much output. */
record Run(List<String> command, Map<String, String> environment, File directory, String stdin) {

  /**
   * What came of it.
   *
   * @param exit its exit code; -1 where it was ended
   */
  record Result(int exit, String stdout, String stderr, boolean timedOut) {}

  Result run(int seconds, int mostBytes) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory);
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      Reader out = new Reader(process.getInputStream(), mostBytes, "out");
      Reader err = new Reader(process.getErrorStream(), mostBytes, "err");
      out.start();
      err.start();
      feed(process);
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      if (!ended) {
        end(process);
      }
      out.join(1000);
      err.join(1000);
      return new Result(ended ? process.exitValue() : -1, out.text(), err.text(), !ended);
    } finally {
      end(process);
    }
  }

  private void feed(Process process) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(stdin.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // it has ended, or does not read
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Reads to the end, and keeps the beginning. */
  private static final class Reader extends Thread {
    private final InputStream in;
    private final byte[] kept;
    private volatile int length;
    private volatile boolean cut;

    Reader(InputStream in, int most, String name) {
      super("selvedge-command-" + name);
      this.in = in;
      this.kept = new byte[most];
      setDaemon(true);
    }

    @Override
    public void run() {
      byte[] buffer = new byte[8192];
      int at = 0;
      try {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          int room = Math.min(n, kept.length - at);
          System.arraycopy(buffer, 0, kept, at, room);
          at += room;
          length = at;
          cut = cut || room < n;
        }
      } catch (IOException e) {
        cut = true; // the process was ended
      }
    }

    String text() {
      String text = new String(kept, 0, length, StandardCharsets.UTF_8);
      return cut ? text + "\n[cut off after " + length + " bytes]\n" : text;
    }
  }
}
