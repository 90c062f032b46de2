package io.selvedge.mqtt.client;

import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Finds out that the network was away and is back, while the connection has not noticed. TCP sends
 * again at pauses that double, so that a connection that lives through a break of ten seconds may
 * carry on ten seconds after its end; a new one is answered at once.
 *
 * <p>Where nothing comes, and the kernel has sent the same several times in vain, the broker's
 * address is asked for a new connection. Where that is answered, and the old one is still silent a
 * moment later, there is nothing to wait for. A link that is only slow is not meant: what it
 * acknowledges, however late, is not sent again in vain three times.
 *
 * <p>For one thread, which waits in here.
 */
final class Revival {

  /** Asks for a connection, and lets it go. */
  interface Question {
    boolean isAnswered(Duration patience) throws InterruptedException;
  }

  /** Waits; true where the connection has ended meanwhile. */
  interface Wait {
    boolean ends(Duration time) throws InterruptedException;
  }

  static final Duration SILENCE = Duration.ofMillis(1200);
  static final int IN_VAIN = 3;

  /** So often the broker is asked: one of these is the first after the network's return. */
  static final Duration AGAIN = Duration.ofMillis(250);

  private static final Duration PATIENCE = Duration.ofMillis(1750);
  private static final Duration MOMENT = Duration.ofMillis(250);

  /** Then the connection is looked after as ever, and this goes on after it. */
  private static final int MOST_QUESTIONS = 5;

  private final Supplier<Duration> sinceReceived;
  private final IntSupplier inVain;
  private final Question question;
  private final Wait wait;

  Revival(Supplier<Duration> sinceReceived, IntSupplier inVain, Question question, Wait wait) {
    this.sinceReceived = sinceReceived;
    this.inVain = inVain;
    this.question = question;
    this.wait = wait;
  }

  /** Whether a new connection is answered while this one is not; waits some seconds at most. */
  boolean isOutrun() throws InterruptedException {
    for (int i = 0; i < MOST_QUESTIONS && isStuck(); i++) {
      long begun = System.nanoTime();
      boolean answered = question.isAnswered(PATIENCE);
      // Where there is no way at all, or it is refused, the kernel says so at once.
      boolean waited = System.nanoTime() - begun >= PATIENCE.toNanos() / 2;
      if (wait.ends(answered || !waited ? MOMENT : Duration.ZERO)) {
        return false;
      }
      if (answered && isStuck()) {
        return true;
      }
    }
    return false;
  }

  private boolean isStuck() {
    return sinceReceived.get().compareTo(SILENCE) > 0 && inVain.getAsInt() >= IN_VAIN;
  }
}
