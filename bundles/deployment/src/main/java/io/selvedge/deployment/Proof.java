package io.selvedge.deployment;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * Whether the gateway lasts with what is live. From the moment before a switch on the file {@code
 * unproven} is there; the launcher adds one to the number in it at each start. A process that lasts
 * {@link #LASTING} sets it back; three that did not in a row are reason to take the deployment
 * back. The file goes when the deployment has proved itself, in its trial or, where it has none, by
 * lasting. On the deployment's thread, but for {@link #isOpen}.
 */
final class Proof {

  static final Duration LASTING = Duration.ofMinutes(1);
  static final int MOST_STARTS = 3;

  private final StateFiles files;
  private final LongSupplier nanos;
  private long begin;
  private OptionalInt starts;
  private volatile boolean open;

  Proof(StateFiles files, LongSupplier nanos) {
    this.files = files;
    this.nanos = nanos;
    begin = nanos.getAsLong();
    starts = files.unprovenStarts();
    open = starts.isPresent();
  }

  boolean isOpen() {
    return open;
  }

  /** Whether this is the start after three that did not last. */
  boolean hasFailed() {
    return starts.isPresent() && starts.getAsInt() > MOST_STARTS;
  }

  /** Whether this process has lasted. */
  boolean hasLasted() {
    return nanos.getAsLong() - begin >= LASTING.toNanos();
  }

  /** Something new is about to be live. */
  void begin() throws IOException {
    files.writeUnproven();
    begin = nanos.getAsLong();
    starts = OptionalInt.of(0);
    open = true;
  }

  /** It is on trial and goes on: a process that lasts is not a failed start. */
  void lasts() throws IOException {
    if (starts.isPresent() && starts.getAsInt() > 0 && hasLasted()) {
      files.writeUnproven();
      starts = OptionalInt.of(0);
    }
  }

  /** It is not on trial: lasting is all the proof that there is. */
  void look() throws IOException {
    if (open && hasLasted()) {
      end();
    }
  }

  void end() throws IOException {
    files.deleteUnproven();
    starts = OptionalInt.empty();
    open = false;
  }
}
