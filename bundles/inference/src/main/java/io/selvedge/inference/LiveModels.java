package io.selvedge.inference;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.ModelRef;
import io.selvedge.api.model.ModelStatus;
import io.selvedge.api.model.Models;
import io.selvedge.api.model.Prediction;
import io.selvedge.protocol.feature.FeatureSpec;
import io.selvedge.protocol.model.ModelManifest;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which model is live under which name. A name may have a model from a file and one from a
 * deployment: the deployment's is live, the file's waits in memory and is live again at once when
 * the deployment no longer has one.
 *
 * <p>Predictions read one concurrent map and take no lock. Changes come from two threads (File
 * Install's and the deployment's) and take turns.
 */
final class LiveModels implements Models, AutoCloseable {

  /** Where a model comes from; the later one wins. */
  enum Origin {
    FILE,
    DEPLOYMENT;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record Live(LoadedModel model, Origin origin, Instant since, RecentRows recent) {}

  private static final int RECENT_ROWS = 512;

  private final Events events;
  private final Clock clock;
  private final ModelTrials trials;
  private final Map<String, Live> live = new ConcurrentHashMap<>();
  private final Map<String, EnumMap<Origin, LoadedModel>> candidates = new HashMap<>();

  /** What was live before, by name: its rows tell how inputs were. */
  private final Map<String, Sample> before = new HashMap<>();

  private final Object turn = new Object();

  /** Rows that a model was asked. */
  record Sample(ModelManifest manifest, List<float[]> rows) {}

  LiveModels(Events events, Clock clock, ModelTrials trials) {
    this.events = events;
    this.clock = clock;
    this.trials = trials;
  }

  /** Takes over a checked model, with the caller's use of it. */
  void put(Origin origin, LoadedModel model) {
    String name = model.manifest().name();
    synchronized (turn) {
      LoadedModel before =
          candidates.computeIfAbsent(name, n -> new EnumMap<>(Origin.class)).put(origin, model);
      settle(name);
      if (before != null) {
        before.release();
      }
    }
  }

  /** Gives up the model of this name and origin; nothing happens where there is none. */
  void remove(Origin origin, String name) {
    synchronized (turn) {
      EnumMap<Origin, LoadedModel> ofName = candidates.get(name);
      LoadedModel gone = ofName == null ? null : ofName.remove(origin);
      if (gone != null) {
        settle(name);
        gone.release();
      }
    }
  }

  /** Which version of this origin is loaded, whether live or waiting. */
  Optional<ModelRef> loaded(Origin origin, String name) {
    synchronized (turn) {
      return Optional.ofNullable(candidates.get(name))
          .map(ofName -> ofName.get(origin))
          .map(model -> model.manifest().ref());
    }
  }

  private void settle(String name) {
    EnumMap<Origin, LoadedModel> ofName = Objects.requireNonNull(candidates.get(name));
    Optional<Origin> winner = ofName.keySet().stream().max(Comparator.naturalOrder());
    if (winner.isEmpty()) {
      candidates.remove(name);
      Live gone = live.remove(name);
      if (gone != null) {
        report(name, "model.retired", "model [" + ref(gone) + "] is no longer live; none is");
      }
      return;
    }
    LoadedModel model = Objects.requireNonNull(ofName.get(winner.get()));
    Live before = live.get(name);
    if (before == null || before.model() != model) {
      if (before != null) {
        this.before.put(name, sample(before));
      }
      live.put(name, new Live(model, winner.get(), clock.instant(), new RecentRows(RECENT_ROWS)));
      report(
          name,
          "model.live",
          "model ["
              + model.manifest().ref()
              + "] from a "
              + winner.get().text()
              + " is live"
              + (before == null ? "" : " instead of [" + ref(before) + "]"));
    }
  }

  private static Sample sample(Live one) {
    return new Sample(one.model().manifest(), one.recent().rows());
  }

