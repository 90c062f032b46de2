package io.selvedge.api.device;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Asks the runtime to read a device now, not at its next interval. Made by the runtime. */
@ProviderType
@FunctionalInterface
public interface Wakeup {

  /**
   * Something waits to be read. May be called on any thread, never blocks, never throws: {@link
   * Driver#read()} is called as soon as the thread of the bus is free. Several calls before that
   * are one. Does nothing once the device is gone.
   */
  void now();

  /**
   * Offers the thread of the bus a way to wait by. One that it has already stays. Whoever offered
   * the one that is returned adds to it what is to wake the bus, whatever else asks by {@link
   * #now()}.
   *
   * @return what the bus waits by: the one that is offered, or another; empty where the device is
   *     gone, or the runtime waits by its own means only
   */
  default Optional<Waiting> offer(Waiting waiting) {
    return Optional.empty();
  }

  /**
   * Takes back what was offered. When this returns, no thread waits by it, nor will; where it is
   * not what the bus waits by, nothing happens. Not to be called under a lock that {@link
   * Waiting#await} needs.
   */
  default void withdraw(Waiting waiting) {}
}
