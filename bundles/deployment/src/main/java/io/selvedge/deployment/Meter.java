package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus.Progress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How far the newest deployment's files are. Written by the deployment's thread, read by any. */
final class Meter {

  /** So often it is told at most. */
  private static final long TELL_NANOS = 2_000_000_000L;

  private final Runnable changed;
  private final Map<String, Long> done = new HashMap<>();
  private volatile Progress progress = Progress.NONE;
  private long toldAt;

  /**
   * @param changed called now and then where there is more, on the deployment's thread
   */
  Meter(Runnable changed) {
    this.changed = changed;
  }

  /** Another deployment, or the same again. */
  void begin(List<Artifact> artifacts) {
    Map<String, Long> sizes = new HashMap<>();
    artifacts.forEach(a -> a.files().forEach(file -> sizes.put(file.sha256(), file.size())));
    done.keySet().retainAll(sizes.keySet());
    long total = sizes.values().stream().mapToLong(Long::longValue).sum();
    long refetched = progress.total() == total ? progress.refetched() : 0;
    progress = new Progress(sum(), total, refetched);
  }

  /** So much of a file is here. */
  void here(Artifact.File file, long bytes) {
    done.put(file.sha256(), bytes);
    Progress before = progress;
    progress = new Progress(sum(), before.total(), before.refetched());
    long now = System.nanoTime();
    if (now - toldAt >= TELL_NANOS && before.done() != progress.done()) {
      toldAt = now;
      changed.run();
    }
  }

  /** Bytes came for nothing: they were here already, or were not what they should be. */
  void refetched(long bytes) {
    Progress before = progress;
    progress = new Progress(before.done(), before.total(), before.refetched() + bytes);
  }

  Progress progress() {
    return progress;
  }

  private long sum() {
    return done.values().stream().mapToLong(Long::longValue).sum();
  }
}
