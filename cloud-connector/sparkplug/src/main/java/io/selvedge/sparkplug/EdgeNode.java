package io.selvedge.sparkplug;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.Devices;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Value;
import io.selvedge.sparkplug.MetricState.Reported;
import io.selvedge.sparkplug.NodeId.MessageType;
import io.selvedge.sparkplug.Owner.AliasSource;
import io.selvedge.sparkplug.Owner.Standing;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.DataType;
import io.selvedge.sparkplug.payload.Metric;
import io.selvedge.sparkplug.payload.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The edge node as a state machine: from devices and messages to what is published, in order. It
 * knows no network and no thread; one thread calls it.
 *
 * <pre>
 *                 birth()                          reconcile(): a device is up
 *   NO SESSION ────────────▶ SESSION   device:  UNBORN ──────DBIRTH──────▶ ALIVE
 *       ▲                      │  │              ▲  ▲                        │
 *       └──────ended()─────────┘  └─birth()      │  └──────DDEATH────────────┘ it is down
 *                                  again         │
 *                                     DDEATH, settle()
 *                                                │      data() of a device that is not up
 *                                             RECALLED ◀──────────DBIRTH────────── UNBORN
 * </pre>
 */
final class EdgeNode {

  static final String BD_SEQ = "bdSeq";
  static final String REBIRTH = "Node Control/Rebirth";
  static final String NEXT_SERVER = "Node Control/Next Server";
  static final long BD_SEQS = 256;

  private final NodeId id;
  private final Devices devices;
  private final Clock clock;
  private final boolean aliased;
  private final boolean severalServers;
  private final boolean complex;
  private final int largestPayload;
  private final Names names;
  private final Owner node = new Owner();
  private final Map<String, Owner> byDevice = new TreeMap<>();
  private final Map<String, Long> aliases = new HashMap<>();
  private final Map<ChannelAddress, Long> written = new LinkedHashMap<>();
  private long bdSeq;
  private int seq;

  /**
   * @param aliased whether data carries numbers in place of names
   * @param severalServers whether a host may send the node to the next broker
   * @param complex whether aggregates are sent as templates, and JSON as data sets
   * @param largestPayload bytes; data of more is refused
   * @param names what messages brought before
   */
  EdgeNode(
      NodeId id,
      Devices devices,
      Clock clock,
      boolean aliased,
      boolean severalServers,
      boolean complex,
      int largestPayload,
      Names names) {
    this.id = id;
    this.devices = devices;
    this.clock = clock;
    this.aliased = aliased;
    this.severalServers = severalServers;
    this.complex = complex;
    this.largestPayload = largestPayload;
    this.names = names;
    names.forEach(
        (device, name, type) ->
            (device.isEmpty() ? node : owner(device)).remember(name, type, aliases(device)));
  }

  NodeId id() {
    return id;
  }

  /** Message for a session with this number: as a last will, and before leaving. */
  Outgoing death(long number) {
    long now = clock.millis();
    Payload payload =
        new Payload(
            OptionalLong.of(now),
            OptionalInt.empty(),
            List.of(Metric.of(BD_SEQ, DataType.INT64, now, new Content.Int64(number))));
    return new Outgoing(id.topic(MessageType.NDEATH), payload.bytes());
  }

  /**
   * A session begins: node and devices are born.
   *
   * @param number that of the last will of this connection
   */
  List<Outgoing> birth(long number) {
    ended();
    bdSeq = number;
    return birth();
  }

  /** The same session, told anew: all births with the same number. */
  List<Outgoing> birth() {
    List<Outgoing> out = new ArrayList<>();
    node.stand(Standing.ALIVE);
    byDevice.values().forEach(owner -> owner.stand(Standing.UNBORN));
    seq = 0;
    out.add(new Outgoing(id.topic(MessageType.NBIRTH), nodeBirth()));
    for (DeviceStatus device : devices.list()) {
      if (device.state() == DeviceStatus.State.UP) {
        out.add(birth(owner(device.id()), device, Standing.ALIVE));
      }
    }
    return out;
  }

