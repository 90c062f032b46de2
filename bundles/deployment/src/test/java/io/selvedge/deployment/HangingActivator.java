package io.selvedge.deployment;

import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Goes into a bundle whose start does not end. */
public final class HangingActivator implements BundleActivator {

  @Override
  public void start(BundleContext context) throws InterruptedException {
    new CountDownLatch(1).await();
  }

  @Override
  public void stop(BundleContext context) {
    // It never started.
  }
}
