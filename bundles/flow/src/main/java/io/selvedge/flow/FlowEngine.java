package io.selvedge.flow;

import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.device.Devices;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.MeasurementListener;
import io.selvedge.api.event.Events;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.flow.DecisionListener;
import io.selvedge.api.flow.Distribution;
import io.selvedge.api.flow.FlowNeeds;
import io.selvedge.api.flow.FlowStatus;
import io.selvedge.api.flow.Flows;
import io.selvedge.api.model.Models;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.api.uplink.UplinkListener;
import io.selvedge.flow.definition.FlowDefinition;
import io.selvedge.flow.definition.FlowException;
import io.selvedge.flow.definition.FlowReader;
import io.selvedge.flow.definition.FlowSchema;
import io.selvedge.flow.definition.Upload;
import io.selvedge.flow.ledger.FlowLedger;
import io.selvedge.flow.ledger.Stream;
import io.selvedge.flow.run.Surroundings;
import io.selvedge.protocol.feature.FeatureSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flow engine: hands each row to the flows that read its device. Models and the uplink may come
 * and go; flows go on without them.
 */
@Component(
    service = {
      Flows.class,
      Distribution.class,
      MeasurementListener.class,
      UplinkListener.class,
      FlowEngine.class
    },
    property = "service.ranking:Integer=100")
public final class FlowEngine implements Flows, Distribution, MeasurementListener, UplinkListener {

  private static final Logger log = LoggerFactory.getLogger(FlowEngine.class);

  private static final int QUEUE_ROWS = 10_000;
  private static final int RECENT_DECISIONS = 1000;

  private final FlowSchema schema = new FlowSchema();
  private final FlowReader reader = new FlowReader(schema);
  private final AtomicReference<Optional<Models>> models = new AtomicReference<>(Optional.empty());
  private final Uplinks uplinks;
  private final List<DecisionListener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger connection = new AtomicInteger();
  private final RecentDecisions recent = new RecentDecisions(RECENT_DECISIONS);
  private final FlowLedger ledger;
  private final Clock clock;
  private final FlowRegistry registry;

  @Activate
  public FlowEngine(
      BundleContext context,
      @Reference(name = "devices") Devices devices,
      @Reference(name = "events") Events events) {
    this(devices, events, new Uplinks(context), ledger(context), Clock.systemUTC(), QUEUE_ROWS);
  }

  FlowEngine(
      Devices devices,
      Events events,
      Uplinks uplinks,
      FlowLedger ledger,
      Clock clock,
      int queueRows) {
    this.uplinks = uplinks;
    this.ledger = ledger;
    this.clock = clock.withZone(ZoneOffset.UTC);
    registry =
        new FlowRegistry(
            new Surroundings(
                devices,
                events,
                models::get,
                uplinks::find,
                connection::get,
                this::decided,
                ledger,
                clock,
                System::nanoTime),
            queueRows);
  }

  private static FlowLedger ledger(BundleContext context) {
    return Optional.ofNullable(context.getProperty("selvedge.data"))
        .map(data -> FlowLedger.open(Path.of(data, "distribution", "flows")))
        .orElseGet(FlowLedger::inMemory);
  }

  @Deactivate
  void close() {
    registry.close();
    ledger.close();
  }

  @Reference(
      name = "models",
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindModels(Models service) {
    models.set(Optional.of(service));
  }

  void unbindModels(Models service) {
    models.updateAndGet(now -> now.filter(s -> s != service));
  }

  @Reference(
      name = "uplinks",
      service = Uplink.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addUplink(ServiceReference<Uplink> reference) {
    uplinks.add(reference);
  }

  void removeUplink(ServiceReference<Uplink> reference) {
    uplinks.remove(reference);
  }

  @Reference(
      name = "listeners",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addListener(DecisionListener listener) {
    listeners.add(listener);
  }

  void removeListener(DecisionListener listener) {
    listeners.remove(listener);
  }

  @Override
  public void measured(List<Measurement> row) {
    hear(row);
    handOver();
  }

  @Override
  public void hear(List<Measurement> row) {
    registry.offer(row);
  }

  @Override
  public void handOver() {
    registry.handOver();
  }

  @Override
  public void connected() {
    connection.incrementAndGet();
  }

  @Override
  public List<FlowStatus> list() {
    return registry.list();
  }

  @Override
  public Optional<FlowStatus> find(String name) {
    return registry.find(name);
  }

  @Override
  public List<FlowNeeds> needs() {
    return registry.definitions().stream().map(FlowEngine::needs).toList();
  }

  private static FlowNeeds needs(FlowDefinition flow) {
    return new FlowNeeds(
        flow.name(),
        flow.model(),
        flow.features().stream().map(FeatureSpec::canonical).toList(),
        flow.inputs().values().stream().map(ChannelAddress::device).collect(Collectors.toSet()));
  }

  @Override
  public List<Decision> recent(int most) {
    return recent.newest(most);
  }

  @Override
  public String schema() {
    return schema.text();
  }

  @Override
  public List<Line> lines() {
    return ledger.lines();
  }

  @Override
  public List<Budget> budgets() {
    List<Budget> budgets = new ArrayList<>();
    for (FlowDefinition flow : registry.definitions()) {
      Upload.Limits limits = flow.upload().limits();
      if (limits.budget().isPresent()) {
        Optional<Line> newest = ledger.newest(flow.name(), Stream.MEASUREMENTS);
        budgets.add(
            new Budget(
                flow.name(),
                limits.budget().get(),
                newest.map(Line::day).orElseGet(() -> LocalDate.now(clock)),
                newest.map(Line::bytes).orElse(0L),
                limits.beyond().toString()));
      }
    }
    return budgets;
  }

  /** Reads and checks a flow; changes nothing. */
  FlowDefinition read(String source, byte[] bytes) throws FlowException {
    return reader.read(source, bytes);
  }

  /** Where flows are put in and taken out. */
  FlowRegistry registry() {
    return registry;
  }

  private void decided(Decision decision) {
    recent.add(decision);
    for (DecisionListener listener : listeners) {
      try {
        listener.decided(decision);
      } catch (RuntimeException e) {
        // A listener of another bundle must not end a flow.
        log.warn("a listener of decisions failed on one of flow [{}]", decision.flow(), e);
      }
    }
  }
}
