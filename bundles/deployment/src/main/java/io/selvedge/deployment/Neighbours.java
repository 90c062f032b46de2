package io.selvedge.deployment;

import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.Devices;
import io.selvedge.api.flow.FlowNeeds;
import io.selvedge.api.flow.FlowStatus;
import io.selvedge.api.flow.Flows;
import io.selvedge.api.model.ModelStatus;
import io.selvedge.api.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** What runs beside deployments, as far as its parts are there. */
class Neighbours {

  private static final Path MEMORY = Path.of("/proc/meminfo");

  /** Where a model or a flow of a deployment says that it comes from. */
  private static final String DEPLOYMENT = "deployment";

  private static final Duration STARTING = Duration.ofSeconds(30);

  private final long begin = System.nanoTime();
  private final Optional<BundleContext> context;

  Neighbours(Optional<BundleContext> context) {
    this.context = context;
  }

  /** Live models: the canonical definitions of their features, by name. */
  Map<String, List<String>> models() {
    Map<String, List<String>> models = new HashMap<>();
    for (ModelStatus one : find(Models.class).map(Models::list).orElse(List.of())) {
      models.put(one.ref().name(), one.featureDefinitions());
    }
    return models;
  }

  /** Models that are live where of those of deployments only these are: others go, or come back. */
  Map<String, List<String>> models(Set<String> deployed) {
    Map<String, List<String>> models = models();
    Optional<Models> all = find(Models.class);
    Map<String, List<String>> waiting = all.map(Models::waiting).orElse(Map.of());
    for (ModelStatus one : all.map(Models::list).orElse(List.of())) {
      String name = one.ref().name();
      if (one.origin().equals(DEPLOYMENT) && !deployed.contains(name)) {
        models.remove(name);
        models.computeIfAbsent(name, waiting::get);
      }
    }
    return models;
  }

  /** Running flows; of those of deployments only these. */
  List<FlowNeeds> flows(Set<String> deployed) {
    Optional<Flows> all = find(Flows.class);
    Set<String> going = new HashSet<>();
    for (FlowStatus one : all.map(Flows::list).orElse(List.of())) {
      if (one.origin().equals(DEPLOYMENT) && !deployed.contains(one.name())) {
        going.add(one.name());
      }
    }
    return all.map(Flows::needs).orElse(List.of()).stream()
        .filter(one -> !going.contains(one.name()))
        .toList();
  }

  /** Ids of all devices; none soon after a start, when some have not come yet. */
  Set<String> devices() {
    if (System.nanoTime() - begin < STARTING.toNanos()) {
      return Set.of();
    }
    Set<String> ids = new HashSet<>();
    deviceStates().forEach(one -> ids.add(one.id()));
    return ids;
  }

  /** How all devices do. */
  List<DeviceStatus> deviceStates() {
    return find(Devices.class).map(Devices::list).orElse(List.of());
  }

  /** What the machine says is free for programs, in bytes; much where it does not say. */
  long freeMemory() {
    try {
      for (String line : Files.readAllLines(MEMORY)) {
        if (line.startsWith("MemAvailable:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Not Linux.
    }
    return Long.MAX_VALUE;
  }

  /** A part of the gateway, where it is there. */
  <T> Optional<T> find(Class<T> type) {
    return context.flatMap(
        there -> {
          ServiceReference<T> reference = there.getServiceReference(type);
          return reference == null
              ? Optional.empty()
              : Optional.ofNullable(there.getService(reference));
        });
  }
}
