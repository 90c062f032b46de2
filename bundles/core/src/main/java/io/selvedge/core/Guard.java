package io.selvedge.core;

import io.selvedge.api.device.DeviceException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls drivers so that nothing they do ends or stalls the loop. */
@FunctionalInterface
interface Guard {

  /**
   * Calls a driver under its device's deadline.
   *
   * @param body the call; its answer must not be null
   * @param abandoned told why, on another thread, where the call was given up
   * @throws Failed it threw, was late, or answered null
   * @throws Abandoned it returned long after it was given up; the thread must end
   */
  <T> T call(Device device, Body<T> body, Consumer<String> abandoned) throws Failed, Abandoned;

  /** What is called; null where the driver breaks its contract. */
  interface Body<T> {
    @Nullable T call() throws Exception;
  }

  /** A call that brought nothing. The message says why, for an operator. */
  final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean late;

    Failed(String reason) {
      super(reason);
      this.late = false;
    }

    private Failed(String reason, Throwable cause) {
      super(reason, cause);
      this.late = false;
    }

    private Failed(Duration deadline) {
      super("no answer within its deadline of [" + deadline.toMillis() + "] ms");
      this.late = true;
    }

    static Failed late(Duration deadline) {
      return new Failed(deadline);
    }

    static Failed by(Throwable thrown) {
      String message = thrown.getMessage() == null ? "" : thrown.getMessage();
      if (thrown instanceof DeviceException) {
        return new Failed(message, thrown);
      }
      return new Failed(
          "fault of the driver: "
              + thrown.getClass().getSimpleName()
              + (message.isEmpty() ? "" : ": " + message),
          thrown);
    }

    /** True where it ended only when its deadline had passed. */
    boolean isLate() {
      return late;
    }

    /** True where the driver has a fault of its own, so that its stack is of interest. */
    boolean isFault() {
      return getCause() != null && !(getCause() instanceof DeviceException);
    }
  }

  /** Unwinds a thread whose place another has taken. */
  final class Abandoned extends Exception {
    private static final long serialVersionUID = 1;

    Abandoned() {
      super("another thread serves the bus", null, false, false);
    }
  }
}
