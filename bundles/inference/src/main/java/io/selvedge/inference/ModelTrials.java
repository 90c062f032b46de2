package io.selvedge.inference;

import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.Prediction;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that are on trial, by name, and the thread {@code selvedge-trial} on which the one
 * that decides nothing runs. Rows come to it by a queue of {@value #QUEUE}; while it is full, rows
 * are not compared: whoever predicts never waits.
 */
final class ModelTrials implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ModelTrials.class);

  static final int QUEUE = 256;
  private static final long JOIN_MILLIS = 5000;

  private final Map<String, ModelTrial> running = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>(QUEUE);
  private final ArrayDeque<ModelTrial> ended = new ArrayDeque<>();
  private final Object turn = new Object();
  private Optional<Thread> thread = Optional.empty();
  private volatile boolean closed;

  /** Takes the place of another trial of that name. */
  void begin(String name, ModelTrial trial) {
    synchronized (turn) {
      if (closed) {
        trial.close();
        return;
      }
      end(running.put(name, trial));
      if (thread.isEmpty()) {
        Thread made = new Thread(this::run, "selvedge-trial");
        made.setDaemon(true);
        made.start();
        thread = Optional.of(made);
      }
    }
  }

  /** Ends the trial of that name; nothing where there is none. */
  void end(String name) {
    synchronized (turn) {
      end(running.remove(name));
    }
  }

  private void end(@org.jspecify.annotations.Nullable ModelTrial trial) {
    if (trial != null) {
      ended.add(trial);
      boolean unused = queue.offer(() -> {}); // wakes the thread, which closes it between two rows
    }
  }

  Optional<ModelTrial> find(String name) {
    return Optional.ofNullable(running.get(name));
  }

  /** The live model has answered; on the thread of whoever asked. */
  void answered(String name, LoadedModel by, float[][] rows, Prediction prediction) {
    ModelTrial trial = running.get(name);
    if (trial == null || trial.isLive() != (by == trial.subject())) {
      return;
    }
    trial.answered(by, prediction.nanos(), rows.length);
    for (int i = 0; i < rows.length && queue.remainingCapacity() > 0; i++) {
      ModelTrial.Row row = ModelTrial.row(rows, prediction, i);
      boolean unused = queue.offer(() -> trial.compare(row));
    }
  }

  /** The live model could not answer. */
  void failed(String name, LoadedModel by, int rows, ModelException why) {
    ModelTrial trial = running.get(name);
    if (trial != null) {
      trial.failed(by, rows, why);
    }
  }

  /** Runs on the trials' thread; false where too much waits for it already. */
  boolean later(Runnable work) {
    return queue.offer(work);
  }

  private void run() {
    try {
      while (!closed) {
        Runnable next = queue.poll(1, TimeUnit.SECONDS);
        if (next != null) {
          step(next);
        }
        closeEnded();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void step(Runnable next) {
    try {
      next.run();
    } catch (RuntimeException | Error e) { // this thread serves all trials, now and later
      log.warn("A step of a model's trial failed; the trial goes on", e);
    }
  }

  private void closeEnded() {
    synchronized (turn) {
      ended.forEach(ModelTrial::close);
      ended.clear();
    }
  }

  @Override
  public void close() {
    Optional<Thread> waiting;
    synchronized (turn) {
      closed = true;
      running.values().forEach(ended::add);
      running.clear();
      waiting = thread;
    }
    if (waiting.isPresent()) {
      waiting.get().interrupt();
      try {
        waiting.get().join(JOIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (waiting.get().isAlive()) {
        log.error(
            "Thread [selvedge-trial] does not end: {}", (Object) waiting.get().getStackTrace());
        return; // its models are in use
      }
    }
    closeEnded();
  }
}
