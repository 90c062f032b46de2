package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import io.selvedge.api.deployment.ArtifactHandler;
import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which artifacts the handlers run in this process, and how to bring them from one list to another.
 * {@link #offer} and {@link #withdraw} on any thread, the rest on the deployment's.
 */
final class Activation {

  private static final Logger log = LoggerFactory.getLogger(Activation.class);

  /** What others need comes first: a flow names a model, a bundle reads its configuration. */
  private static final Comparator<Artifact> ORDER =
      Comparator.comparingInt(
          artifact ->
              switch (artifact.kind()) {
                case CONFIGURATION -> 0;
                case BUNDLE -> 1;
                case MODEL -> 2;
                case FLOW -> 3;
              });

  /** The disk's doing, not the artifact's. */
  private static final Set<String> DISK = Set.of("artifact.damaged", "artifact.unreadable");

  private final Staging staging;
  private final Preflight preflight;
  private final Neighbours neighbours;
  private final Events events;
  private final Map<Artifact.Kind, ArtifactHandler> handlers = new EnumMap<>(Artifact.Kind.class);
  private final Set<Artifact.Kind> changed = new HashSet<>();
  private final Set<Artifact.Kind> known = new HashSet<>();
  private final Map<String, Artifact> active = new HashMap<>();
  private final Map<Artifact, Refusal> broken = new HashMap<>();
  private final Set<Artifact> failedToRetire = new HashSet<>();
  private int generation;

  /** Without anything around it. */
  Activation(Staging staging, Events events) {
    this(staging, new Neighbours(Optional.empty()), events);
  }

  Activation(Staging staging, Neighbours neighbours, Events events) {
    this.staging = staging;
    this.preflight = new Preflight(staging, neighbours);
    this.neighbours = neighbours;
    this.events = events;
  }

  void offer(Artifact.Kind kind, ArtifactHandler handler) {
    synchronized (handlers) {
      handlers.put(kind, handler);
      changed.add(kind);
      known.add(kind);
    }
  }

  void withdraw(Artifact.Kind kind, ArtifactHandler handler) {
    synchronized (handlers) {
      handlers.remove(kind, handler);
      changed.add(kind);
    }
  }

  /** Whether somebody took this kind since the start, and so may come back: a bundle's update. */
  boolean hasBeenTaken(Artifact.Kind kind) {
    synchronized (handlers) {
      return known.contains(kind);
    }
  }

  /** The first artifact that nobody here can take at the moment. */
  Optional<Artifact> withoutHandler(List<Artifact> artifacts) {
    return artifacts.stream().filter(artifact -> handler(artifact).isEmpty()).findFirst();
  }

  /** A handler that came anew runs nothing yet. */
  void noticeHandlers() {
    Set<Artifact.Kind> kinds;
    synchronized (handlers) {
      kinds = Set.copyOf(changed);
      changed.clear();
    }
    generation += kinds.isEmpty() ? 0 : 1;
    active.values().removeIf(artifact -> kinds.contains(artifact.kind()));
    broken.keySet().removeIf(artifact -> kinds.contains(artifact.kind()));
  }

  /**
   * Pre-flight of all that would change, and of bundles that stay: what they use may go.
   *
   * @param artifacts all that is to be live
   */
  void check(List<Artifact> artifacts) throws Refusal {
    for (Artifact artifact : ordered(artifacts)) {
      if (!isActive(artifact) || artifact.kind() == Artifact.Kind.BUNDLE) {
        call(
            artifact,
            handler ->
                handler.check(
                    artifact, staging.directory(artifact), () -> beside(artifact, artifacts)));
      }
    }
    preflight.check(artifacts, artifacts.stream().filter(a -> !isActive(a)).toList());
  }

  /** What of its kind is to be live with it; what is not yet, where it is what was signed. */
  private Map<Artifact, Path> beside(Artifact artifact, List<Artifact> all) {
    Map<Artifact, Path> beside = new LinkedHashMap<>();
    all.stream()
        .filter(one -> one.kind() == artifact.kind() && !one.equals(artifact) && isActive(one))
        .forEach(one -> beside.put(one, staging.directory(one)));
    beside.putAll(others(artifact, all));
    return beside;
  }

  /** Switches what changes. Where one cannot, those before it stay switched: {@link #settle}. */
  void switchTo(List<Artifact> artifacts) throws Refusal {
    for (Artifact artifact : ordered(artifacts)) {
      activate(artifact, artifacts);
    }
  }

  /** What of its kind is not active and is what was signed: a bundle may need it to resolve. */
  private Map<Artifact, Path> others(Artifact artifact, List<Artifact> all) {
    Map<Artifact, Path> others = new LinkedHashMap<>();
    for (Artifact other : all) {
      if (other.kind() == artifact.kind() && !other.equals(artifact) && !isActive(other)) {
        try {
          requireIntact(other);
          others.put(other, staging.directory(other));
        } catch (Refusal e) {
          log.debug("Left to itself", e); // told when its own turn comes
        }
      }
    }
    return others;
  }

  /**
   * Makes active what must be and retires what must not.
   *
   * @param live what must be active
   * @param touched what else may be
   * @return what of {@code touched} could not be settled yet, because its handler is not there
   */
  List<Artifact> settle(List<Artifact> live, List<Artifact> touched) {
    for (Artifact artifact : ordered(live)) {
      if (!isActive(artifact) && !broken.containsKey(artifact) && handler(artifact).isPresent()) {
        resume(artifact, live);
      }
    }
    Set<String> wanted = new HashSet<>();
    live.forEach(artifact -> wanted.add(key(artifact)));
    List<Artifact> open = new ArrayList<>();
    for (Artifact artifact : touched) {
      if (!wanted.contains(key(artifact)) && !retire(artifact)) {
        open.add(artifact);
      }
    }
    return open;
  }

  /** Live artifacts that their handlers did not take up again. */
  Set<Artifact> broken() {
    return Set.copyOf(broken.keySet());
  }

  /** Those of them whose files are whole: to fetch them again would not help. */
  Set<Artifact> failing() {
    return broken.entrySet().stream()
        .filter(one -> !DISK.contains(one.getValue().code()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Lets a broken one be taken up again. */
  void mended(Artifact artifact) {
    broken.remove(artifact);
  }

  /** Rises whenever handlers came anew: what they were told to measure is forgotten. */
  int generation() {
    return generation;
  }

  /** How all devices do. */
  List<DeviceStatus> devices() {
    return neighbours.deviceStates();
  }

  /** Lets it run beside what is live; false where that cannot be. */
  boolean shadow(Artifact artifact) throws Refusal {
    boolean[] runs = new boolean[1];
    call(artifact, handler -> runs[0] = handler.shadow(artifact, staging.directory(artifact)));
    return runs[0];
  }

  /** Lets what is live be measured, and compared with the one before. */
  void watch(Artifact artifact, Optional<Artifact> before) throws Refusal {
    call(artifact, handler -> handler.watch(artifact, before.map(staging::directory)));
  }

  /**
   * What was measured; nothing where the handler is not there or has a bug.
   *
   * @throws Refusal it cannot go on
   */
  TrialFigures figures(Artifact artifact) throws Refusal {
    TrialFigures[] figures = {TrialFigures.NONE};
    Refusal[] failed = new Refusal[1];
    quietly(
        artifact,
        handler -> {
          try {
            figures[0] = handler.figures(artifact);
          } catch (ArtifactException e) {
            failed[0] = new Refusal(e.code(), String.valueOf(e.getMessage()), e);
          }
        });
    if (failed[0] != null) {
      throw failed[0];
    }
    return figures[0];
  }

  void endTrial(Artifact artifact) {
    quietly(artifact, handler -> handler.endTrial(artifact));
  }

  private void quietly(Artifact artifact, Call call) {
    try {
      if (handler(artifact).isPresent()) {
        call(artifact, call);
      }
    } catch (Refusal e) {
      log.warn("Artifact [{}] is not measured", name(artifact), e);
    }
  }

  private void resume(Artifact artifact, List<Artifact> live) {
    try {
      activate(artifact, live);
    } catch (Refusal e) {
      broken.put(artifact, e);
      events.report(
          Event.Severity.ERROR,
          "deployment",
          e.code(),
          "live artifact [" + name(artifact) + "] cannot be taken up again: " + e.reason());
    }
  }

  private void activate(Artifact artifact, List<Artifact> all) throws Refusal {
    if (!isActive(artifact)) {
      requireIntact(artifact);
      call(
          artifact,
          handler ->
              handler.activate(artifact, staging.directory(artifact), () -> others(artifact, all)));
      active.put(key(artifact), artifact);
    }
  }

  /** Nothing runs that is not, byte for byte, what was signed; the disk may have changed it. */
  private void requireIntact(Artifact artifact) throws Refusal {
    try {
      if (staging.isIntact(artifact)) {
        return;
      }
    } catch (IOException e) {
      throw new Refusal(
          "artifact.unreadable", "artifact [" + name(artifact) + "] cannot be read: " + e, e);
    }
    throw new Refusal(
        "artifact.damaged",
        "files of artifact [" + name(artifact) + "] are not what was signed; check the disk");
  }

  private boolean retire(Artifact artifact) {
    Optional<ArtifactHandler> handler = handler(artifact);
    if (handler.isEmpty()) {
      return false;
    }
    try {
      call(artifact, h -> h.retire(artifact));
      failedToRetire.remove(artifact);
    } catch (Refusal e) {
      if (failedToRetire.add(artifact)) {
        events.report(
            Event.Severity.ERROR,
            "deployment",
            e.code(),
            "artifact [" + name(artifact) + "] could not be retired: " + e.reason());
      }
      if (e.getCause() instanceof UncheckedIOException) {
        return false; // the disk may take it later
      }
    }
    active.remove(key(artifact));
    return true;
  }

  private interface Call {
    void on(ArtifactHandler handler) throws ArtifactException;
  }

  private void call(Artifact artifact, Call call) throws Refusal {
    ArtifactHandler handler =
        handler(artifact)
            .orElseThrow(
                () ->
                    new Refusal(
                        "artifact.unsupported_kind",
                        "artifact ["
                            + name(artifact)
                            + "] is of a kind that this gateway does not take"));
    try {
      call.on(handler);
    } catch (ArtifactException e) {
      throw new Refusal(e.code(), String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      // A handler is another bundle's code: its mistake must not end this thread.
      throw new Refusal(
          "artifact.handler_failed",
          "artifact [" + name(artifact) + "] made its handler fail: " + e,
          e);
    }
  }

  private Optional<ArtifactHandler> handler(Artifact artifact) {
    synchronized (handlers) {
      return Optional.ofNullable(handlers.get(artifact.kind()));
    }
  }

  private boolean isActive(Artifact artifact) {
    return Objects.equals(active.get(key(artifact)), artifact);
  }

  private static List<Artifact> ordered(List<Artifact> artifacts) {
    return artifacts.stream().sorted(ORDER).toList();
  }

  static String name(Artifact artifact) {
    return key(artifact) + " " + artifact.version();
  }

  private static String key(Artifact artifact) {
    return artifact.kind() + "/" + artifact.name();
  }
}
