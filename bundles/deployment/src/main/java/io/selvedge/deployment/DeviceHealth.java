package io.selvedge.deployment;

import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.DeviceStatus.State;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How the devices do while a bundle or a configuration is on trial: reads are its rows, reads that
 * were not answered its errors. Devices that were down before do not count; one that is gone counts
 * as a read that was not answered, at each look. On the deployment's thread.
 */
final class DeviceHealth {

  private record Counts(long reads, long failures) {}

  private final Map<String, Counts> before = new HashMap<>();
  private final Set<String> down = new HashSet<>();
  private final boolean mayGo;
  private long reads;
  private long failures;

  /**
   * @param mayGo whether devices go on purpose: the deployment no longer has what made them
   */
  DeviceHealth(List<DeviceStatus> devices, boolean mayGo) {
    this.mayGo = mayGo;
    for (DeviceStatus one : devices) {
      if (one.state() == State.DOWN) {
        down.add(one.id());
      }
      before.put(one.id(), new Counts(one.reads(), one.failures()));
    }
  }

  /** Whether there was anything that can be read. */
  boolean isThere() {
    return before.size() > down.size();
  }

  /** Looks, and says what there was since the beginning. */
  TrialFigures look(List<DeviceStatus> devices) {
    Set<String> gone = new HashSet<>(before.keySet());
    for (DeviceStatus one : devices) {
      gone.remove(one.id());
      Counts last = before.getOrDefault(one.id(), new Counts(0, 0));
      Counts now = new Counts(one.reads(), one.failures());
      before.put(one.id(), now);
      if (!down.contains(one.id())) {
        reads += growth(last.reads(), now.reads());
        failures += growth(last.failures(), now.failures());
      }
    }
    gone.removeAll(down);
    failures += mayGo ? 0 : gone.size();
    OptionalDouble none = OptionalDouble.empty();
    return new TrialFigures(
        reads + failures, failures, none, none, none, none, none, none, none, 0);
  }

  /** A device that was made anew counts from 0. */
  private static long growth(long from, long to) {
    return to >= from ? to - from : to;
  }
}
