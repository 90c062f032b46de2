package io.selvedge.deployment;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Hides from bundles that are checked what will not be there after the switch: bundles of
 * deployments that go, and those that stay but use them, since the framework wires these anew as
 * soon as they have gone. Copies of the latter are checked in their place.
 *
 * @param hidden what is stopped and uninstalled by the switch, and those of deployments that use it
 */
record Leaving(Set<Bundle> hidden) {

  Leaving {
    hidden = Set.copyOf(hidden);
  }

  /**
   * Looks what goes.
   *
   * @param deployed whether a bundle is a deployment's
   * @param stays whether one of these is to be live as it is
   */
  static Leaving of(
      BundleContext context,
      FrameworkWiring wiring,
      Predicate<Bundle> deployed,
      Predicate<Bundle> stays) {
    Set<Bundle> going =
        Arrays.stream(context.getBundles())
            .filter(deployed.and(stays.negate()))
            .collect(Collectors.toSet());
    Set<Bundle> hidden = new HashSet<>(going);
    if (!going.isEmpty()) {
      wiring.getDependencyClosure(going).stream().filter(deployed).forEach(hidden::add);
    }
    return new Leaving(hidden);
  }

  /**
   * Hides it until the registration is given back.
   *
   * @param checked from which bundles; all others see what is there
   */
  ServiceRegistration<ResolverHookFactory> hide(BundleContext context, Predicate<Bundle> checked) {
    return context.registerService(
        ResolverHookFactory.class,
        triggers ->
            triggers.stream().map(BundleRevision::getBundle).allMatch(checked) ? new Hook() : null,
        null);
  }

  private boolean isHidden(BundleCapability capability) {
    return hidden.contains(capability.getRevision().getBundle());
  }

  private final class Hook implements ResolverHook {

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
      candidates.removeIf(one -> hidden.contains(one.getBundle()));
    }

    /** A copy may resolve beside what it is a copy of, a next version beside the one that goes. */
    @Override
    public void filterSingletonCollisions(
        BundleCapability singleton, Collection<BundleCapability> candidates) {
      candidates.removeIf(one -> isHidden(singleton) || isHidden(one));
    }

    @Override
    public void filterMatches(
        BundleRequirement requirement, Collection<BundleCapability> candidates) {
      candidates.removeIf(Leaving.this::isHidden);
    }

    @Override
    public void end() {}
  }
}