  /** The session is over: nothing is known of what the hosts know. */
  void ended() {
    node.forget();
    byDevice.values().forEach(Owner::forget);
    written.clear();
  }

  private byte[] nodeBirth() {
    long now = clock.millis();
    List<Metric> metrics = new ArrayList<>();
    metrics.add(control(BD_SEQ, DataType.INT64, now, new Content.Int64(bdSeq), true));
    metrics.add(control(REBIRTH, DataType.BOOLEAN, now, new Content.Bool(false), false));
    if (severalServers) {
      metrics.add(control(NEXT_SERVER, DataType.BOOLEAN, now, new Content.Bool(false), true));
    }
    if (complex) {
      metrics.add(
          control(Aggregate.DEFINITION, DataType.TEMPLATE, now, Aggregate.definition(now), true));
    }
    for (MetricState state : node.metrics()) {
      metrics.add(state.born(state.last(), now));
    }
    return payload(metrics, now, seq).bytes();
  }

  private Metric control(
      String name, DataType type, long now, Content content, boolean mayHaveAlias) {
    return new Metric(
        Optional.of(name),
        mayHaveAlias ? alias("", name) : OptionalLong.empty(),
        OptionalLong.of(now),
        OptionalInt.of(type.number()),
        false,
        Map.of(),
        Optional.of(content));
  }

  /** What has changed at the devices since the last call: births and deaths. */
  List<Outgoing> reconcile() {
    List<Outgoing> out = new ArrayList<>();
    Map<String, DeviceStatus> there = new HashMap<>();
    devices.list().forEach(device -> there.put(device.id(), device));
    for (DeviceStatus device : there.values()) {
      Owner owner = owner(device.id());
      boolean up = device.state() == DeviceStatus.State.UP;
      if (up
          && (owner.standing() != Standing.ALIVE || !owner.channels().equals(device.channels()))) {
        out.addAll(endOf(device.id(), owner));
        out.add(birth(owner, device, Standing.ALIVE));
      } else if (!up && owner.standing() == Standing.ALIVE) {
        out.add(death(device.id(), owner));
      }
    }
    byDevice.forEach(
        (device, owner) -> {
          if (!there.containsKey(device) && owner.standing() == Standing.ALIVE) {
            out.add(death(device, owner));
          }
        });
    out.addAll(answers());
    return out;
  }

  /** Nothing waits any more: devices that were born for it alone go again. */
  List<Outgoing> settle() {
    List<Outgoing> out = new ArrayList<>();
    byDevice.forEach(
        (device, owner) -> {
          if (owner.standing() == Standing.RECALLED) {
            out.add(death(device, owner));
          }
        });
    return out;
  }

  /**
   * A message as data, after the births that it needs.
   *
   * @param fresh whether it was accepted in this session; else all in it is historical
   * @throws IllegalArgumentException where it can never be sent; nothing has changed then
   */
  List<Outgoing> data(StoredMessage message, boolean fresh) {
    Map<String, Reading> values = Readings.of(message, complex);
    if (values.isEmpty()) {
      return List.of();
    }
    refuseTooLarge(values);
    return message.device().isPresent()
        ? deviceData(message.device().get(), values, message.time(), fresh)
        : nodeData(values, message.time(), fresh);
  }

  private List<Outgoing> nodeData(Map<String, Reading> values, Instant time, boolean fresh) {
    List<Outgoing> out = new ArrayList<>();
    boolean changed = node.define(values, aliases(""));
    came("", node, values);
    if (changed) {
      if (fresh) {
        learn(node, values, time.toEpochMilli());
      }
      out.addAll(birth());
    }
    out.add(
        new Outgoing(id.topic(MessageType.NDATA), data(node, values, time.toEpochMilli(), fresh)));
    return out;
  }

