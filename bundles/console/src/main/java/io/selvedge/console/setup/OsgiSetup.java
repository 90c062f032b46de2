package io.selvedge.console.setup;

import io.selvedge.api.bus.Buses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.MetaTypeService;

/**
 * By the services of the framework: Config Admin, which has the devices, and Metatype, which has
 * the drivers' forms. The bundle io.selvedge.configuration writes what changes into {@code conf/}.
 */
@Component(service = Setup.class)
public final class OsgiSetup implements Setup {

  private final BundleContext context;
  private final ConfigurationAdmin admin;
  private final MetaTypeService types;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Buses buses;

  @Activate
  public OsgiSetup(
      BundleContext context,
      @Reference(name = "admin") ConfigurationAdmin admin,
      @Reference(name = "types") MetaTypeService types) {
    this.context = context;
    this.admin = admin;
    this.types = types;
  }

  @Override
  public List<Form> forms() {
    List<Form> forms = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      if ((bundle.getState() & (Bundle.ACTIVE | Bundle.STARTING)) != 0) {
        forms.addAll(MetatypeForms.of(types.getMetaTypeInformation(bundle)));
      }
    }
    forms.sort(Comparator.comparing(Form::name, String.CASE_INSENSITIVE_ORDER));
    return forms;
  }

  @Override
  public List<Configured> configured() {
    List<Configured> all = new ArrayList<>();
    try {
      Configuration[] found = admin.listConfigurations("(" + Form.DEVICE_ID + "=*)");
      for (Configuration one : found == null ? new Configuration[0] : found) {
        configured(one).ifPresent(all::add);
      }
    } catch (IOException | InvalidSyntaxException e) {
      throw new IllegalStateException("configurations cannot be listed: " + e.getMessage(), e);
    }
    all.sort(Comparator.comparing(Configured::name));
    return all;
  }

  /** Empty: it belongs to no form, or was removed since it was listed. */
  static Optional<Configured> configured(Configuration one) {
    try {
      String factory = one.getFactoryPid();
      if (factory == null || !one.getPid().startsWith(factory + "~")) {
        return Optional.empty();
      }
      Map<String, Object> values = new TreeMap<>(FrameworkUtil.asMap(one.getProperties()));
      values.keySet().removeIf(key -> key.startsWith("service.") || key.startsWith("felix."));
      String name = one.getPid().substring(factory.length() + 1);
      return Optional.of(new Configured(factory, name, values));
    } catch (IllegalStateException e) {
      return Optional.empty(); // somebody else removed it just now
    }
  }

  @Override
  public void save(String pid, String name, Map<String, Object> values) throws IOException {
    Configuration configuration = admin.getFactoryConfiguration(pid, name, "?");
    Map<String, Object> now = new TreeMap<>(values);
    if (configuration.getProperties() != null) {
      // what ties it to its file, and what no form knows
      FrameworkUtil.asMap(configuration.getProperties()).entrySet().stream()
          .filter(entry -> entry.getKey().startsWith("felix."))
          .forEach(entry -> now.put(entry.getKey(), entry.getValue()));
    }
    configuration.update(FrameworkUtil.asDictionary(now));
  }

  @Override
  public void remove(String pid, String name) throws IOException {
    admin.getFactoryConfiguration(pid, name, "?").delete();
  }

  @Override
  public Optional<Buses> buses() {
    return Optional.ofNullable(buses);
  }
}
