package io.selvedge.flow.run;

import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.event.Event;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.flow.FlowStatus;
import io.selvedge.flow.definition.FlowDefinition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One flow with its thread and its queue. The thread lives as long as the flow; a new version takes
 * over between two rows, so that no row is lost and none is decided twice.
 */
public final class FlowRunner implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FlowRunner.class);

  private static final long STOP_SECONDS = 5;

  /** What runs, and since when. */
  private record Running(
      FlowDefinition definition, String origin, Instant since, Set<String> devices) {}

  private final String name;
  private final Surroundings around;
  private final RowQueue queue;
  private final Outlet outlet;
  private final Condition waiting;
  private final Thread thread;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong decisions = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicBoolean overflowing = new AtomicBoolean();
  private boolean broken;
  private volatile Running running;
  private volatile Optional<Decision> last = Optional.empty();
  private volatile Optional<RowWatch> watch = Optional.empty();

  /**
   * Starts the flow's thread.
   *
   * @param origin {@code file} or {@code deployment}
   * @param capacity rows that may wait; beyond that the oldest go, counted
   */
  public FlowRunner(FlowDefinition first, String origin, int capacity, Surroundings around) {
    this.name = first.name();
    this.around = around;
    this.queue = new RowQueue(capacity);
    this.outlet = new Outlet(around, source(), around.ledger().of(name));
    this.waiting = new Condition(around.events(), source());
    this.running = running(first, origin);
    thread = new Thread(this::run, "selvedge-flow-" + name);
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** Another version takes over before the next row. Callable on any thread. */
  public void switchTo(FlowDefinition next, String origin) {
    running = running(next, origin);
  }

  /** Wakes the flow where rows wait for it. */
  public void handOver() {
    queue.handOver();
  }

  /**
   * Queues a row of one of the flow's devices until {@link #handOver}; other rows are ignored.
   * Never blocks.
   */
  public void offer(List<Measurement> row) {
    Running now = running;
    if (!now.devices().contains(row.get(0).device())) {
      return;
    }
    if (queue.offer(new Row(row, around.nanos().getAsLong()))) {
      dropped.incrementAndGet();
      watch.ifPresent(RowWatch::failed);
      if (overflowing.compareAndSet(false, true)) {
        around
            .events()
            .report(
                Event.Severity.WARNING,
                source(),
                "flow.overflow",
                "flow ["
                    + name
                    + "] is slower than its inputs; the oldest rows are dropped and counted. Read"
                    + " its devices less often or make it simpler");
      }
    }
  }

  /** From now on it is on trial. Callable on any thread. */
  public void watch() {
    watch = Optional.of(new RowWatch());
  }

  /** What was measured since it is on trial; nothing where it is not. */
  public TrialFigures figures() {
    return watch.map(RowWatch::figures).orElse(TrialFigures.NONE);
  }

  /** It is on trial no longer. */
  public void endWatch() {
    watch = Optional.empty();
  }

  public FlowDefinition definition() {
    return running.definition();
  }

  /**
   * What is known of it now. Callable on any thread.
   *
   * @param refused why a newer version was refused; empty where none was
   */
  public FlowStatus status(String refused) {
    Running now = running;
    return new FlowStatus(
        name,
        now.definition().version(),
        now.origin(),
        now.since(),
        rows.get(),
        decisions.get(),
        skipped.get(),
        dropped.get(),
        outlet.uploaded(),
        outlet.unsent(),
        waiting.reason(),
        refused,
        last);
  }

  /** Ends the thread after the row that it is at; rows that wait are left. */
  @Override
  public void close() {
    queue.close();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.error("flow [{}] does not end; its thread is at {}", name, thread.getStackTrace());
    }
  }

  private void run() {
    FlowTick tick = new FlowTick(running.definition(), Optional.empty(), around, outlet, waiting);
    try {
      for (Optional<Row> row = queue.take(); row.isPresent(); row = queue.take()) {
        FlowDefinition wanted = running.definition();
        if (!tick.definition().equals(wanted)) {
          tick.close();
          tick = new FlowTick(wanted, Optional.of(tick), around, outlet, waiting);
        }
        tick(tick, row.get());
      }
      tick.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tick(FlowTick tick, Row row) {
    if (!tick.reads(row.device())) {
      return;
    }
    rows.incrementAndGet();
    try {
      Optional<Decision> decision = tick.tick(row);
      if (decision.isPresent()) {
        last = decision;
        decisions.incrementAndGet();
        watch.ifPresent(w -> w.decided(decision.get()));
        around.decided().accept(decision.get());
      } else {
        skipped.incrementAndGet();
        watch.ifPresent(RowWatch::skipped);
      }
      broken = false;
    } catch (RuntimeException | Error e) {
      // A service that misbehaves must not end the flow: the next row is tried again.
      skipped.incrementAndGet();
      watch.ifPresent(RowWatch::failed);
      if (!broken) {
        broken = true;
        log.warn("flow [{}] could not decide on a row", name, e);
        around
            .events()
            .report(
                Event.Severity.WARNING,
                source(),
                "flow.row_skipped",
                "flow [" + name + "] could not decide on a row: " + e + "; see the log");
      }
    }
    if (queue.isEmpty() && overflowing.compareAndSet(true, false)) {
      around
          .events()
          .report(
              Event.Severity.INFO,
              source(),
              "flow.keeps_up",
              "flow [" + name + "] keeps up again; rows dropped so far [" + dropped + "]");
    }
  }

  private Running running(FlowDefinition definition, String origin) {
    return new Running(
        definition,
        origin,
        around.clock().instant(),
        definition.inputs().values().stream()
            .map(address -> address.device())
            .collect(Collectors.toUnmodifiableSet()));
  }

  private String source() {
    return "flow/" + name;
  }
}