  private List<Outgoing> deviceData(
      String device, Map<String, Reading> values, Instant time, boolean fresh) {
    NodeId.requireId("device id", device);
    Owner owner = owner(device);
    Optional<DeviceStatus> status = devices.find(device);
    status.filter(found -> owner.channels().isEmpty()).ifPresent(found -> channels(owner, found));
    boolean changed = owner.define(values, aliases(device));
    came(device, owner, values);
    List<Outgoing> out = new ArrayList<>();
    if (!owner.isBorn() || changed) {
      boolean up = status.map(found -> found.state() == DeviceStatus.State.UP).orElse(false);
      Standing standing = up ? Standing.ALIVE : Standing.RECALLED;
      if (fresh && up) {
        learn(owner, values, time.toEpochMilli());
      }
      out.addAll(endOf(device, owner));
      out.add(
          status
              .map(found -> birth(owner, found, standing))
              .orElseGet(() -> birth(device, owner, Map.of(), standing)));
    }
    boolean current = fresh && owner.standing() == Standing.ALIVE;
    out.add(
        new Outgoing(
            id.topic(MessageType.DDATA, device),
            data(owner, values, time.toEpochMilli(), current)));
    return out;
  }

  private void came(String device, Owner owner, Map<String, Reading> values) {
    for (String name : values.keySet()) {
      if (owner.channel(name).isEmpty()) {
        names.came(device, name, owner.metric(name).orElseThrow().type());
      }
    }
    names.keep();
  }

  /** Beside its name and its text a metric takes 96 bytes at most. */
  private void refuseTooLarge(Map<String, Reading> values) {
    long bytes = 32;
    for (Map.Entry<String, Reading> entry : values.entrySet()) {
      bytes +=
          96 + entry.getKey().getBytes(StandardCharsets.UTF_8).length + entry.getValue().size();
    }
    if (bytes > largestPayload) {
      throw new IllegalArgumentException(
          "payload of up to ["
              + bytes
              + "] bytes is larger than the ["
              + largestPayload
              + "] that the broker may be sent; raise largest.message.kib if it takes more");
    }
  }

  /** A birth that these values cause tells them: they are what is known then. */
  private static void learn(Owner owner, Map<String, Reading> values, long time) {
    values.forEach(
        (name, value) -> {
          MetricState state = owner.metric(name).orElseThrow();
          if (state.isCurrent(time)) {
            state.learn(reported(value, state.type(), time));
          }
        });
  }

