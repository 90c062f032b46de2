package io.selvedge.api.device;

import org.osgi.annotation.versioning.ProviderType;

/** Asks the runtime to read a device now, not at its next interval. Made by the runtime. */
@ProviderType
@FunctionalInterface
public interface Wakeup {

  /**
   * Something waits to be read. May be called on any thread, never blocks, never throws: {@link
   * Driver#read()} is called as soon as the thread of the bus is free. Several calls before that
   * are one. Does nothing once the device is gone.
   */
  void now();
}
