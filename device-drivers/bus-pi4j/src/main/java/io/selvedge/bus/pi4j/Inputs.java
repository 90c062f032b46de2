package io.selvedge.bus.pi4j;

import com.pi4j.context.Context;
import com.pi4j.exception.ShutdownException;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalInputBase;
import com.pi4j.io.gpio.digital.DigitalInputConfig;
import com.pi4j.io.gpio.digital.DigitalInputProvider;
import com.pi4j.io.gpio.digital.DigitalInputProviderBase;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.DigitalStateChangeEvent;
import com.pi4j.io.gpio.digital.PullResistance;
import io.selvedge.api.bus.Edge;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.bus.InputOptions.Edges;
import io.selvedge.api.bus.InputOptions.Pull;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Pi4J's digital inputs: debounced by the kernel, told by its edges, no thread that looks. */
final class Inputs extends DigitalInputProviderBase {

  private final Wiring wiring;

  Inputs(String id, Wiring wiring) {
    super(id, "Selvedge: digital inputs of Linux");
    this.wiring = wiring;
  }

  @Override
  public DigitalInput create(DigitalInputConfig config) {
    Long micros = config.debounce();
    InputOptions options =
        new InputOptions(
            pull(config.pull()),
            Edges.BOTH,
            Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros == null ? 0 : micros)));
    int line = Objects.requireNonNull(config.address(), "a digital input needs an address");
    GpioInput input = wiring.buses().gpio(wiring.names().gpio()).input(line, options);
    return wiring.register(this, new Input(this, config, input, wiring.events()), input::read);
  }

  private static Pull pull(PullResistance resistance) {
    return switch (resistance) {
      case OFF -> Pull.NONE;
      case PULL_UP -> Pull.UP;
      case PULL_DOWN -> Pull.DOWN;
    };
  }

  private static final class Input extends DigitalInputBase {
    private final GpioInput line;

    Input(DigitalInputProvider provider, DigitalInputConfig config, GpioInput line, Events events) {
      super(provider, config);
      this.line = line;
      line.onEdge(events.duty(this::tell));
    }

    private void tell() {
      for (Edge edge : Failures.call(line::drain)) {
        dispatch(
            new DigitalStateChangeEvent<DigitalInput>(this, DigitalState.getState(edge.rising())));
      }
    }

    @Override
    public DigitalState state() {
      return DigitalState.getState(Failures.call(line::read));
    }

    @Override
    public DigitalInput shutdown(Context context) throws ShutdownException {
      line.close();
      return super.shutdown(context);
    }
  }
}
