package io.selvedge.bench;

import java.io.IOException;
import java.time.Duration;

/** Waits for something outside that cannot tell by itself. */
public final class Waiting {

  private static final long LOOK_MILLIS = 10;

  private Waiting() {}

  /** Asked again and again. */
  public interface Question {
    boolean holds() throws IOException, InterruptedException;
  }

  /** False where the answer is not yes within the time. */
  public static boolean patiently(Duration patience, Question question)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!question.holds()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return true;
  }

  /**
   * Until the answer is yes.
   *
   * @throws IOException where it is not within the time
   */
  public static void until(Duration patience, String what, Question question)
      throws IOException, InterruptedException {
    if (!patiently(patience, question)) {
      throw new IOException("[" + what + "] did not come within [" + patience.toSeconds() + "] s");
    }
  }
}
