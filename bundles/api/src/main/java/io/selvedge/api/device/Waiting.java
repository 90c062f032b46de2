package io.selvedge.api.device;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A way to wait that what happens on a bus ends by itself: of whoever gives access to a bus, for
 * the thread that reads its devices, see {@link Wakeup#offer}. So no other thread has to wake it.
 */
@ConsumerType
public interface Waiting {

  /**
   * Waits until something has happened, {@link #end()} was called, or the time is over; it may
   * return early. Asks for reads by {@link Wakeup#now()} before it returns. Called by one thread at
   * a time; an interrupt need not end it.
   */
  void await(long nanos);

  /**
   * Ends the wait; where nobody waits, the next one. On any thread; never blocks, never fails. May
   * come when it was withdrawn already.
   */
  void end();
}
