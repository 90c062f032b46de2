package io.selvedge.flow;

import io.selvedge.api.device.Measurement;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.flow.ledger.FlowLedger;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The engine between fakes, with its threads. */
final class EngineRig implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  final FakeDevices devices = new FakeDevices();
  final FakeEvents events = new FakeEvents();
  final FakeModels models = new FakeModels();
  final FakeUplink uplink = new FakeUplink();
  final BlockingQueue<Decision> decisions = new LinkedBlockingQueue<>();
  final FlowLedger ledger = FlowLedger.inMemory();
  final Uplinks uplinks = new Uplinks(null);
  final FlowEngine engine;

  EngineRig() {
    this(10_000);
  }

  EngineRig(int queueRows) {
    engine = new FlowEngine(devices, events, uplinks, ledger, Clock.systemUTC(), queueRows);
    engine.bindModels(models);
    uplinks.add(Uplink.HUB, uplink, () -> uplink);
    engine.addListener(decisions::add);
  }

  /** One row, and the decision that it leads to. */
  Decision decide(List<Measurement> row) throws InterruptedException {
    engine.measured(row);
    Decision decision = decisions.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (decision == null) {
      throw new AssertionError("no decision on " + row + "; events: " + events.codes());
    }
    return decision;
  }

  /** Waits until it is so. */
  static void until(BooleanSupplier so) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come to that");
      }
      Thread.onSpinWait();
    }
  }

  static long threads(String flow) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("selvedge-flow-" + flow))
        .count();
  }

  @Override
  public void close() {
    engine.close();
  }
}
