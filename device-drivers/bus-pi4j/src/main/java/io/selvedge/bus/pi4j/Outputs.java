package io.selvedge.bus.pi4j;

import com.pi4j.context.Context;
import com.pi4j.exception.ShutdownException;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalOutputBase;
import com.pi4j.io.gpio.digital.DigitalOutputConfig;
import com.pi4j.io.gpio.digital.DigitalOutputProvider;
import com.pi4j.io.gpio.digital.DigitalOutputProviderBase;
import com.pi4j.io.gpio.digital.DigitalState;
import io.selvedge.api.bus.GpioOutput;
import io.selvedge.api.bus.OutputOptions;
import io.selvedge.api.bus.OutputOptions.Drive;
import io.selvedge.api.bus.OutputOptions.Initial;
import java.util.Objects;

/** Pi4J's digital outputs. */
final class Outputs extends DigitalOutputProviderBase {

  private final Wiring wiring;

  Outputs(String id, Wiring wiring) {
    super(id, "Selvedge: digital outputs of Linux");
    this.wiring = wiring;
  }

  @Override
  public DigitalOutput create(DigitalOutputConfig config) {
    OutputOptions options =
        new OutputOptions(initial(config.initialState()), false, Drive.PUSH_PULL);
    int line = Objects.requireNonNull(config.address(), "a digital output needs an address");
    GpioOutput output = wiring.buses().gpio(wiring.names().gpio()).output(line, options);
    return wiring.register(this, new Output(this, config, output), output::read);
  }

  private static Initial initial(DigitalState state) {
    return state == null || state == DigitalState.UNKNOWN
        ? Initial.KEEP
        : state.isHigh() ? Initial.ON : Initial.OFF;
  }

  private static final class Output extends DigitalOutputBase {
    private final GpioOutput line;

    Output(DigitalOutputProvider provider, DigitalOutputConfig config, GpioOutput line) {
      super(provider, config);
      this.line = line;
    }

    @Override
    public DigitalOutput state(DigitalState state) {
      Failures.run(() -> line.set(state.isHigh()));
      return super.state(state);
    }

    @Override
    public DigitalOutput shutdown(Context context) throws ShutdownException {
      try {
        return super.shutdown(context);
      } finally {
        line.close();
      }
    }
  }
}
