package io.selvedge.console;

import io.selvedge.api.configuration.Snapshots;
import io.selvedge.api.deployment.Deployments;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.Devices;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Value;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.flow.Distribution;
import io.selvedge.api.flow.FlowStatus;
import io.selvedge.api.flow.Flows;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.ModelRef;
import io.selvedge.api.model.ModelStatus;
import io.selvedge.api.model.Models;
import io.selvedge.api.model.Prediction;
import io.selvedge.api.uplink.Deliveries;
import io.selvedge.api.uplink.LinkReason;
import io.selvedge.api.uplink.LinkReason.Cause;
import io.selvedge.api.uplink.LinkState;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.OutboxView;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.console.service.Readiness;
import io.selvedge.console.service.Services;
import io.selvedge.console.setup.Setup;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** One room with a fan, one flow, one model; each part can be taken away. */
public final class FakeServices implements Services {

  public static final ModelRef OCCUPANCY = new ModelRef("occupancy", "7", "ab".repeat(32));

  final List<DeviceStatus> devices = new CopyOnWriteArrayList<>();
  final Map<String, List<Measurement>> latest = new ConcurrentHashMap<>();
  final List<Command> commands = new CopyOnWriteArrayList<>();
  final List<FlowStatus> flows = new CopyOnWriteArrayList<>();
  final List<Decision> decisions = new CopyOnWriteArrayList<>();
  final List<ModelStatus> models = new CopyOnWriteArrayList<>();
  final List<Event> events = new CopyOnWriteArrayList<>();
  final List<float[][]> predicted = new CopyOnWriteArrayList<>();
  List<Readiness.Check> checks = List.of(new Readiness.Check("devices", true, "all are up"));
  boolean there = true;
  Optional<DeviceException> refusing = Optional.empty();
  boolean broken;

  final FakeDistribution ledger;
  final FakeOutbox outbox;
  public final FakeDeployments deployment;
  public final FakeSnapshots snapshots;
  public final FakeSetup setup = new FakeSetup();

  private final Clock clock;

  public FakeServices(Clock clock) {
    this.clock = clock;
    ledger = new FakeDistribution(clock);
    outbox = new FakeOutbox(clock);
    deployment = new FakeDeployments(clock);
    snapshots = new FakeSnapshots(clock);
    Instant now = clock.instant();
    Channel temperature = Channel.decimal("temperature", "Cel");
    Channel fan = Channel.flag("fan").writable();
    Channel level = Channel.whole("level", "1").writable();
    Channel target = Channel.decimal("target", "Cel").writable();
    Channel mode = Channel.text("mode").writable();
    Channel co2 = Channel.decimal("co2", "[ppm]");
    devices.add(
        new DeviceStatus(
            "office",
            "io.selvedge.driver.simulated",
            "office",
            List.of(temperature, fan, level, target, mode, co2),
            Duration.ofSeconds(1),
            DeviceStatus.State.UP,
            now,
            "",
            42,
            1));
    latest.put(
        "office",
        List.of(
            new Measurement("office", temperature, Value.of(21.5), now, 0),
            new Measurement("office", fan, Value.of(false), now, 0),
            new Measurement("office", level, Value.of(3L), now, 0),
            new Measurement("office", mode, Value.of("auto"), now, 0),
            new Measurement(
                "office", co2, Value.missing(Value.Reason.DAMAGED, "check sum [0x3f]"), now, 0)));
    models.add(
        new ModelStatus(
            OCCUPANCY,
            "deployment",
            List.of("temperature", "humidity"),
            List.of(
                "{\"name\":\"temperature\",\"of\":\"temperature\",\"op\":\"last\"}",
                "{\"name\":\"humidity\",\"of\":\"humidity\",\"op\":\"last\"}"),
            List.of("empty", "occupied"),
            now,
            12));
  }

  /** From now on no part is running. */
  public void takeAway() {
    there = false;
  }

  /** From now on asking for devices throws, as a bundle with a fault does. */
  public void breakDown() {
    broken = true;
  }

  public void checks(List<Readiness.Check> now) {
    checks = now;
  }

  public void refuse(DeviceException reason) {
    refusing = Optional.of(reason);
  }

  public void flows(FlowStatus... now) {
    flows.clear();
    flows.addAll(List.of(now));
  }

  public void decided(Decision decision) {
    decisions.add(0, decision);
  }

  public List<ModelStatus> live() {
    return models;
  }

  /** The batches that were predicted. */
  public List<float[][]> predicted() {
    return predicted;
  }

  /** The commands that devices have taken. */
  public List<Command> commands() {
    return commands;
  }

  /** What was reported, newest first. */
  public List<Event> diary() {
    return events;
  }

