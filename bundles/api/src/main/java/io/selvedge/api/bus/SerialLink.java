package io.selvedge.api.bus;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Bytes over a serial port. It is opened at the first call, and opened anew where the port was away
 * (an adapter pulled and plugged).
 */
@ProviderType
public interface SerialLink extends AutoCloseable {

  /** Bytes that wait to be read; of more, the oldest are dropped. */
  int MOST_BYTES = 65_536;

  /**
   * Takes bytes that came, waiting for the first where there is none.
   *
   * @param buffer filled from its beginning
   * @param timeout how long to wait for the first byte; zero to look only
   * @return how many came; 0 where none did in time
   * @throws BusException typed by what went wrong
   * @throws InterruptedException the deadline of the call has passed
   */
  int read(byte[] buffer, Duration timeout) throws BusException, InterruptedException;

  /**
   * Sends bytes; returns when the kernel has taken them all.
   *
   * @throws BusException typed by what went wrong
   * @throws InterruptedException the deadline of the call has passed
   */
  void write(byte[] bytes) throws BusException, InterruptedException;

  /**
   * Says whom to tell when bytes wait: typically {@code wakeup::now}. Called on a thread of the
   * bus; it must hand over and return.
   */
  void onBytes(Runnable listener);

  /** Closes the port. Never fails; a closed link is opened anew by the next call on it. */
  @Override
  void close();
}