  private byte[] data(Owner owner, Map<String, Reading> values, long time, boolean current) {
    List<Metric> metrics = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          MetricState state = owner.metric(name).orElseThrow();
          boolean historical = !current || !state.isCurrent(time);
          metrics.add(state.data(reported(value, state.type(), time), time, historical));
        });
    return payload(metrics, clock.millis(), next()).bytes();
  }

  private static Reported reported(Reading value, DataType type, long time) {
    Optional<Content> content = value.content(type, time);
    String reason = content.isPresent() ? "" : value.reason();
    return new Reported(content, OptionalLong.of(time), reason);
  }

  private Owner owner(String device) {
    return byDevice.computeIfAbsent(device, any -> new Owner());
  }

  private AliasSource aliases(String device) {
    return metric -> alias(device, metric);
  }

  private OptionalLong alias(String device, String metric) {
    if (!aliased) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        aliases.computeIfAbsent(device + '/' + metric, any -> aliases.size() + 1L));
  }

  private void channels(Owner owner, DeviceStatus device) {
    owner.channels(device.channels(), aliases(device.id()));
  }

  private Outgoing birth(Owner owner, DeviceStatus device, Standing standing) {
    if (!owner.channels().equals(device.channels())) {
      channels(owner, device);
    }
    Map<String, Reported> current = new HashMap<>();
    if (standing == Standing.ALIVE) {
      for (Measurement latest : devices.latest(device.id())) {
        String channel = latest.channel().id();
        owner
            .metric(channel)
            .ifPresent(
                state ->
                    current.put(
                        channel,
                        reported(
                            new Reading.Plain(latest.value()),
                            state.type(),
                            latest.time().toEpochMilli())));
      }
    }
    return birth(device.id(), owner, current, standing);
  }

  private Outgoing birth(
      String device, Owner owner, Map<String, Reported> current, Standing standing) {
    long now = clock.millis();
    List<Metric> metrics = new ArrayList<>();
    for (MetricState state : owner.metrics()) {
      Reported known =
          standing == Standing.ALIVE
              ? state.last()
              : new Reported(Optional.empty(), OptionalLong.empty(), "");
      metrics.add(state.born(current.getOrDefault(state.name(), known), now));
    }
    owner.stand(standing);
    return new Outgoing(
        id.topic(MessageType.DBIRTH, device), payload(metrics, now, next()).bytes());
  }

  private Outgoing death(String device, Owner owner) {
    owner.forget();
    return death(device);
  }

  private Outgoing death(String device) {
    long now = clock.millis();
    return new Outgoing(
        id.topic(MessageType.DDEATH, device), payload(List.of(), now, next()).bytes());
  }

  /**
   * A birth tells all that is ever told in the session of a device: one that has more to tell than
   * it was born with ends its session before the next birth. What is known of it stays known.
   */
  private List<Outgoing> endOf(String device, Owner owner) {
    return owner.isBorn() ? List.of(death(device)) : List.of();
  }

  /** The gateway stops, and its devices with it. */
  List<Outgoing> deaths() {
    List<Outgoing> out = new ArrayList<>();
    byDevice.forEach(
        (device, owner) -> {
          if (owner.isBorn()) {
            out.add(death(device, owner));
          }
        });
    return out;
  }

  /** In the order of their times, as the specification asks. */
  private static Payload payload(List<Metric> metrics, long now, int number) {
    List<Metric> ordered = new ArrayList<>(metrics);
    ordered.sort(Comparator.comparingLong(metric -> metric.timestamp().orElse(now)));
    return new Payload(OptionalLong.of(now), OptionalInt.of(number), ordered);
  }

  private int next() {
    seq = seq == Payload.LAST_SEQ ? 0 : seq + 1;
    return seq;
  }

  /** The channel that a command means. */
  Optional<Channel> channel(String device, Metric metric) {
    Owner owner = byDevice.get(device);
    if (owner == null) {
      return Optional.empty();
    }
    if (metric.name().isPresent()) {
      return owner.channel(metric.name().get());
    }
    return owner.metrics().stream()
        .filter(state -> metric.alias().isPresent() && state.alias().equals(metric.alias()))
        .findFirst()
        .flatMap(state -> owner.channel(state.name()));
  }

  /**
   * A device has taken a command of a host: what its channel says next goes out, and where nobody
   * can read it, what was written.
   *
   * @param nanos {@link System#nanoTime()} when it was taken
   */
  List<Outgoing> written(ChannelAddress target, Value value, long nanos) {
    Owner owner = owner(target.device());
    Optional<Channel> channel = owner.channel(target.channel());
    if (channel.isEmpty() || owner.standing() != Standing.ALIVE) {
      return List.of();
    }
    if (channel.get().isReadable()) {
      written.put(target, nanos);
      return List.of();
    }
    return List.of(answer(target, owner, value, clock.millis()));
  }

  private List<Outgoing> answers() {
    List<Outgoing> out = new ArrayList<>();
    written
        .entrySet()
        .removeIf(
            entry -> {
              ChannelAddress target = entry.getKey();
              Owner owner = owner(target.device());
              if (owner.standing() != Standing.ALIVE) {
                return true;
              }
              Optional<Measurement> read =
                  devices.latest(target.device()).stream()
                      .filter(latest -> latest.address().equals(target))
                      .filter(latest -> latest.nanos() - entry.getValue() >= 0)
                      .findFirst();
              read.ifPresent(
                  found ->
                      out.add(answer(target, owner, found.value(), found.time().toEpochMilli())));
              return read.isPresent();
            });
    return out;
  }

  private Outgoing answer(ChannelAddress target, Owner owner, Value value, long time) {
    return new Outgoing(
        id.topic(MessageType.DDATA, target.device()),
        data(owner, Map.of(target.channel(), new Reading.Plain(value)), time, true));
  }
}
