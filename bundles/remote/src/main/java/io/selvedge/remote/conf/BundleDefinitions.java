package io.selvedge.remote.conf;

import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/** Those that the bundles of the framework carry. */
final class BundleDefinitions implements Definitions {

  private final BundleContext context;
  private final MetaTypeService types;

  BundleDefinitions(BundleContext context, MetaTypeService types) {
    this.context = context;
    this.types = types;
  }

  @Override
  public Optional<ObjectClassDefinition> find(String pid) {
    String declared = pid.replaceFirst("~.*", "");
    boolean several = !declared.equals(pid);
    for (Bundle bundle : context.getBundles()) {
      MetaTypeInformation info = types.getMetaTypeInformation(bundle);
      if (info != null
          && Arrays.asList(several ? info.getFactoryPids() : info.getPids()).contains(declared)) {
        return Optional.of(info.getObjectClassDefinition(declared, null));
      }
    }
    return Optional.empty();
  }

  @Override
  public Set<String> singles() {
    Set<String> pids = new TreeSet<>();
    for (Bundle bundle : context.getBundles()) {
      MetaTypeInformation info = types.getMetaTypeInformation(bundle);
      if (info != null) {
        Collections.addAll(pids, info.getPids());
      }
    }
    return pids;
  }
}