  @Override
  public Optional<Devices> devices() {
    return only(
        new Devices() {
          @Override
          public List<DeviceStatus> list() {
            if (broken) {
              throw new IllegalStateException("secret detail");
            }
            return devices;
          }

          @Override
          public Optional<DeviceStatus> find(String id) {
            return devices.stream().filter(device -> device.id().equals(id)).findFirst();
          }

          @Override
          public List<Measurement> latest(String id) {
            return latest.getOrDefault(id, List.of());
          }

          @Override
          public CompletionStage<Void> send(Command command) {
            if (refusing.isPresent()) {
              return CompletableFuture.failedFuture(refusing.get());
            }
            commands.add(command);
            return CompletableFuture.completedFuture(null);
          }
        });
  }

  @Override
  public Optional<Flows> flows() {
    return only(
        new Flows() {
          @Override
          public List<FlowStatus> list() {
            return flows;
          }

          @Override
          public Optional<FlowStatus> find(String name) {
            return flows.stream().filter(flow -> flow.name().equals(name)).findFirst();
          }

          @Override
          public List<Decision> recent(int most) {
            return decisions.stream().limit(most).toList();
          }

          @Override
          public String schema() {
            return "{\"title\":\"flow\"}";
          }
        });
  }

  @Override
  public Optional<Models> models() {
    return only(
        new Models() {
          @Override
          public List<ModelStatus> list() {
            return models;
          }

          @Override
          public Optional<ModelStatus> find(String name) {
            return models.stream().filter(model -> model.ref().name().equals(name)).findFirst();
          }

          @Override
          public Prediction predict(String model, float[][] rows) throws ModelException {
            ModelStatus found =
                find(model)
                    .orElseThrow(
                        () -> new ModelException("model.unknown", "no model [" + model + "]"));
            predicted.add(rows);
            float[][] outputs = new float[rows.length][];
            for (int i = 0; i < rows.length; i++) {
              float p = rows[i][0] / 100;
              outputs[i] = new float[] {1 - p, p};
            }
            return new Prediction(found.ref(), found.outputs(), outputs, 31_000);
          }
        });
  }

  @Override
  public Optional<Events> events() {
    return only(
        new Events() {
          @Override
          public void report(Event.Severity severity, String source, String code, String message) {
            events.add(0, new Event(clock.instant(), severity, source, code, message));
          }

          @Override
          public List<Event> recent(int most) {
            return events.stream().limit(most).toList();
          }
        });
  }

  @Override
  public Optional<Uplink> uplink() {
    return only(
        new Uplink() {
          @Override
          public CompletionStage<Long> send(Message message) {
            return CompletableFuture.completedFuture(1L);
          }

          @Override
          public CompletionStage<Reply> request(String app, Request request, Duration timeout) {
            return CompletableFuture.completedFuture(Reply.ok());
          }

          @Override
          public LinkState link() {
            return ledger.link;
          }

          @Override
          public LinkReason linkReason() {
            return ledger.byHand
                ? new LinkReason(ledger.link, Cause.BY_HAND, clock.instant(), "switched by hand")
                : new LinkReason(
                    ledger.link,
                    Cause.SCHEDULE,
                    clock.instant(),
                    "schedule: metered Mon-Fri 08:00-18:00");
          }

          @Override
          public void link(LinkState state) {
            ledger.link = state;
            ledger.byHand = true;
          }

          @Override
          public void linkByItself() {
            ledger.link = LinkState.METERED;
            ledger.byHand = false;
          }

          @Override
          public Optional<OutboxView> outbox() {
            return Optional.of(outbox);
          }

          @Override
          public Optional<Deliveries> deliveries() {
            return Optional.of(ledger);
          }

          @Override
          public Status status() {
            return new Status(
                true,
                "tcp://127.0.0.1:1883",
                clock.instant(),
                "",
                "a1",
                1200,
                1187,
                Map.of("expired", 3L),
                10);
          }
        });
  }

  @Override
  public Map<String, Uplink> uplinks() {
    return uplink().map(uplink -> Map.of(Uplink.HUB, uplink)).orElse(Map.of());
  }

  @Override
  public Optional<Setup> setup() {
    return there ? Optional.of(setup) : Optional.empty();
  }

  @Override
  public Optional<Distribution> distribution() {
    return only(ledger);
  }

  @Override
  public Optional<Deployments> deployments() {
    return only(deployment);
  }

  @Override
  public Optional<Snapshots> snapshots() {
    return only(snapshots);
  }

  @Override
  public Optional<Readiness> readiness() {
    return only(() -> new ArrayList<>(checks));
  }

  private <T> Optional<T> only(T service) {
    return there ? Optional.of(service) : Optional.empty();
  }
}
