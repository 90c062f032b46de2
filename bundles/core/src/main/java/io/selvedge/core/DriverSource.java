package io.selvedge.core;

import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;

/**
 * Where a device's driver comes from. Made on the bus's thread, so that a slow start stalls none.
 */
interface DriverSource {

  /**
   * Makes the driver, or returns the one made before. Called on the bus's thread, under the
   * device's deadline.
   *
   * @throws DeviceException it could not be made, and why
   */
  Driver open() throws DeviceException;

  /** The device is gone. Called on any thread, once, after the last call to the driver. */
  void close();
}
