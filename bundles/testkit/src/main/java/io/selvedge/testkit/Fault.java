package io.selvedge.testkit;

import io.selvedge.api.bus.BusException;
import org.jspecify.annotations.Nullable;

/** How a fake bus fails, where it does. */
final class Fault {

  private BusException.@Nullable Kind kind; // none while the bus works

  void set(BusException.Kind failure) {
    kind = failure;
  }

  void mend() {
    kind = null;
  }

  void check(String bus) throws BusException {
    BusException.Kind failure = kind;
    if (failure == BusException.Kind.NO_PERMISSION) {
      throw BusException.noPermission(bus, "fake");
    }
    if (failure != null) {
      throw new BusException(failure, "bus [" + bus + "] fails as told: " + failure);
    }
  }
}
