package io.selvedge.deployment;

import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Goes into a bundle whose start hangs until a system property is set, interrupted or not. */
public final class DeafActivator implements BundleActivator {

  static final String GO_ON = "selvedge.test.deaf.go.on";

  /** Set by one that is stopped: whether its thread was interrupted then. */
  static final String INTERRUPTED = "selvedge.test.deaf.interrupted";

  private static final long LOOK_NANOS = 1_000_000;

  @Override
  public void start(BundleContext context) {
    while (System.getProperty(GO_ON) == null) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  @Override
  public void stop(BundleContext context) {
    System.setProperty(INTERRUPTED, String.valueOf(Thread.currentThread().isInterrupted()));
  }
}
