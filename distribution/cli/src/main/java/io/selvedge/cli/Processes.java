package io.selvedge.cli;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ends processes for good: asked first, then forced, children included. */
final class Processes {

  private static final long GRACE_SECONDS = 15;

  private Processes() {}

  static void end(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
