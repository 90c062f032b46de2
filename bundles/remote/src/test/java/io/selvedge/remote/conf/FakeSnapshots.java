package io.selvedge.remote.conf;

import io.selvedge.api.configuration.Snapshot;
import io.selvedge.api.configuration.Snapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Snapshots of values in memory; {@code now} is what is configured. */
final class FakeSnapshots implements Snapshots {

  final Map<String, Map<String, Object>> now = new TreeMap<>();
  final Map<Long, Map<String, Map<String, Object>>> kept = new LinkedHashMap<>();
  final List<Snapshot> list = new ArrayList<>();

  private Map<String, Map<String, Object>> copy() {
    Map<String, Map<String, Object>> copy = new TreeMap<>();
    now.forEach((pid, values) -> copy.put(pid, new TreeMap<>(values)));
    return copy;
  }

  @Override
  public List<Snapshot> list() {
    return List.copyOf(list);
  }

  @Override
  public Optional<Map<String, String>> texts(long id) {
    return Optional.empty();
  }

  @Override
  public Map<String, String> texts() {
    return Map.of();
  }

  @Override
  public Optional<Map<String, Map<String, Object>>> values(long id) {
    return Optional.ofNullable(kept.get(id));
  }

  @Override
  public Snapshot take(String why) {
    if (!list.isEmpty() && now.equals(kept.get(list.get(0).id()))) {
      return list.get(0);
    }
    Snapshot taken = new Snapshot(1000 + list.size(), Instant.EPOCH, why, now.size(), 1);
    kept.put(taken.id(), copy());
    list.add(0, taken);
    return taken;
  }

  @Override
  public Snapshot update(Map<String, Map<String, Object>> values, String why) {
    take("before");
    values.forEach((pid, one) -> now.computeIfAbsent(pid, key -> new TreeMap<>()).putAll(one));
    return take(why);
  }

  @Override
  public Snapshot write(Map<String, byte[]> put, Set<String> delete, String why) {
    throw new UnsupportedOperationException("CONF-V1 writes values");
  }

  @Override
  public Snapshot rollback(long id, String why) {
    now.clear();
    now.putAll(kept.get(id));
    return take(why);
  }

  @Override
  public boolean isSecret(String pid, String key) {
    return key.equals("password");
  }
}
