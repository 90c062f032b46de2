package io.selvedge.remote.deploy;

import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.Notification.Status;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The thread {@code selvedge-packages}: downloads and installs, one job at a time; ends when there
 * is nothing to do.
 */
final class Worker {

  private static final int MOST_PERCENT_UNFINISHED = 99;

  /** What runs, and how far it is. */
  record Now(String type, Job job, long size, int percent) {}

  /** How the last download ended. */
  record Last(Job job, String word, long size, int percent) {}

  private final Downloads downloads;
  private final Packages packages;
  private final Signers signers;
  private final Events events;
  private final ExecutorService executor;
  private volatile Optional<Now> now = Optional.empty();
  private volatile Optional<Last> last = Optional.empty();
  private final AtomicBoolean cancelled = new AtomicBoolean();

  Worker(Downloads downloads, Packages packages, Signers signers, Events events) {
    this.downloads = downloads;
    this.packages = packages;
    this.signers = signers;
    this.events = events;
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            run -> new Thread(run, "selvedge-packages"));
    one.allowCoreThreadTimeOut(true);
    executor = one;
  }

  Optional<Now> now() {
    return now;
  }

  Optional<Last> last() {
    return last;
  }

  /** Makes the framework hold what is installed. */
  void restore() {
    executor.execute(
        () -> {
          try {
            packages.restore();
          } catch (IOException e) {
            report("package.not_restored", "packages cannot be read: " + e.getMessage());
          }
        });
  }

  /** False where something else runs. */
  boolean download(Job.Download download, Told told) {
    return begin("download", told.job(), () -> fetch(download, told));
  }

  /** False where something else runs. */
  boolean install(Told told) {
    return begin("install", told.job(), () -> install(told, Optional.empty()));
  }

  /** False where something else runs. */
  boolean uninstall(Told told) {
    return begin("uninstall", told.job(), () -> remove(told));
  }

  private synchronized boolean begin(String type, Job job, Runnable work) {
    if (now.isPresent()) {
      return false;
    }
    now = Optional.of(new Now(type, job, 0, 0));
    cancelled.set(false);
    executor.execute(
        () -> {
          try {
            work.run();
          } finally {
            now = Optional.empty();
          }
        });
    return true;
  }

  /** Ends a download that runs; false where none does. */
  boolean cancel() {
    boolean runs = now.filter(one -> one.type().equals("download")).isPresent();
    if (runs) {
      cancelled.set(true);
    }
    return runs;
  }

  private void fetch(Job.Download download, Told told) {
    Job job = told.job();
    try {
      Optional<Path> here =
          download.force() ? Optional.empty() : downloads.find(job, Optional.of(download.digest()));
      String word = here.isPresent() ? "ALREADY DONE" : "COMPLETED";
      if (here.isEmpty()) {
        Steps steps = new Steps(download, told);
        here = Optional.of(downloads.fetch(download, cancelled::get, steps).file());
      }
      long size = here.get().toFile().length();
      last = Optional.of(new Last(job, word, size, 100));
      told.download(Status.COMPLETED, word, size, 100, "");
      if (download.install()) {
        now = Optional.of(new Now("install", job, 0, 0));
        install(told, here);
      }
    } catch (IOException | DeployException e) {
      failed(download, told, e);
    }
  }

  private void failed(Job.Download download, Told told, Exception e) {
    long size = now.map(Now::size).orElse(0L);
    int percent = now.map(Now::percent).orElse(0);
    boolean wanted = e instanceof InterruptedIOException && cancelled.get();
    Status status = wanted ? Status.CANCELLED : Status.FAILED;
    if (wanted) {
      try {
        downloads.deletePart(download.job());
      } catch (IOException left) {
        report("package.part_left", "a part cannot be deleted: " + left.getMessage());
      }
    }
    last = Optional.of(new Last(told.job(), status.name(), size, percent));
    String why = wanted ? "cancelled" : String.valueOf(e.getMessage());
    told.download(status, status.name(), size, percent, why);
    if (!wanted) {
      report("package.not_downloaded", "package [" + told.job().file() + "]: " + why);
    }
  }

  /** Tells each so many bytes. */
  private final class Steps implements Downloads.Progress {
    private final Job.Download download;
    private final Told told;
    private long toldAt;

    Steps(Job.Download download, Told told) {
      this.download = download;
      this.told = told;
    }

    @Override
    public void at(long bytes, long total) {
      int percent = total <= 0 ? 0 : (int) Math.min(MOST_PERCENT_UNFINISHED, bytes * 100 / total);
      long size = Math.max(0, total);
      now = Optional.of(new Now("download", told.job(), size, percent));
      if (bytes < toldAt || bytes - toldAt >= download.notifyBytes()) {
        toldAt = bytes;
        told.download(Status.IN_PROGRESS, Status.IN_PROGRESS.name(), size, percent, "");
      }
    }
  }

  private void install(Told told, Optional<Path> fetched) {
    Job job = told.job();
    try {
      told.switching("install", Status.IN_PROGRESS, 0, "");
      Path file =
          fetched
              .or(() -> find(job))
              .orElseThrow(
                  () ->
                      new DeployException(
                          "package [" + job.file() + "] is not downloaded; EXEC download first"));
      Signers.Voucher signer = signers.require(file, job.envelope(), job.name());
      packages.install(job, file, signer);
      told.switching("install", Status.COMPLETED, 100, "");
      events.report(
          Severity.INFO,
          "remote/DEPLOY-V2",
          "package.installed",
          "package [" + job.file() + "] is installed; [" + signer.name() + "] vouches for it");
    } catch (IOException | DeployException e) {
      told.switching("install", Status.FAILED, 0, String.valueOf(e.getMessage()));
      report("package.not_installed", "package [" + job.file() + "]: " + e.getMessage());
    }
  }

  private Optional<Path> find(Job job) {
    try {
      return downloads.find(job, Optional.empty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void remove(Told told) {
    try {
      told.switching("uninstall", Status.IN_PROGRESS, 0, "");
      packages.uninstall(told.job().name());
      told.switching("uninstall", Status.COMPLETED, 100, "");
    } catch (IOException e) {
      told.switching("uninstall", Status.FAILED, 0, String.valueOf(e.getMessage()));
      report("package.not_uninstalled", "package [" + told.job().name() + "]: " + e.getMessage());
    }
  }

  private void report(String code, String message) {
    events.report(Severity.ERROR, "remote/DEPLOY-V2", code, message);
  }

  /** A download is cut; its part stays. */
  void close() {
    cancelled.set(false);
    executor.shutdownNow();
    packages.close();
    try {
      executor.awaitTermination(15, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
