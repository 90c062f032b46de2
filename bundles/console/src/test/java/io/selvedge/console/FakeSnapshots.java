package io.selvedge.console;

import io.selvedge.api.configuration.Snapshot;
import io.selvedge.api.configuration.Snapshots;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Two snapshots of two files in memory; what is configured differs from the first one. */
public final class FakeSnapshots implements Snapshots {

  /** As a disk that is full. */
  public boolean full;

  private final Clock clock;
  private final Map<Long, Map<String, String>> kept = new LinkedHashMap<>();
  private final List<Snapshot> list = new ArrayList<>();
  private final Map<String, String> now = new TreeMap<>();

  FakeSnapshots(Clock clock) {
    this.clock = clock;
    now.put(
        "io.selvedge.driver.simulated-office.cfg",
        "# a room\ndevice.id = office\ninterval.ms = 1000\n");
    now.put("io.selvedge.mqtt.cfg", "broker = ssl://hub.example.org:8883\npassword = ********\n");
    keep("as it was found");
    now.put(
        "io.selvedge.driver.simulated-office.cfg",
        "# a room\ndevice.id = office\ninterval.ms = 250\nseed = 7\n");
    now.put("io.selvedge.driver.simulated-hall.cfg", "device.id = hall\n");
    keep("CONF-V1: io.selvedge.driver.simulated~office");
  }

  @Override
  public List<Snapshot> list() {
    return List.copyOf(list);
  }

  @Override
  public Optional<Map<String, String>> texts(long id) {
    return Optional.ofNullable(kept.get(id));
  }

  @Override
  public Map<String, String> texts() {
    return now;
  }

  @Override
  public Optional<Map<String, Map<String, Object>>> values(long id) {
    return Optional.empty();
  }

  @Override
  public Snapshot take(String why) throws IOException {
    if (full) {
      throw new IOException("No space left on device");
    }
    return keep(why);
  }

  private Snapshot keep(String why) {
    long id = clock.millis() - 7_200_000 + list.size() * 3_600_000L;
    Snapshot taken = new Snapshot(id, Instant.ofEpochMilli(id), why, now.size(), 512);
    kept.put(id, new TreeMap<>(now));
    list.add(0, taken);
    return taken;
  }

  @Override
  public Snapshot update(Map<String, Map<String, Object>> values, String why) {
    throw new UnsupportedOperationException("the console changes no values");
  }

  @Override
  public Snapshot write(Map<String, byte[]> put, Set<String> delete, String why) {
    throw new UnsupportedOperationException("the console writes no files");
  }

  @Override
  public Snapshot rollback(long id, String why) throws IOException {
    if (full) {
      return take(why);
    }
    now.clear();
    now.putAll(kept.getOrDefault(id, Map.of()));
    return take(why);
  }

  @Override
  public boolean isSecret(String pid, String key) {
    return key.equals("password");
  }
}
