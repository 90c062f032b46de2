package io.selvedge.testkit.recording;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.PwmBus;

/** A PWM chip of a recording: it takes what it took then. */
record ReplayPwm(String name, Exchange.Answering answers) implements PwmBus {

  @Override
  public int channels() throws BusException {
    return Integer.parseInt(answers.answer(Requests.CHANNELS));
  }

  @Override
  public void set(int channel, long periodNanos, long dutyNanos) throws BusException {
    String unused = answers.answer(Requests.pwm(channel, periodNanos, dutyNanos));
  }

  @Override
  public void off(int channel) throws BusException {
    String unused = answers.answer(Requests.pwmOff(channel));
  }
}
