package io.selvedge.core;

import java.util.Objects;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Why a declared component could not be made. The framework answers null for it and the reason goes
 * to the log alone; an operator looks at the device first.
 */
final class ComponentFailure {

  private static final String CAUSE = "Caused by: ";

  private ComponentFailure() {}

  /** What the component's constructor threw; empty where the service is no component. */
  static Optional<String> of(BundleContext context, ServiceReference<?> reference) {
    Bundle bundle = reference.getBundle();
    ServiceReference<ServiceComponentRuntime> runtime =
        context.getServiceReference(ServiceComponentRuntime.class);
    if (bundle == null || runtime == null) {
      return Optional.empty();
    }
    ServiceComponentRuntime components = context.getService(runtime);
    if (components == null) {
      return Optional.empty();
    }
    Object id = reference.getProperty("component.id");
    try {
      return components.getComponentDescriptionDTOs(bundle).stream()
          .flatMap(component -> components.getComponentConfigurationDTOs(component).stream())
          .filter(configured -> Objects.equals(configured.id, id) && configured.failure != null)
          .map(configured -> message(configured.failure))
          .findFirst();
    } finally {
      context.ungetService(runtime);
    }
  }

  /** The message of the innermost cause of a printed stack. */
  static String message(String stack) {
    String innermost =
        stack
            .lines()
            .filter(line -> line.startsWith(CAUSE))
            .reduce((first, last) -> last)
            .map(line -> line.substring(CAUSE.length()))
            .orElse(stack.lines().findFirst().orElse(""));
    int colon = innermost.indexOf(": ");
    return colon < 0 ? innermost : innermost.substring(colon + 2);
  }
}
