package io.selvedge.console.bundles;

import java.util.concurrent.Semaphore;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Goes into a bundle that stops when a semaphore, a service, lets it. */
public final class SlowToStop implements BundleActivator {

  /** A method that a thread which stops it is in. */
  static final String STOPS = "acquire";

  @Override
  public void start(BundleContext context) {
    // It is there.
  }

  @Override
  public void stop(BundleContext context) throws InterruptedException {
    context.getService(context.getServiceReference(Semaphore.class)).acquire();
  }
}
