package io.selvedge.outbox;

/** Lets other threads work for a moment. */
final class TestPause {

  private TestPause() {}

  static void millis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
