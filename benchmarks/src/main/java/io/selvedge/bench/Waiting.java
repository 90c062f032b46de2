package io.selvedge.bench;

import java.io.IOException;
import java.time.Duration;

/** Waits for something outside that cannot tell by itself. */
public final class Waiting {

  private static final long LOOK_MILLIS = 20;

  private Waiting() {}

  /** Asked again and again. */
  public interface Question {
    boolean holds() throws IOException, InterruptedException;
  }

  /**
   * Until the answer is yes.
   *
   * @throws IOException where it is not within the time
   */
  public static void until(Duration patience, String what, Question question)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!question.holds()) {
      if (System.nanoTime() > end) {
        throw new IOException(
            "[" + what + "] did not come within [" + patience.toSeconds() + "] s");
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }
}
