package io.selvedge.api.bus;

import org.osgi.annotation.versioning.ProviderType;

/** One PWM chip with its channels. */
@ProviderType
public interface PwmBus {

  /** The name by which it was asked for. */
  String name();

  /**
   * How many channels it has.
   *
   * @throws BusException typed by what went wrong
   */
  int channels() throws BusException;

  /**
   * Lets a channel run.
   *
   * @param channel from 0
   * @param periodNanos length of one period, at least 1
   * @param dutyNanos how long it is high in each period, from 0 to the period
   * @throws BusException typed by what went wrong
   */
  void set(int channel, long periodNanos, long dutyNanos) throws BusException;

  /**
   * Stops a channel and gives it back.
   *
   * @throws BusException typed by what went wrong
   */
  void off(int channel) throws BusException;
}
