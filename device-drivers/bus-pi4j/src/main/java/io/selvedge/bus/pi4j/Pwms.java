package io.selvedge.bus.pi4j;

import com.pi4j.context.Context;
import com.pi4j.exception.ShutdownException;
import com.pi4j.io.pwm.Pwm;
import com.pi4j.io.pwm.PwmBase;
import com.pi4j.io.pwm.PwmConfig;
import com.pi4j.io.pwm.PwmPolarity;
import com.pi4j.io.pwm.PwmProvider;
import com.pi4j.io.pwm.PwmProviderBase;
import io.selvedge.api.bus.PwmBus;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Pi4J's PWM channels, by the hardware. */
final class Pwms extends PwmProviderBase {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Wiring wiring;

  Pwms(String id, Wiring wiring) {
    super(id, "Selvedge: PWM of Linux");
    this.wiring = wiring;
  }

  @Override
  public Pwm create(PwmConfig config) {
    PwmBus bus = wiring.buses().pwm(wiring.names().pwm());
    return wiring.register(this, new Channel(this, config, bus), bus::channels);
  }

  private static final class Channel extends PwmBase {
    private final PwmBus bus;
    private final int channel;

    Channel(PwmProvider provider, PwmConfig config, PwmBus bus) {
      super(provider, config);
      this.bus = bus;
      this.channel = Objects.requireNonNull(config.address(), "a PWM channel needs an address");
    }

    @Override
    public Pwm on() {
      long period = SECOND / Math.max(1, frequency);
      double share = Math.min(100, Math.max(0, dutyCycle)) / 100;
      double high = polarity == PwmPolarity.INVERSED ? 1 - share : share;
      Failures.run(() -> bus.set(channel, period, Math.round(period * high)));
      onState = true;
      return this;
    }

    @Override
    public Pwm off() {
      Failures.run(() -> bus.off(channel));
      onState = false;
      return this;
    }

    @Override
    public Pwm shutdown(Context context) throws ShutdownException {
      try {
        return super.shutdown(context);
      } finally {
        if (onState && config.shutdownValue() == null) {
          off();
        }
      }
    }
  }
}
