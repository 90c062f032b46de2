package io.selvedge.api.device;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Code for one kind of hardware; one instance is one configured device. Register it as a service
 * with the property {@code device.id}. Optional properties: {@code bus} (devices with the same bus
 * share its thread; default: a thread of its own), {@code interval.ms} (default 1000), {@code
 * deadline.ms} (default 5000, for each call).
 *
 * <p>The runtime owns time, retry, logging and threads: a driver moves bytes, and neither retries
 * nor logs nor stamps. All methods are called on the one thread of the bus, so a driver needs no
 * locks; a call that outlasts the deadline is interrupted and the device marked as down.
 */
@ConsumerType
public interface Driver {

  /**
   * The device's channels; the same list at each call. Called when the device appears, until it
   * answers; then no more.
   *
   * @throws DeviceException what the device has cannot be known before it is there; the runtime
   *     marks it as down and asks again
   * @throws InterruptedException the deadline has passed or the device is being removed
   */
  List<Channel> channels() throws DeviceException, InterruptedException;

  /**
   * Reads the device. Called each interval; may block up to the deadline. A channel that has no
   * value is reported as missing with its reason, or left out where nothing is known of it.
   * Readings may be of several times (a recording that catches up); those without a time are of
   * now.
   *
   * @throws DeviceException the device as a whole did not answer; the runtime marks it as down and
   *     tries again at the next interval
   * @throws InterruptedException the deadline has passed or the device is being removed
   */
  List<Reading> read() throws DeviceException, InterruptedException;

  /**
   * Hands over the means to ask for a read, for hardware that speaks by itself: an edge, a byte, a
   * message. Called once, after {@link #channels()} and before the first {@link #read()}, on the
   * thread of the bus. Keep it and call it, or hand it on: {@code input.onEdge(wakeup::now)}; it
   * does nothing once the device is gone.
   */
  default void attach(Wakeup wakeup) {}

  /**
   * Writes a channel. Called between two reads on the same thread; may block up to the deadline.
   *
   * @throws DeviceException the device did not take it, or has no such writable channel
   */
  default void write(String channel, Value value) throws DeviceException, InterruptedException {
    throw new DeviceException(
        "channel [" + channel + "] cannot be written; this driver has no writable channels");
  }
}
