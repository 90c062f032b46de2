package io.selvedge.testkit;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.PwmBus;
import java.util.Map;
import java.util.TreeMap;

/** A PWM chip with 16 channels that a test looks at. */
public final class FakePwmBus implements PwmBus {

  private static final int CHANNELS = 16;

  private final String name;
  private final Map<Integer, String> running = new TreeMap<>();
  private final Fault fault = new Fault();

  public FakePwmBus(String name) {
    this.name = name;
  }

  /**
   * What a channel does: {@code 1500000/20000000} (high, of the period, in ns), else {@code off}.
   */
  public String channel(int channel) {
    return running.getOrDefault(channel, "off");
  }

  /** From now on each call fails like this. */
  public void fail(BusException.Kind kind) {
    fault.set(kind);
  }

  /** From now on the chip works again. */
  public void mend() {
    fault.mend();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int channels() throws BusException {
    fault.check(name);
    return CHANNELS;
  }

  @Override
  public void set(int channel, long periodNanos, long dutyNanos) throws BusException {
    if (periodNanos < 1 || dutyNanos < 0 || dutyNanos > periodNanos) {
      throw new IllegalArgumentException(
          "duty ["
              + dutyNanos
              + "] ns of period ["
              + periodNanos
              + "] ns must be from 0 to the period, and that at least 1");
    }
    check(channel);
    running.put(channel, dutyNanos + "/" + periodNanos);
  }

  @Override
  public void off(int channel) throws BusException {
    check(channel);
    running.remove(channel);
  }

  private void check(int channel) throws BusException {
    fault.check(name);
    if (channel < 0 || channel >= CHANNELS) {
      throw new BusException(
          BusException.Kind.ABSENT,
          "PWM [" + name + "] has channels 0 to " + (CHANNELS - 1) + ", not [" + channel + "]");
    }
  }
}
