package io.selvedge.inference;

import io.selvedge.api.flow.Decision;
import io.selvedge.api.model.ModelRef;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Decisions by models on trial, kept for a while so that a label that comes back finds the row it
 * is for: a decision is known by its flow and the time of its row. Any thread.
 */
final class Labels {

  /** Two days of a row a minute, with room; the oldest go. */
  private static final int MOST = 4096;

  private record Key(String flow, Instant time) {}

  /** What was decided upon. */
  record Decided(ModelRef model, Map<String, Double> features) {}

  private final Map<Key, Decided> decided =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Decided> eldest) {
          return size() > MOST;
        }
      };

  synchronized void add(Decision decision, ModelRef model) {
    decided.put(new Key(decision.flow(), decision.time()), new Decided(model, decision.features()));
  }

  /** Each decision is labelled once. */
  synchronized Optional<Decided> take(String flow, Instant time) {
    return Optional.ofNullable(decided.remove(new Key(flow, time)));
  }

  synchronized void clear() {
    decided.clear();
  }
}
