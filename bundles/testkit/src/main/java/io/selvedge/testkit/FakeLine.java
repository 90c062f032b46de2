package io.selvedge.testkit;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.Edge;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.bus.OutputOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One line of a fake chip: what drives it, who holds it, what has changed. */
final class FakeLine {

  private final String chip;
  private final int offset;
  private final FakeClock clock;
  private final Deque<Edge> edges = new ArrayDeque<>();
  private @Nullable Boolean outside; // none while nothing drives it from outside
  private @Nullable Object holder; // none while it is free
  private @Nullable InputOptions input; // while it is taken as an input
  private @Nullable Boolean driven; // while it is taken as an output
  private boolean level; // physical, as the input has accepted it
  private long changed; // when the level outside last changed
  private long sequence;
  private Runnable onEdge = () -> {};
  private Consumer<Boolean> onOutput = high -> {};

  FakeLine(String chip, int offset, FakeClock clock) {
    this.chip = chip;
    this.offset = offset;
    this.clock = clock;
  }

  boolean isTaken() {
    return holder != null;
  }

  void onOutput(Consumer<Boolean> listener) {
    onOutput = listener;
  }

  void drive(@Nullable Boolean high) {
    settle();
    boolean before = isHigh();
    outside = high;
    if (isHigh() != before) {
      changed = clock.nanos();
    }
    settle();
  }

  boolean isHigh() {
    if (driven != null) {
      return driven;
    }
    if (outside != null) {
      return outside;
    }
    return input != null && input.pull() == InputOptions.Pull.UP;
  }

  /** Accepts a level that has held for as long as the debounce asks. */
  void settle() {
    InputOptions options = input;
    if (options == null || isHigh() == level) {
      return;
    }
    long debounce = options.debounce().toNanos();
    if (clock.nanos() - changed < debounce) {
      return;
    }
    level = isHigh();
    boolean on = level != options.activeLow();
    if (wanted(options.edges(), on)) {
      long at = changed + debounce;
      edges.add(new Edge(on, at, clock.instant().minusNanos(clock.nanos() - at), ++sequence));
      if (edges.size() > GpioInput.MOST_EDGES) {
        edges.remove();
      }
      onEdge.run();
    }
  }

  void takeAsInput(Object owner, InputOptions options, Runnable listener) throws BusException {
    take(owner);
    onEdge = listener;
    if (input == null) {
      input = options;
      level = isHigh();
      changed = clock.nanos();
      sequence = 0;
      edges.clear();
    }
  }

  void takeAsOutput(Object owner, OutputOptions options) throws BusException {
    take(owner);
    if (driven == null) {
      boolean initial =
          switch (options.initial()) {
            case OFF -> options.activeLow();
            case ON -> !options.activeLow();
            case KEEP -> isHigh();
          };
      set(initial);
    }
  }

  void set(boolean high) {
    boolean news = driven == null || driven != high;
    driven = high;
    if (news) {
      onOutput.accept(high);
    }
  }

  boolean isOn(boolean activeLow) {
    return isHigh() != activeLow;
  }

  /** As an input sees it: through the debounce. */
  boolean level() {
    return level;
  }

  List<Edge> drain() {
    List<Edge> taken = new ArrayList<>(edges);
    edges.clear();
    return taken;
  }

  /** Let go, an output stays as it was driven, as most chips do. */
  void release(Object owner) {
    if (holder != owner) {
      return;
    }
    holder = null;
    input = null;
    onEdge = () -> {};
    if (driven != null) {
      outside = driven;
      driven = null;
    }
  }

  private void take(Object owner) throws BusException {
    if (holder != null && holder != owner) {
      throw new BusException(
          BusException.Kind.BUSY, "line [" + offset + "] of chip [" + chip + "] is in use");
    }
    holder = owner;
  }

  private static boolean wanted(InputOptions.Edges edges, boolean rising) {
    return switch (edges) {
      case NONE -> false;
      case RISING -> rising;
      case FALLING -> !rising;
      case BOTH -> true;
    };
  }
}
