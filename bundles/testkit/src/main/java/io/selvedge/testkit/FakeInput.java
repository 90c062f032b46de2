package io.selvedge.testkit;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.Edge;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.InputOptions;
import java.util.List;

final class FakeInput implements GpioInput {

  private final FakeGpioBus bus;
  private final FakeLine line;
  private final InputOptions options;
  private Runnable listener = () -> {};

  FakeInput(FakeGpioBus bus, FakeLine line, InputOptions options) {
    this.bus = bus;
    this.line = line;
    this.options = options;
  }

  @Override
  public boolean read() throws BusException {
    take();
    return line.level() != options.activeLow();
  }

  @Override
  public List<Edge> drain() throws BusException {
    take();
    return line.drain();
  }

  @Override
  public void onEdge(Runnable told) {
    listener = told;
  }

  @Override
  public void close() {
    line.release(this);
  }

  private void take() throws BusException {
    bus.check();
    line.takeAsInput(this, options, () -> listener.run());
    line.settle();
  }
}
