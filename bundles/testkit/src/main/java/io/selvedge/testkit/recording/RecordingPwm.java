package io.selvedge.testkit.recording;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.PwmBus;

/** A PWM chip whose settings are written down. */
record RecordingPwm(PwmBus chip, String bus, Exchange.Noting notes) implements PwmBus {

  @Override
  public String name() {
    return chip.name();
  }

  @Override
  public int channels() throws BusException {
    return Integer.parseInt(
        notes.note(bus, Requests.CHANNELS, () -> Integer.toString(chip.channels())));
  }

  @Override
  public void set(int channel, long periodNanos, long dutyNanos) throws BusException {
    String unused =
        notes.note(
            bus,
            Requests.pwm(channel, periodNanos, dutyNanos),
            () -> {
              chip.set(channel, periodNanos, dutyNanos);
              return "";
            });
  }

  @Override
  public void off(int channel) throws BusException {
    String unused =
        notes.note(
            bus,
            Requests.pwmOff(channel),
            () -> {
              chip.off(channel);
              return "";
            });
  }
}
