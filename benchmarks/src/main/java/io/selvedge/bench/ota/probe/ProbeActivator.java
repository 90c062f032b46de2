package io.selvedge.bench.ota.probe;

import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.Deployments;
import io.selvedge.api.flow.Flows;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.Models;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.api.uplink.UplinkListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/**
 * Says on the standard output what the gateway runs, whenever that changes: {@code RUNS revision
 * state model flow bundles}, each a number or {@code -}. It asks the parts themselves: the model is
 * run, and its weight is its number. When the file {@code go} is in the hub's directory it lets the
 * gateway hear that it is connected.
 */
public final class ProbeActivator implements BundleActivator {

  /** Framework or system property: the hub's directory. */
  public static final String HUB = "selvedge.bench.hub";

  /** Service property of a deployed bundle: its number. */
  public static final String NUMBER = "selvedge.bench.number";

  private static final long PAUSE_MILLIS = 5;

  private volatile boolean open = true;

  @Override
  public void start(BundleContext context) {
    Path hub = Path.of(context.getProperty(HUB));
    ServiceRegistration<Uplink> unused =
        context.registerService(
            Uplink.class,
            new DirectoryUplink(hub),
            FrameworkUtil.asDictionary(Map.of(Uplink.NAME, Uplink.HUB)));
    Thread thread = new Thread(() -> run(context, hub), "bench-probe");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(BundleContext context, Path hub) {
    String last = "";
    boolean connected = false;
    while (open) {
      try {
        String now = runs(context);
        if (!now.equals(last)) {
          System.out.println(now);
          System.out.flush();
          last = now;
        }
        if (!connected && Files.exists(hub.resolve("go"))) {
          connected = connect(context);
        }
        Thread.sleep(PAUSE_MILLIS);
      } catch (IllegalStateException e) {
        return; // the framework stops
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /**
   * Tells all listeners; false where the deployments are not there yet, for theirs comes with them
   * and would never hear of it.
   */
  static boolean connect(BundleContext context) {
    if (find(context, Deployments.class).isEmpty()) {
      return false;
    }
    try {
      Collection<ServiceReference<UplinkListener>> listeners =
          context.getServiceReferences(UplinkListener.class, null);
      listeners.forEach(one -> context.getService(one).connected());
      return true;
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // there is no filter
    }
  }

  private static String runs(BundleContext context) {
    Optional<DeploymentStatus> status = find(context, Deployments.class).map(Deployments::status);
    return String.join(
        " ",
        "RUNS",
        status.map(s -> Long.toString(s.revision())).orElse("-"),
        status.map(s -> s.state().name()).orElse("-"),
        find(context, Models.class).map(ProbeActivator::model).orElse("-"),
        find(context, Flows.class)
            .flatMap(flows -> flows.find("ota"))
            .map(flow -> flow.version())
            .orElse("-"),
        bundles(context));
  }

  private static String model(Models models) {
    try {
      return Integer.toString(Math.round(models.predict("ota", new float[][] {{1}}).rows()[0][0]));
    } catch (ModelException e) {
      return "-";
    }
  }

  private static String bundles(BundleContext context) {
    TreeSet<String> numbers = new TreeSet<>();
    try {
      Collection<ServiceReference<Runnable>> all =
          context.getServiceReferences(Runnable.class, '(' + NUMBER + "=*)");
      all.forEach(one -> numbers.add(String.valueOf(one.getProperty(NUMBER))));
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // the filter is a constant
    }
    return numbers.isEmpty() ? "-" : String.join("+", numbers);
  }

  private static <T> Optional<T> find(BundleContext context, Class<T> service) {
    return Optional.ofNullable(context.getServiceReference(service)).map(context::getService);
  }

  @Override
  public void stop(BundleContext context) {
    open = false;
  }
}
