package io.selvedge.remote.deploy;

/** Waits, so that tests need not. */
@FunctionalInterface
interface Pause {

  void millis(long millis) throws InterruptedException;
}
