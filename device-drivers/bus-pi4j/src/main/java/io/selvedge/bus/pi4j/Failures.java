package io.selvedge.bus.pi4j;

import com.pi4j.io.exception.IOException;
import io.selvedge.api.bus.BusException;

/** What a bus throws, as users of Pi4J expect it: unchecked, with the bus's own words. */
final class Failures {

  private Failures() {}

  /** A call on a bus. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws BusException;
  }

  /** A call on a bus that returns nothing. */
  @FunctionalInterface
  interface Action {
    void run() throws BusException;
  }

  static <T> T call(Call<T> call) {
    try {
      return call.run();
    } catch (BusException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  static void run(Action action) {
    try {
      action.run();
    } catch (BusException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
