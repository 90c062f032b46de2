package io.selvedge.testkit.recording;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.Edge;
import io.selvedge.api.bus.GpioBus;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.GpioLine;
import io.selvedge.api.bus.GpioOutput;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.bus.OutputOptions;
import java.util.List;

/** A GPIO chip of a recording: levels and edges come as they did, edges with their times. */
record ReplayGpio(String name, Exchange.Answering answers) implements GpioBus {

  @Override
  public List<GpioLine> lines() throws BusException {
    return GpioText.lines(answers.answer(Requests.LINES));
  }

  @Override
  public GpioInput input(int line, InputOptions options) {
    String asked = GpioText.input(line, options);
    return new GpioInput() {
      @Override
      public boolean read() throws BusException {
        return GpioText.isOn(answers.answer(asked + Requests.READ));
      }

      @Override
      public List<Edge> drain() throws BusException {
        return GpioText.edges(answers.answer(asked + Requests.DRAIN));
      }

      @Override
      public void onEdge(Runnable listener) {
        listener.run(); // there is something to drain, and nobody who would say so later
      }

      @Override
      public void close() {
        // nothing is held
      }
    };
  }

  @Override
  public GpioOutput output(int line, OutputOptions options) {
    String asked = GpioText.output(line, options);
    return new GpioOutput() {
      @Override
      public void set(boolean on) throws BusException {
        String unused = answers.answer(asked + Requests.SET + GpioText.level(on));
      }

      @Override
      public boolean read() throws BusException {
        return GpioText.isOn(answers.answer(asked + Requests.READ));
      }

      @Override
      public void close() {
        // nothing is held
      }
    };
  }
}
