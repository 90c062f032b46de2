package io.selvedge.remote;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** The bundles of the framework; those that a gateway is not one without are left alone. */
public final class Bundles {

  private final BundleContext context;

  public Bundles(BundleContext context) {
    this.context = context;
  }

  /** By id. */
  public List<Bundle> list() {
    return Arrays.stream(context.getBundles())
        .sorted(Comparator.comparingLong(Bundle::getBundleId))
        .toList();
  }

  public Optional<Bundle> find(long id) {
    return Optional.ofNullable(context.getBundle(id));
  }

  /** The state's name, as the framework has it. */
  public static String state(Bundle bundle) {
    return switch (bundle.getState()) {
      case Bundle.UNINSTALLED -> "UNINSTALLED";
      case Bundle.INSTALLED -> "INSTALLED";
      case Bundle.RESOLVED -> "RESOLVED";
      case Bundle.STARTING -> "STARTING";
      case Bundle.STOPPING -> "STOPPING";
      case Bundle.ACTIVE -> "ACTIVE";
      default -> "UNKNOWN";
    };
  }

  /**
   * Starts or stops one. Those of deployments and packages are started until the gateway ends: at
   * the next start nothing of them runs before it has been verified again.
   *
   * @throws IllegalArgumentException it is one of the gateway's own
   * @throws BundleException it did not
   */
  public static void set(Bundle bundle, boolean started) throws BundleException {
    if (started) {
      boolean verified = bundle.getLocation().matches("selvedge(-package)?:.*");
      bundle.start(Bundle.START_ACTIVATION_POLICY | (verified ? Bundle.START_TRANSIENT : 0));
      return;
    }
    if (isOwn(bundle)) {
      throw new IllegalArgumentException(
          "bundle ["
              + bundle.getSymbolicName()
              + "] belongs to the gateway itself; without it nobody might reach the gateway any more."
              + " It stays; stop the gateway where it stands");
    }
    bundle.stop();
  }

  /** Whether it came with the programs. */
  public static boolean isOwn(Bundle bundle) {
    return bundle.getBundleId() == 0 || bundle.getLocation().startsWith("reference:");
  }
}
