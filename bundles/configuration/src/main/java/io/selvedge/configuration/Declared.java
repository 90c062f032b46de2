package io.selvedge.configuration;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/** What bundles declare of their configuration: which values are passwords. */
final class Declared {

  private final BundleContext context;
  private final MetaTypeService types;
  private final Map<String, Set<String>> passwords = new HashMap<>();
  private long asOf = -1;

  Declared(BundleContext context, MetaTypeService types) {
    this.context = context;
    this.types = types;
  }

  /** Whether a key of a PID, of several the factory's, is declared as a password. */
  synchronized boolean isPassword(String pid, String key) {
    // Bundles that come or go change what is declared.
    long now =
        Arrays.stream(context.getBundles())
            .mapToLong(bundle -> bundle.getBundleId() * 31 + bundle.getLastModified())
            .sum();
    if (now != asOf) {
      passwords.clear();
      for (Bundle bundle : context.getBundles()) {
        read(bundle);
      }
      asOf = now;
    }
    String factory = pid.replaceFirst("~.*", "");
    return passwords.getOrDefault(factory, Set.of()).contains(key);
  }

  private void read(Bundle bundle) {
    MetaTypeInformation info = types.getMetaTypeInformation(bundle);
    if (info == null) {
      return;
    }
    Set<String> pids = new HashSet<>();
    Collections.addAll(pids, info.getPids());
    Collections.addAll(pids, info.getFactoryPids());
    for (String pid : pids) {
      ObjectClassDefinition type = info.getObjectClassDefinition(pid, null);
      AttributeDefinition[] all = type.getAttributeDefinitions(ObjectClassDefinition.ALL);
      for (AttributeDefinition one : all == null ? new AttributeDefinition[0] : all) {
        if (one.getType() == AttributeDefinition.PASSWORD) {
          passwords.computeIfAbsent(pid, key -> new HashSet<>()).add(one.getID());
        }
      }
    }
  }
}
