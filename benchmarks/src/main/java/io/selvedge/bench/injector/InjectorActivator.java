package io.selvedge.bench.injector;

import io.selvedge.api.uplink.Uplink;
import java.io.IOException;
import java.util.Collection;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** The injector as a bundle that is dropped into a gateway. Its port is a framework property. */
public final class InjectorActivator implements BundleActivator {

  /** Name of that property. */
  public static final String PORT = "selvedge.bench.port";

  private static final long PAUSE_MILLIS = 10;

  private volatile boolean open = true;

  @Override
  public void start(BundleContext context) {
    int port = Integer.parseInt(context.getProperty(PORT));
    Thread thread = new Thread(() -> run(context, port), "bench-injector");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(BundleContext context, int port) {
    while (open) {
      try {
        Collection<ServiceReference<Uplink>> uplinks =
            context.getServiceReferences(Uplink.class, '(' + Uplink.NAME + '=' + Uplink.HUB + ')');
        if (uplinks.isEmpty()) {
          Thread.sleep(PAUSE_MILLIS);
        } else {
          new Injector(port, context.getService(uplinks.iterator().next())).run();
        }
      } catch (IOException e) {
        // the other side is not there (any more): asked again until the bundle stops
      } catch (InvalidSyntaxException e) {
        throw new IllegalStateException(e); // the filter is a constant
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public void stop(BundleContext context) {
    open = false;
  }
}
