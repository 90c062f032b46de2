package io.selvedge.remote.conf;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.ObjectClassDefinition;

/** What bundles say of their configuration. */
interface Definitions {

  /** Of a PID, or of the factory of {@code factory~name}; empty where no bundle declares it. */
  Optional<ObjectClassDefinition> find(String pid);

  /** PIDs of which there is one configuration each. */
  Set<String> singles();

  static List<AttributeDefinition> attributes(ObjectClassDefinition type) {
    AttributeDefinition[] all = type.getAttributeDefinitions(ObjectClassDefinition.ALL);
    return all == null ? List.of() : List.of(all);
  }

  static Optional<AttributeDefinition> attribute(Optional<ObjectClassDefinition> type, String key) {
    return type.stream()
        .flatMap(one -> attributes(one).stream())
        .filter(one -> one.getID().equals(key))
        .findFirst();
  }
}
