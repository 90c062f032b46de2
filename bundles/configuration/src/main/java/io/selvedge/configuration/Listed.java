package io.selvedge.configuration;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * A configuration as it was when Config Admin was asked for it. Others delete configurations at any
 * moment, and one that is deleted throws whatever it is asked: it counts as not listed.
 *
 * @param properties all of them, those of Config Admin too
 */
record Listed(
    String pid,
    Optional<String> factoryPid,
    Map<String, Object> properties,
    Configuration configuration) {

  /** Those that match, and were not deleted meanwhile. */
  static List<Listed> all(ConfigurationAdmin admin, @Nullable String filter) throws IOException {
    List<Listed> all = new ArrayList<>();
    try {
      Configuration[] found = admin.listConfigurations(filter);
      for (Configuration one : found == null ? new Configuration[0] : found) {
        of(one).ifPresent(all::add);
      }
    } catch (InvalidSyntaxException e) {
      throw new IOException("filter [" + filter + "]", e);
    }
    return all;
  }

  private static Optional<Listed> of(Configuration one) {
    try {
      Dictionary<String, Object> properties = one.getProperties();
      Optional<String> factory = Optional.ofNullable(one.getFactoryPid());
      return Optional.ofNullable(properties)
          .map(now -> new TreeMap<>(FrameworkUtil.asMap(now)))
          .map(now -> new Listed(one.getPid(), factory, now, one));
    } catch (IllegalStateException e) {
      return Optional.empty(); // somebody deleted it just now
    }
  }

  /** The file that it was read from, or is kept in. */
  Optional<String> file() {
    return Optional.ofNullable(properties.get(ConfigurationFiles.FILE))
        .filter(String.class::isInstance)
        .map(String.class::cast);
  }

  /** Sets its properties; nothing happens where it is deleted. */
  void update(Map<String, Object> values) throws IOException {
    try {
      configuration.update(FrameworkUtil.asDictionary(values));
    } catch (IllegalStateException e) {
      return; // as its listeners are told next
    }
  }
}
