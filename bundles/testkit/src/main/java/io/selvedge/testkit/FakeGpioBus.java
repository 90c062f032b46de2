package io.selvedge.testkit;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.GpioBus;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.GpioLine;
import io.selvedge.api.bus.GpioOutput;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.bus.OutputOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A GPIO chip whose lines a test drives and looks at, with simulated time: {@code drive} changes
 * the level now, {@code advance} lets time pass, so that a bouncing contact settles. A line that
 * nobody drives is as its pull says, else low.
 */
public final class FakeGpioBus implements GpioBus {

  /** As many lines as a Raspberry Pi's chip has. */
  public static final int LINES = 54;

  final FakeClock clock;
  private final String name;
  private final Map<Integer, FakeLine> lines = new TreeMap<>();
  private final Fault fault = new Fault();

  public FakeGpioBus(String name, FakeClock clock) {
    this.name = name;
    this.clock = clock;
  }

  /** Drives a line from outside, from now on. */
  public FakeGpioBus drive(int line, boolean high) {
    at(line).drive(high);
    return this;
  }

  /** Drives a line high for this long, which passes. */
  public void pulse(int line, Duration width) {
    drive(line, true);
    advance(width);
    drive(line, false);
  }

  /** Lets a line go; its pull takes over. */
  public void release(int line) {
    at(line).drive(null);
  }

  /** Lets time pass, on the clock that this chip has. */
  public void advance(Duration duration) {
    clock.advance(duration);
    settle();
  }

  /** Whether a line is high now: as a driver drives it, else as the test does. */
  public boolean isHigh(int line) {
    return at(line).isHigh();
  }

  /** Whether a driver holds a line. */
  public boolean isTaken(int line) {
    return at(line).isTaken();
  }

  /** Says whom to tell of each change of a line that a driver drives: hardware that reacts. */
  public void onOutput(int line, Consumer<Boolean> listener) {
    at(line).onOutput(listener);
  }

  /** From now on each call fails like this. */
  public void fail(BusException.Kind kind) {
    fault.set(kind);
  }

  /** From now on the chip works again; what a driver held is taken anew. */
  public void mend() {
    fault.mend();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<GpioLine> lines() throws BusException {
    check();
    return IntStream.range(0, LINES)
        .mapToObj(i -> new GpioLine(i, "GPIO" + i, at(i).isTaken() ? "selvedge" : ""))
        .toList();
  }

  @Override
  public GpioInput input(int line, InputOptions options) {
    return new FakeInput(this, at(line), options);
  }

  @Override
  public GpioOutput output(int line, OutputOptions options) {
    return new FakeOutput(this, at(line), options);
  }

  void check() throws BusException {
    fault.check(name);
  }

  void settle() {
    lines.values().forEach(FakeLine::settle);
  }

  private FakeLine at(int line) {
    if (line < 0 || line >= LINES) {
      throw new IllegalArgumentException(
          "line [" + line + "] of chip [" + name + "] must be from 0 to " + (LINES - 1));
    }
    return lines.computeIfAbsent(line, offset -> new FakeLine(name, offset, clock));
  }
}
