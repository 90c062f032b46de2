package io.selvedge.flow.run;

import io.selvedge.api.flow.Decision;
import io.selvedge.api.model.Models;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.flow.FakeDevices;
import io.selvedge.flow.FakeEvents;
import io.selvedge.flow.FakeModels;
import io.selvedge.flow.FakeUplink;
import io.selvedge.flow.Rows;
import io.selvedge.flow.definition.FlowDefinition;
import io.selvedge.flow.definition.Flows;
import io.selvedge.flow.ledger.FlowLedger;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One flow between fakes, without its thread; time stands still unless a test moves it. */
final class TickRig {

  final FakeDevices devices = new FakeDevices();
  final FakeEvents events = new FakeEvents();
  final FakeModels models = new FakeModels();
  final FakeUplink uplink = new FakeUplink();
  Optional<Models> inference = Optional.of(models);
  Optional<Uplink> link = Optional.of(uplink);
  final Map<String, Uplink> others = new HashMap<>();
  final FlowLedger ledger = FlowLedger.inMemory();
  int connection;
  private long nanos;
  private final Surroundings around =
      new Surroundings(
          devices,
          events,
          () -> inference,
          name ->
              Optional.ofNullable(others.get(name))
                  .or(() -> name.equals(Uplink.HUB) ? link : Optional.empty()),
          () -> connection,
          decision -> {},
          ledger,
          Clock.systemUTC(),
          () -> nanos);
  final Outlet outlet = new Outlet(around, "flow/test", ledger.of("test"));
  final Condition waiting = new Condition(events, "flow/test");
  private FlowTick tick;

  /** A flow over {@code t}, {@code h}, {@code o} of device office and {@code door} of hall. */
  static FlowDefinition flow(String rest) {
    return Flows.yaml(
        """
                flow: test
                version: '1'
                inputs: {t: office/temperature, h: office/humidity, o: office/occupancy, door: hall/door}
                """
            + rest);
  }

  TickRig(String rest) {
    tick = new FlowTick(flow(rest), Optional.empty(), around, outlet, waiting);
  }

  /** Another version takes over. */
  void load(String rest) {
    tick.close();
    tick = new FlowTick(flow(rest), Optional.of(tick), around, outlet, waiting);
  }

  void close() {
    tick.close();
  }

  void pass(Duration time) {
    nanos += time.toNanos();
  }

  /** A row of the office. */
  Optional<Decision> office(double minute, Object... channels) {
    return tick.tick(new Row(Rows.row("office", minute, channels), nanos));
  }

  Optional<Decision> hall(double minute, Object... channels) {
    return tick.tick(new Row(Rows.row("hall", minute, channels), nanos));
  }
}
