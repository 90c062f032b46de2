package io.selvedge.deployment;

import java.util.Collection;
import java.util.function.UnaryOperator;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Bundles of which the framework resolves one version at a time ({@code singleton:=true}). While
 * one is replaced both are resolved, so that the old one can be started again as it was; only one
 * of them runs.
 */
final class Singletons implements ResolverHook {

  private final UnaryOperator<String> artifact;

  private Singletons(UnaryOperator<String> artifact) {
    this.artifact = artifact;
  }

  static boolean isOne(Bundle bundle) {
    return bundle
        .adapt(BundleRevision.class)
        .getDeclaredCapabilities(BundleRevision.BUNDLE_NAMESPACE)
        .stream()
        .anyMatch(one -> "true".equals(one.getDirectives().get(Constants.SINGLETON_DIRECTIVE)));
  }

  /**
   * Lets versions of one artifact resolve beside each other until the registration is given back.
   *
   * @param artifact of which one a location is; empty where of none
   */
  static ServiceRegistration<ResolverHookFactory> replace(
      BundleContext context, UnaryOperator<String> artifact) {
    return context.registerService(
        ResolverHookFactory.class, triggers -> new Singletons(artifact), null);
  }

  @Override
  public void filterSingletonCollisions(
      BundleCapability singleton, Collection<BundleCapability> candidates) {
    String own = artifact(singleton);
    candidates.removeIf(one -> !own.isEmpty() && own.equals(artifact(one)));
  }

  private String artifact(BundleCapability capability) {
    return artifact.apply(capability.getRevision().getBundle().getLocation());
  }

  @Override
  public void filterResolvable(Collection<BundleRevision> candidates) {}

  @Override
  public void filterMatches(
      BundleRequirement requirement, Collection<BundleCapability> candidates) {}

  @Override
  public void end() {}
}