  /** The newest rows of the live model of this name. */
  Optional<Sample> recent(String name) {
    return Optional.ofNullable(live.get(name)).map(LiveModels::sample);
  }

  /** The newest rows of the model that was live before this one. */
  Optional<Sample> recentBefore(String name) {
    synchronized (turn) {
      return Optional.ofNullable(before.get(name));
    }
  }

  /** The live model with a use of it, which the caller ends. */
  Optional<LoadedModel> use(String name) {
    return Optional.ofNullable(live.get(name)).map(Live::model).filter(LoadedModel::acquire);
  }

  /** The model of a file, live or waiting, with a use of it, which the caller ends. */
  Optional<LoadedModel> useFile(String name) {
    synchronized (turn) {
      return Optional.ofNullable(candidates.get(name))
          .map(ofName -> ofName.get(Origin.FILE))
          .filter(LoadedModel::acquire);
    }
  }

  /** The manifest of a live model; empty where another version is live. */
  Optional<ModelManifest> manifest(ModelRef ref) {
    return Optional.ofNullable(live.get(ref.name()))
        .map(one -> one.model().manifest())
        .filter(manifest -> manifest.ref().equals(ref));
  }

  private static ModelRef ref(Live one) {
    return one.model().manifest().ref();
  }

  private void report(String name, String code, String message) {
    events.report(Event.Severity.INFO, "model/" + name, code, message);
  }

  @Override
  public List<ModelStatus> list() {
    return live.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> status(entry.getValue()))
        .toList();
  }

  @Override
  public Map<String, List<String>> waiting() {
    Map<String, List<String>> waiting = new HashMap<>();
    synchronized (turn) {
      candidates.forEach(
          (name, ofName) -> {
            LoadedModel file = ofName.get(Origin.FILE);
            if (file != null && ofName.containsKey(Origin.DEPLOYMENT)) {
              waiting.put(name, definitions(file.manifest()));
            }
          });
    }
    return waiting;
  }

  private static List<String> definitions(ModelManifest manifest) {
    return manifest.features().stream().map(FeatureSpec::canonical).toList();
  }

  @Override
  public Optional<ModelStatus> find(String name) {
    return Optional.ofNullable(live.get(name)).map(LiveModels::status);
  }

  private static ModelStatus status(Live one) {
    ModelManifest manifest = one.model().manifest();
    return new ModelStatus(
        manifest.ref(),
        one.origin().text(),
        manifest.features().stream().map(FeatureSpec::name).toList(),
        definitions(manifest),
        manifest.outputs(),
        one.since(),
        one.model().predicted());
  }

  @Override
  public Prediction predict(String name, float[][] rows) throws ModelException {
    while (true) {
      Live now = live.get(name);
      if (now == null) {
        throw new ModelException(
            "model.unknown",
            "model ["
                + name
                + "] is not live, live are "
                + live.keySet().stream().sorted().toList());
      }
      if (now.model().acquire()) {
        try {
          return predict(name, now, rows);
        } finally {
          now.model().release();
        }
      }
      // Given up between the look and the grip: its successor is in the map already.
    }
  }

  private Prediction predict(String name, Live now, float[][] rows) throws ModelException {
    LoadedModel model = now.model();
    try {
      Prediction prediction = model.predict(rows);
      for (int i = 0; i < Math.min(rows.length, RECENT_ROWS); i++) {
        now.recent().add(rows[i].clone());
      }
      trials.answered(name, model, rows, prediction);
      return prediction;
    } catch (ModelException e) {
      if (!e.code().equals("model.wrong_input")) { // that is whoever asked
        trials.failed(name, model, rows.length, e);
      }
      throw e;
    }
  }

  /** Gives up all models; predictions under way end as they would. */
  @Override
  public void close() {
    trials.close();
    synchronized (turn) {
      live.clear();
      candidates.values().forEach(ofName -> ofName.values().forEach(LoadedModel::release));
      candidates.clear();
    }
  }
}
