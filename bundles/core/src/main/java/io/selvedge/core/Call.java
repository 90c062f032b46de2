package io.selvedge.core;

import java.util.function.Consumer;

/**
 * One call into a driver, and what has become of it. Made on the thread that calls.
 *
 * <pre>
 *   RUNNING ──deadline──▶ LATE ──────┐
 *      │  └──removed──▶ CANCELLED ───┤ grace
 *      │                    │        ▼
 *      └───── returns ──────┴──▶ ABANDONED: a new thread serves the bus,
 *                  │                 │       this one ends where the call ends
 *                  ▼                 ▼
 *                            ENDED
 * </pre>
 */
final class Call {

  /** What has become of a call. */
  enum State {
    RUNNING,
    LATE,
    CANCELLED,
    ABANDONED,
    ENDED
  }

  final Device device;
  final Thread thread = Thread.currentThread();

  /** When it has taken too long, of {@link System#nanoTime()}. */
  final long late;

  private final Consumer<String> abandoned;
  private State state = State.RUNNING;

  /**
   * @param late when it has taken too long
   * @param abandoned told, on the thread that takes over, why this call was given up
   */
  Call(Device device, long late, Consumer<String> abandoned) {
    this.device = device;
    this.late = late;
    this.abandoned = abandoned;
  }

  /** Asks a running call to end. False where there is nothing to ask. */
  synchronized boolean interrupt(State why) {
    if (state != State.RUNNING) {
      return false;
    }
    state = why;
    thread.interrupt();
    return true;
  }

  /** Gives up a call that did not end when asked. False where it has ended after all. */
  synchronized boolean abandon() {
    if (state != State.LATE && state != State.CANCELLED) {
      return false;
    }
    state = State.ABANDONED;
    return true;
  }

  /** The call has returned: says what had become of it. No interrupt comes after this. */
  synchronized State end() {
    State was = state;
    state = State.ENDED;
    // An interrupt was meant for the driver; the loop itself ends by its flag.
    Thread.interrupted();
    return was;
  }

  void tellAbandoned(String reason) {
    abandoned.accept(reason);
  }
}
