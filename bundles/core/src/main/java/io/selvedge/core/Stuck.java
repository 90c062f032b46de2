package io.selvedge.core;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Devices whose last call was given up and has not returned. Kept by id, beyond a device's removal:
 * a device that is configured anew while its old call still hangs waits for it, so that one device
 * never holds more than one abandoned thread.
 */
final class Stuck {

  private final Set<String> devices = ConcurrentHashMap.newKeySet();
  private final Runnable returned;

  /**
   * @param returned called on the thread whose call has returned at last
   */
  Stuck(Runnable returned) {
    this.returned = returned;
  }

  void add(String device) {
    devices.add(device);
  }

  void remove(String device) {
    devices.remove(device);
    returned.run();
  }

  boolean contains(String device) {
    return devices.contains(device);
  }
}
