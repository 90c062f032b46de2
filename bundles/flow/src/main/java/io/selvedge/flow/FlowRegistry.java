package io.selvedge.flow;

import io.selvedge.api.device.Measurement;
import io.selvedge.api.event.Event;
import io.selvedge.api.flow.FlowStatus;
import io.selvedge.flow.definition.FlowDefinition;
import io.selvedge.flow.run.FlowRunner;
import io.selvedge.flow.run.Surroundings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which flows there are, by name and origin. A deployment wins over a file of the same name; what
 * runs is changed without a gap. Thread-safe; rows are offered without waiting for changes.
 */
final class FlowRegistry implements AutoCloseable {

  /** Where a flow comes from; the later one wins. */
  enum Origin {
    FILE,
    DEPLOYMENT;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** All that is known by one name. */
  private static final class Entry {
    private final Map<Origin, FlowDefinition> definitions = new EnumMap<>(Origin.class);
    private final Map<Origin, String> refused = new EnumMap<>(Origin.class);
    private Optional<FlowRunner> runner = Optional.empty();

    FlowStatus status(FlowRunner running) {
      return running.status(String.join(" ", refused.values()));
    }
  }

  private final Surroundings around;
  private final int queueRows;
  private final Map<String, Entry> entries = new TreeMap<>();
  private volatile List<FlowRunner> runners = List.of();
  private boolean closed;

  FlowRegistry(Surroundings around, int queueRows) {
    this.around = around;
    this.queueRows = queueRows;
  }

  /** Hands a row to the flows that read its device. Never blocks. */
  void offer(List<Measurement> row) {
    for (FlowRunner runner : runners) {
      runner.offer(row);
    }
  }

  /** Wakes the flows that have rows waiting. */
  void handOver() {
    for (FlowRunner runner : runners) {
      runner.handOver();
    }
  }

  /** A flow is there, or a new version of it. */
  synchronized void put(Origin origin, FlowDefinition definition) {
    if (closed) {
      return;
    }
    Entry entry = entries.computeIfAbsent(definition.name(), name -> new Entry());
    entry.definitions.put(origin, definition);
    entry.refused.remove(origin);
    apply(entry);
  }

  /** A new version was refused; what runs goes on. */
  synchronized void refuse(Origin origin, String name, String why) {
    entries.computeIfAbsent(name, n -> new Entry()).refused.put(origin, why);
    boolean goesOn = entries.get(name).runner.isPresent();
    around
        .events()
        .report(
            Event.Severity.WARNING,
            "flow/" + name,
            "flow.refused",
            why.replaceFirst("\\.$", "")
                + (goesOn ? ". The last good version goes on" : ". The flow does not run"));
  }

  /** What was refused is no more there. */
  synchronized void forget(Origin origin, String name) {
    Optional.ofNullable(entries.get(name)).ifPresent(entry -> entry.refused.remove(origin));
    entries.values().removeIf(entry -> entry.runner.isEmpty() && entry.refused.isEmpty());
  }

  /** A flow is no more there. */
  void remove(Origin origin, String name) {
    takeOut(origin, name)
        .ifPresent(
            runner -> {
              // Not under the lock: the flow's thread may be asking for something here.
              runner.close();
              around
                  .events()
                  .report(
                      Event.Severity.INFO,
                      "flow/" + name,
                      "flow.stopped",
                      "flow [" + name + "] was taken away and stops");
            });
  }

  synchronized List<FlowStatus> list() {
    List<FlowStatus> list = new ArrayList<>();
    entries.values().forEach(entry -> entry.runner.map(entry::status).ifPresent(list::add));
    return list;
  }

  /** What runs, by name. */
  synchronized List<FlowDefinition> definitions() {
    List<FlowDefinition> list = new ArrayList<>();
    entries.values().forEach(e -> e.runner.map(FlowRunner::definition).ifPresent(list::add));
    return list;
  }

  /** The one that runs under this name. */
  synchronized Optional<FlowRunner> runner(String name) {
    return Optional.ofNullable(entries.get(name)).flatMap(entry -> entry.runner);
  }

  synchronized Optional<FlowStatus> find(String name) {
    return Optional.ofNullable(entries.get(name)).flatMap(e -> e.runner.map(e::status));
  }

  @Override
  public void close() {
    List<FlowRunner> all;
    synchronized (this) {
      closed = true;
      all = runners;
      runners = List.of();
      entries.clear();
    }
    all.forEach(FlowRunner::close);
  }

  /** Takes it out and answers with what no longer has a reason to run. */
  private synchronized Optional<FlowRunner> takeOut(Origin origin, String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      return Optional.empty();
    }
    entry.definitions.remove(origin);
    entry.refused.remove(origin);
    if (!entry.definitions.isEmpty()) {
      apply(entry);
      return Optional.empty();
    }
    if (entry.refused.isEmpty()) {
      entries.remove(name);
    }
    Optional<FlowRunner> runner = entry.runner;
    entry.runner = Optional.empty();
    publish();
    return runner;
  }

  /** Lets the definition run that wins; there is at least one. */
  private void apply(Entry entry) {
    Origin origin =
        entry.definitions.containsKey(Origin.DEPLOYMENT) ? Origin.DEPLOYMENT : Origin.FILE;
    FlowDefinition definition = Objects.requireNonNull(entry.definitions.get(origin));
    if (entry.runner.isEmpty()) {
      FlowRunner runner = new FlowRunner(definition, origin.word(), queueRows, around);
      entry.runner = Optional.of(runner);
      runner.start();
      say(definition, origin, "runs");
      publish();
    } else if (!entry.runner.get().definition().equals(definition)) {
      entry.runner.get().switchTo(definition, origin.word());
      say(definition, origin, "takes over");
    }
  }

  private void say(FlowDefinition definition, Origin origin, String does) {
    around
        .events()
        .report(
            Event.Severity.INFO,
            "flow/" + definition.name(),
            "flow.started",
            "flow ["
                + definition.name()
                + "] version ["
                + definition.version()
                + "] of a "
                + origin.word()
                + " "
                + does);
  }

  private void publish() {
    List<FlowRunner> running = new ArrayList<>();
    entries.values().forEach(entry -> entry.runner.ifPresent(running::add));
    runners = List.copyOf(running);
  }
}
