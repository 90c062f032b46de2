package io.selvedge.deployment;

import io.selvedge.api.uplink.Downloads;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Opens the first session while something else is still being waited for, on the thread {@code
 * selvedge-deployment-open}. Nothing comes over it before it is asked for.
 */
final class EarlySession implements Downloads, AutoCloseable {

  private final Downloads way;
  private final CompletableFuture<Session> early = new CompletableFuture<>();
  private volatile Consumer<byte[]> arrived = message -> {};
  private boolean waits;

  EarlySession(Downloads way) {
    this.way = way;
  }

  /** Begins to open the first one. */
  void begin() {
    waits = true;
    Thread thread = new Thread(this::run, "selvedge-deployment-open");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      early.complete(way.open(message -> arrived.accept(message)));
    } catch (IOException | RuntimeException e) {
      early.completeExceptionally(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      early.completeExceptionally(e);
    }
  }

  /** The one that was begun, the first time; each other one is opened now. */
  @Override
  public Session open(Consumer<byte[]> into) throws IOException, InterruptedException {
    if (!waits) {
      return way.open(into);
    }
    arrived = into;
    try {
      Session session = early.get();
      waits = false;
      return session;
    } catch (ExecutionException e) {
      waits = false;
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
    }
  }

  /** Closes what was begun and nobody has taken. */
  @Override
  public void close() {
    if (waits) {
      var unused = early.thenAccept(Session::close);
    }
  }
}
