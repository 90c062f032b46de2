package io.selvedge.core;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** What a driver throws for a setting that is wrong, with what it must be. */
  private static final String REFUSED = IllegalArgumentException.class.getName() + ": ";

  private static final Pattern NOT_A_NUMBER =
      Pattern.compile("NumberFormatException: (?:For input string: \"(.*)\"|empty String|null)");

  /** Where a setting is read from the configuration, in a printed stack. */
  private static final Pattern SETTING = Pattern.compile("\\$Proxy\\d+\\.(\\w+)\\(");

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

  /**
   * The driver's own words in a printed stack; where it has none, those of the innermost cause:
   * what parsed a value knows neither the setting's name nor the remedy.
   */
  static String message(String stack) {
    Matcher number = NOT_A_NUMBER.matcher(stack);
    Matcher setting = SETTING.matcher(stack);
    if (number.find() && setting.find(number.start())) {
      return setting.group(1).replace('_', '.')
          + " ["
          + Objects.requireNonNullElse(number.group(1), "")
          + "] must be a number; correct it, or leave it out for the default";
    }
    List<String> causes =
        stack
            .lines()
            .filter(line -> line.startsWith(CAUSE))
            .map(line -> line.substring(CAUSE.length()))
            .toList();
    String reason =
        causes.stream()
            .filter(cause -> cause.startsWith(REFUSED))
            .findFirst()
            .or(() -> causes.stream().reduce((first, last) -> last))
            .or(() -> stack.lines().findFirst())
            .orElse("");
    int colon = reason.indexOf(": ");
    return colon < 0 ? reason : reason.substring(colon + 2);
  }
}
