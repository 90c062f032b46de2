package io.selvedge.outbox;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The thread {@code selvedge-outbox-state}: writes a state while the committing thread goes on, one
 * at a time.
 */
final class StateWriter implements AutoCloseable {

  private static final long STOP_SECONDS = 10;

  private final StateFile file;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "selvedge-outbox-state");
            made.setDaemon(true);
            return made;
          });

  StateWriter(StateFile file) {
    this.file = file;
  }

  /**
   * Begins.
   *
   * @param done hears, on the thread, that it is over, well or not
   */
  Future<?> begin(State state, Runnable done) {
    return thread.submit(
        () -> {
          try {
            file.write(state);
          } finally {
            done.run();
          }
          return null;
        });
  }

  /**
   * Waits for it.
   *
   * @throws IOException where it could not be written
   */
  static void await(Future<?> written) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          written.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException known
          ? new IOException(known.getMessage(), e)
          : new IOException(String.valueOf(e.getCause()), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits for it, some seconds at most; false where it hangs in the disk. */
  static boolean isOver(Future<?> written) {
    try {
      written.get(STOP_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      return true; // not well, but over
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        return; // left to the disk, as the committing thread is
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
