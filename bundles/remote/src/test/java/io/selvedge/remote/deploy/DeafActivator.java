package io.selvedge.remote.deploy;

import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Goes into a bundle whose start hangs until a system property is set. */
public final class DeafActivator implements BundleActivator {

  static final String GO_ON = "selvedge.test.deaf.go.on";

  private static final long LOOK_NANOS = 1_000_000;

  @Override
  public void start(BundleContext context) {
    while (System.getProperty(GO_ON) == null) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  @Override
  public void stop(BundleContext context) {
    // Nothing is left of it.
  }
}
