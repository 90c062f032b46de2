package io.selvedge.testkit.recording;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.Edge;
import io.selvedge.api.bus.GpioBus;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.GpioLine;
import io.selvedge.api.bus.GpioOutput;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.bus.OutputOptions;
import io.selvedge.api.device.Wakeup;
import java.util.ArrayList;
import java.util.List;

/** A GPIO chip whose levels and edges are written down. */
record RecordingGpio(GpioBus chip, String bus, Exchange.Noting notes) implements GpioBus {

  @Override
  public String name() {
    return chip.name();
  }

  @Override
  public List<GpioLine> lines() throws BusException {
    List<GpioLine> lines = new ArrayList<>();
    String unused =
        notes.note(
            bus,
            Requests.LINES,
            () -> {
              lines.addAll(chip.lines());
              return GpioText.lines(lines);
            });
    return lines;
  }

  @Override
  public GpioInput input(int line, InputOptions options) {
    GpioInput input = chip.input(line, options);
    String asked = GpioText.input(line, options);
    return new GpioInput() {
      @Override
      public boolean read() throws BusException {
        return GpioText.isOn(
            notes.note(bus, asked + Requests.READ, () -> GpioText.level(input.read())));
      }

      @Override
      public List<Edge> drain() throws BusException {
        List<Edge> edges = new ArrayList<>();
        String unused =
            notes.note(
                bus,
                asked + Requests.DRAIN,
                () -> {
                  edges.addAll(input.drain());
                  return GpioText.edges(edges);
                });
        return edges;
      }

      @Override
      public void onEdge(Runnable listener) {
        input.onEdge(listener);
      }

      @Override
      public void wakes(Wakeup wakeup) {
        input.wakes(wakeup);
      }

      @Override
      public void close() {
        input.close();
      }
    };
  }

  @Override
  public GpioOutput output(int line, OutputOptions options) {
    GpioOutput output = chip.output(line, options);
    String asked = GpioText.output(line, options);
    return new GpioOutput() {
      @Override
      public void set(boolean on) throws BusException {
        String unused =
            notes.note(
                bus,
                asked + Requests.SET + GpioText.level(on),
                () -> {
                  output.set(on);
                  return "";
                });
      }

      @Override
      public boolean read() throws BusException {
        return GpioText.isOn(
            notes.note(bus, asked + Requests.READ, () -> GpioText.level(output.read())));
      }

      @Override
      public void close() {
        output.close();
      }
    };
  }
}
