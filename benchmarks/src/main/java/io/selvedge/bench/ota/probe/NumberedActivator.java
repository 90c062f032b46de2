package io.selvedge.bench.ota.probe;

import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** What a deployed bundle of the kill test does: it is there, with its number. */
public final class NumberedActivator implements BundleActivator {

  /** Header of the bundle. */
  public static final String HEADER = "X-Number";

  @Override
  public void start(BundleContext context) {
    String number = String.valueOf(context.getBundle().getHeaders("").get(HEADER));
    ServiceRegistration<Runnable> unused =
        context.registerService(
            Runnable.class,
            () -> {},
            FrameworkUtil.asDictionary(Map.of(ProbeActivator.NUMBER, number)));
  }

  @Override
  public void stop(BundleContext context) {
    // The framework withdraws the service.
  }
}
