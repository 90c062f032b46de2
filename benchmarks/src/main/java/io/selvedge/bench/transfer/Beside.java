package io.selvedge.bench.transfer;

import io.selvedge.bench.Bench;
import io.selvedge.bench.transfer.HubChild.Registered;
import io.selvedge.deployment.PlainFetcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Fetches a file again and again while something else is measured, on a thread of its own. */
final class Beside implements AutoCloseable {

  private final Side side;
  private final Registered file;
  private final Path store;
  private final Thread thread = new Thread(this::run, "bench-fetch");
  private volatile boolean stops;
  private volatile PlainFetcher now;
  private final AtomicLong before = new AtomicLong();
  private volatile String failure = "";

  Beside(Side side, Registered file, Path store) {
    this.side = side;
    this.file = file;
    this.store = store;
    now = side.fresh(store);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!stops) {
        now.fetch(file.file(), file.source());
        Bench.delete(store);
        PlainFetcher next = side.fresh(store);
        before.addAndGet(file.file().size());
        now = next;
      }
    } catch (IOException | InterruptedException | RuntimeException e) { // told at the end
      failure = e.toString();
    }
  }

  /** Bytes that have come so far. */
  long bytes() {
    return before.get() + now.progress().done();
  }

  /** Lets the last one come to its end. */
  @Override
  public void close() throws IOException {
    stops = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!failure.isEmpty()) {
      throw new IOException("transfer beside telemetry met " + failure);
    }
  }
}
