package io.selvedge.testkit;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.GpioOutput;
import io.selvedge.api.bus.OutputOptions;

final class FakeOutput implements GpioOutput {

  private final FakeGpioBus bus;
  private final FakeLine line;
  private final OutputOptions options;

  FakeOutput(FakeGpioBus bus, FakeLine line, OutputOptions options) {
    this.bus = bus;
    this.line = line;
    this.options = options;
  }

  @Override
  public void set(boolean on) throws BusException {
    take();
    line.set(on != options.activeLow());
  }

  @Override
  public boolean read() throws BusException {
    take();
    return line.isOn(options.activeLow());
  }

  @Override
  public void close() {
    line.release(this);
  }

  private void take() throws BusException {
    bus.check();
    line.takeAsOutput(this, options);
  }
}
