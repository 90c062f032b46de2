package io.selvedge.deployment;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * For kill tests: where the system property {@value #PROPERTY} is n, the process says so on its
 * standard output before its n-th change to the disk and goes no further; whoever set it ends the
 * process there. Where it is not set, passing costs one comparison.
 */
final class FaultPoint {

  static final String PROPERTY = "selvedge.deployment.halt.before.change";

  private static final int AT = Integer.getInteger(PROPERTY, 0);
  private static final AtomicInteger PASSED = new AtomicInteger();

  private FaultPoint() {}

  static void pass(String change) {
    if (AT > 0 && PASSED.incrementAndGet() == AT) {
      System.out.println("HALT " + AT + " before " + change);
      System.out.flush();
      while (true) {
        LockSupport.park();
      }
    }
  }
}
